import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerPos } from '../features/storefront/extension-request.server.ts';
import { answerPosMember } from '../features/storefront/pos.server.ts';

export const loader = ({ request }: LoaderFunctionArgs) => answerPos(request, answerPosMember);
