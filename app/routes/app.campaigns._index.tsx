import { useLoaderData } from '@remix-run/react';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { CampaignsPage } from '../features/campaigns/campaigns-page.tsx';
import { loadCampaigns } from '../features/campaigns/campaigns.server.ts';

export const loader = merchantLoader(loadCampaigns);

export default function CampaignsRoute() {
  return <CampaignsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
