import { useLoaderData } from '@remix-run/react';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { EndpointsPage } from '../features/event-endpoints/endpoints-page.tsx';
import { loadEndpoints } from '../features/event-endpoints/endpoints.server.ts';

export const loader = merchantLoader(loadEndpoints);

export default function EndpointsRoute() {
  return <EndpointsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
