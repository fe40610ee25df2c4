import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { takeClaim } from '../features/storefront/claim.server.ts';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerStorefront(request, takeClaim);
export const loader = ({ request }: LoaderFunctionArgs) => answerStorefront(request, takeClaim);
