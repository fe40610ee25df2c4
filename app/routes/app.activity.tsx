import { useLoaderData } from '@remix-run/react';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ActivityPage } from '../features/activity/activity-page.tsx';
import { loadActivity } from '../features/activity/activity.server.ts';

export const loader = merchantLoader(loadActivity);

export default function ActivityRoute() {
  return <ActivityPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
