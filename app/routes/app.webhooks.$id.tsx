import { useLoaderData, useLocation } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { EndpointPage } from '../features/event-endpoints/endpoint-page.tsx';
import { changeEndpoint, loadEndpoint } from '../features/event-endpoints/endpoints.server.ts';

export const loader = merchantLoader(loadEndpoint);
export const action = merchantAction(changeEndpoint);

export default function EndpointRoute() {
  const { pathname } = useLocation();
  // Another endpoint is another form.
  return <EndpointPage key={pathname} {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
