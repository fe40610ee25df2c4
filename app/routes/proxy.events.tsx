import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { takeEvents } from '../features/storefront/events.server.ts';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerStorefront(request, takeEvents);
export const loader = ({ request }: LoaderFunctionArgs) => answerStorefront(request, takeEvents);
