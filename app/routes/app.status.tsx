import { useLoaderData } from '@remix-run/react';
import { merchantLoaderAnyway } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { StatusPage } from '../features/shop-health/status-page.tsx';
import { loadStatus, statusWhileDown } from '../features/shop-health/status.server.ts';

export const loader = merchantLoaderAnyway(loadStatus, statusWhileDown);

export default function StatusRoute() {
  return <StatusPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
