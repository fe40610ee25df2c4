import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';
import { redeem } from '../features/storefront/redeem.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerStorefront(request, redeem);
export const loader = ({ request }: LoaderFunctionArgs) => answerStorefront(request, redeem);
