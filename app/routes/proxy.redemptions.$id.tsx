import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';
import { showRedemption } from '../features/storefront/redeem.server.ts';

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerStorefront(request, (signed) => showRedemption(signed, params['id']));
