export { addDocumentResponseHeaders, authenticate } from './shopify/shopify.server.ts';
export { authenticateStaff } from './shopify/staff-request.server.ts';
