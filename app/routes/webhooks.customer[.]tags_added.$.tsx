import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { receiveWebhook } from '../features/webhooks/receive-webhook.server.ts';

/** The one kind of topic that Shopify writes with a dot and without a family. */
export const action = ({ request, params }: ActionFunctionArgs) =>
  receiveWebhook(request, `customer.tags_added${params['*'] ? '/' : ''}`);
export const loader = ({ request }: LoaderFunctionArgs) => receiveWebhook(request, undefined);
