import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerTill } from '../features/storefront/extension-request.server.ts';
import { showAnyRedemption } from '../features/storefront/redeem.server.ts';

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerTill(request, (till) => showAnyRedemption(till, params['id']));
