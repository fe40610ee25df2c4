import { z } from 'zod';
import type { Campaign } from '#proto/points/v1/campaigns.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { CAMPAIGN_STATUSES } from '#vocabulary/campaigns.ts';

const PAGE_SIZE = 50;

/** Invalid values in the URL count as absent. */
const query = z.object({
  status: z.enum(['', ...CAMPAIGN_STATUSES]).catch(''),
  cursor: z.string().max(500).catch(''),
});

export interface CampaignsData {
  readonly status: string;
  readonly campaigns: readonly Campaign[];
  readonly nextCursor: string;
}

export async function loadCampaigns({ core, url }: MerchantRequest): Promise<CampaignsData> {
  const { status, cursor } = query.parse({
    status: url.searchParams.get('status') ?? '',
    cursor: url.searchParams.get('cursor') ?? '',
  });
  const { campaigns, page } = await core.points.listCampaigns({
    status,
    page: { pageSize: PAGE_SIZE, cursor },
  });
  return { status, campaigns, nextCursor: page?.nextCursor ?? '' };
}
