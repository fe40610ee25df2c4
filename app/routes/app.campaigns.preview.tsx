import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { previewCampaign } from '../features/campaigns/campaign.server.ts';

export const loader = merchantLoader(previewCampaign);
