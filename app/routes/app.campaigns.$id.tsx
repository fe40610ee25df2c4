import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { PreviewBeside } from '../features/content/preview/preview-beside.tsx';
import { CampaignPage } from '../features/campaigns/campaign-page.tsx';
import { changeCampaign, loadCampaign } from '../features/campaigns/campaign.server.ts';

export const loader = merchantLoader(loadCampaign);
export const action = merchantAction(changeCampaign);

export default function CampaignRoute() {
  const data = useLoaderData<typeof loader>();
  // Each campaign, and each that is to be made, has a form of its own.
  const key = data.campaign?.campaignId ?? `copy of ${data.original?.campaignId ?? 'none'}`;
  return <CampaignPage key={key} {...data} Preview={PreviewBeside} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
