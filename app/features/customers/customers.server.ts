import type { Customer } from '#proto/admin/v1/admin.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { segmentChoices } from './segment-choices.server.ts';
import type { SegmentChoice } from './segments.tsx';
import { PAGE_SIZE, parseCustomersQuery, type CustomersQuery } from './customers.schema.ts';

export interface CustomersData {
  readonly asked: CustomersQuery;
  readonly customers: readonly Customer[];
  readonly nextCursor: string;
  /** Of the whole list, or -1 when it is not known. */
  readonly total: number;
  /** The shop's segments, those that count first. */
  readonly segments: readonly SegmentChoice[];
  /** The VIP tiers to choose from, lowest first. */
  readonly tiers: readonly TierChoice[];
}

export interface TierChoice {
  readonly tierId: string;
  readonly names: Readonly<Record<string, string>>;
}

export async function loadCustomers(merchant: MerchantRequest): Promise<CustomersData> {
  const { core, url } = merchant;
  const asked = parseCustomersQuery(url.searchParams);
  const [segments, { published }] = await Promise.all([
    segmentChoices(merchant),
    core.points.getVipTiers({}),
  ]);
  const tiers = (published?.tiers ?? []).map(({ tierId, names }) => ({ tierId, names }));
  // What the shop no longer has is nothing to ask for.
  const segment = segments.some(({ segmentId }) => segmentId === asked.segment)
    ? asked.segment
    : '';
  const tier = tiers.some(({ tierId }) => tierId === asked.tier) ? asked.tier : '';
  const { customers, page } = await core.admin.getCustomers({
    query: asked.query,
    sort: asked.sort,
    segmentId: segment,
    vipTierId: tier,
    excluded: asked.participation === 'excluded',
    page: { pageSize: PAGE_SIZE, cursor: asked.cursor },
  });
  // Whether there was a search, not its text, which is usually a name or an address.
  analytics().capture({
    merchantId: merchant.merchantId,
    name: 'user_list_viewed',
    properties: {
      searched: asked.query !== '',
      by_segment: segment !== '',
      by_tier: tier !== '',
      by_participation: asked.participation !== '',
      sort: asked.sort,
      first_page: asked.cursor === '',
      shown: customers.length,
    },
  });
  return {
    asked: { ...asked, segment, tier },
    customers,
    nextCursor: page?.nextCursor ?? '',
    total: page?.total ?? -1,
    segments,
    tiers,
  };
}
