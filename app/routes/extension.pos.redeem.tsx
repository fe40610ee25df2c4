import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerTill } from '../features/storefront/extension-request.server.ts';
import { redeemAtTill } from '../features/storefront/till.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerTill(request, redeemAtTill);
/** Preflights come here. */
export const loader = ({ request }: LoaderFunctionArgs) => answerTill(request, redeemAtTill);
