import { useLoaderData } from '@remix-run/react';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ReferralsPage } from '../features/referrals/referrals-page.tsx';
import { loadReferrals } from '../features/referrals/referrals.server.ts';

export const loader = merchantLoader(loadReferrals);

export default function ReferralsRoute() {
  return <ReferralsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
