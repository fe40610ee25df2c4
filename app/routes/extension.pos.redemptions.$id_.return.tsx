import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerPos } from '../features/storefront/extension-request.server.ts';
import { returnAnyRedemption, showAnyRedemption } from '../features/storefront/redeem.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  answerPos(request, (pos) => returnAnyRedemption(pos, params['id']));
/** How far it is; preflights come here, too. */
export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerPos(request, (pos) => showAnyRedemption(pos, params['id']));
