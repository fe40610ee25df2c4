import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { receiveWebhook } from '../features/webhooks/receive-webhook.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  receiveWebhook(request, `customers_email_marketing_consent/${params['*'] ?? ''}`);
export const loader = ({ request }: LoaderFunctionArgs) => receiveWebhook(request, undefined);
