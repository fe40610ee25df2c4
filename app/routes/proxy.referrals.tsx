import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { makeLink, showReferrals } from '../features/referral-links/referrals.server.ts';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerStorefront(request, makeLink);
export const loader = ({ request }: LoaderFunctionArgs) => answerStorefront(request, showReferrals);
