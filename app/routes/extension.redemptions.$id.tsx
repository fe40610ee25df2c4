import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerShopper } from '../features/storefront/extension-request.server.ts';
import { showRedemption } from '../features/storefront/redeem.server.ts';

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerShopper(request, (signed) => showRedemption(signed, params['id']));
