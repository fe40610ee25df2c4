import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { receiveWebhook } from '../features/webhooks/receive-webhook.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  receiveWebhook(request, `bulk_operations/${params['*'] ?? ''}`);
export const loader = ({ request }: LoaderFunctionArgs) => receiveWebhook(request, undefined);
