import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';
import { answerWidget } from '../features/storefront/widget.server.ts';

export const loader = ({ request }: LoaderFunctionArgs) => answerStorefront(request, answerWidget);
