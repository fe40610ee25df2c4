import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { receiveWebhook } from '../features/webhooks/receive-webhook.server.ts';

/** Every topic has its own address, /webhooks/<topic>, and all are taken alike. */
export const action = ({ request, params }: ActionFunctionArgs) =>
  receiveWebhook(request, params['*']);
export const loader = ({ request }: LoaderFunctionArgs) => receiveWebhook(request, undefined);
