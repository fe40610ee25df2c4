import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ExpiryPage } from '../features/expiry/expiry-page.tsx';
import { changeExpiry, loadExpiry } from '../features/expiry/expiry.server.ts';

export const loader = merchantLoader(loadExpiry);
export const action = merchantAction(changeExpiry);

export default function ExpiryRoute() {
  return <ExpiryPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
