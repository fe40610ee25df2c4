import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerShopper } from '../features/storefront/extension-request.server.ts';
import { answerWidget } from '../features/storefront/widget.server.ts';

export const loader = ({ request }: LoaderFunctionArgs) => answerShopper(request, answerWidget);
