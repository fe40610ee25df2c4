import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerPos } from '../features/storefront/extension-request.server.ts';
import { redeemAtPos } from '../features/storefront/pos.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerPos(request, redeemAtPos);
/** Preflights come here. */
export const loader = ({ request }: LoaderFunctionArgs) => answerPos(request, redeemAtPos);
