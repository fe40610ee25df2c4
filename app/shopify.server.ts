export { addDocumentResponseHeaders, authenticate } from './shopify/shopify.server.ts';
