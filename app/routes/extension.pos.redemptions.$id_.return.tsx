import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerTill } from '../features/storefront/extension-request.server.ts';
import { returnAnyRedemption, showAnyRedemption } from '../features/storefront/redeem.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  answerTill(request, (till) => returnAnyRedemption(till, params['id']));
/** How far it is; preflights come here, too. */
export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerTill(request, (till) => showAnyRedemption(till, params['id']));
