import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerShopper } from '../features/storefront/extension-request.server.ts';
import { returnRedemption, showRedemption } from '../features/storefront/redeem.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  answerShopper(request, (signed) => returnRedemption(signed, params['id']));
/** How far it is; preflights come here, too. */
export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerShopper(request, (signed) => showRedemption(signed, params['id']));
