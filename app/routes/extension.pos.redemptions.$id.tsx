import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerPos } from '../features/storefront/extension-request.server.ts';
import { showAnyRedemption } from '../features/storefront/redeem.server.ts';

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerPos(request, (pos) => showAnyRedemption(pos, params['id']));
