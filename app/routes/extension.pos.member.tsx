import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerTill } from '../features/storefront/extension-request.server.ts';
import { answerTillMember } from '../features/storefront/till.server.ts';

export const loader = ({ request }: LoaderFunctionArgs) => answerTill(request, answerTillMember);
