import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerCheckout } from '../features/storefront/checkout.server.ts';
import { answerShopper } from '../features/storefront/extension-request.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerShopper(request, answerCheckout);
/** Preflights come here. */
export const loader = ({ request }: LoaderFunctionArgs) => answerShopper(request, answerCheckout);
