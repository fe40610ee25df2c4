import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerShopper } from '../features/storefront/extension-request.server.ts';
import { redeem } from '../features/storefront/redeem.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerShopper(request, redeem);
/** Preflights come here. */
export const loader = ({ request }: LoaderFunctionArgs) => answerShopper(request, redeem);
