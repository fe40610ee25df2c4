import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';
import { returnRedemption, showRedemption } from '../features/storefront/redeem.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  answerStorefront(request, (signed) => returnRedemption(signed, params['id']));
/** How far it is. */
export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerStorefront(request, (signed) => showRedemption(signed, params['id']));
