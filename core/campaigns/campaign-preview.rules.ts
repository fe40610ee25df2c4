import {
  campaignApplies,
  type Campaign,
  type CampaignMember,
} from '../program/campaign-conditions.rules.ts';
import {
  planGrants,
  planTriggers,
  type CountedOrder,
  type SegmentChange,
  type TierChange,
} from './campaign-grants.rules.ts';
import { floorPoints } from '../shared/money.rules.ts';
import { ONE } from '../program/multipliers.rules.ts';
import type { Stacking } from '#vocabulary/earning.ts';

/** An order of last month as a preview sees it. */
export interface PastOrder extends CountedOrder, CampaignMember {
  /** Ten-thousandths: what the order earned by, or would by today's rules. */
  readonly rate: bigint;
  readonly multiplier: bigint;
  /** What both are divided by; absent: 1. */
  readonly per?: bigint;
  readonly multiplierOver?: bigint;
}

export interface Past {
  readonly from: Date;
  readonly to: Date;
  readonly orders: readonly PastOrder[];
  readonly firstOrders: ReadonlyMap<string, CountedOrder>;
  readonly segmentChanges: readonly SegmentChange[];
  readonly tierChanges: readonly TierChange[];
  readonly tierPositions: ReadonlyMap<string, number>;
  /** Of members who changed without buying anything. */
  readonly changedMembers: readonly (CampaignMember & { readonly customerId: string })[];
  readonly stacking: Stacking;
}

export interface Preview {
  readonly matchingOrders: number;
  readonly members: number;
  readonly points: bigint;
  /** Ten-thousandths of the shop's currency that discounts would have taken off. */
  readonly discount: bigint;
}

/** What a campaign would have given, had it run in that time: by the rules that would have given it. */
export function previewCampaign(draft: Omit<Campaign, 'campaignId'>, past: Past): Preview {
  const campaign: Campaign = {
    ...draft,
    campaignId: '',
    status: 'active',
    startsAt: past.from,
    endsAt: past.to,
  };
  if (campaign.type === 'double_points') return previewMultiplier(campaign, past);
  if (campaign.type === 'discount') return previewDiscount(campaign, past);
  const members = new Map(
    [...past.orders, ...past.changedMembers].map(({ customerId, segments, tierId }) => [
      customerId,
      { customerId, segments, tierId },
    ]),
  );
  const gifts = [
    ...planGrants({
      campaigns: [campaign],
      members: [...members.values()],
      orders: past.orders,
      firstOrders: past.firstOrders,
      grants: [],
      isProgramActive: true,
    }).give,
    ...planTriggers({
      campaigns: [campaign],
      members: [...members.values()],
      segmentChanges: past.segmentChanges,
      tierChanges: past.tierChanges,
      tierPositions: past.tierPositions,
      grants: [],
      isProgramActive: true,
      now: past.from,
    }),
  ];
  return {
    matchingOrders: gifts.reduce((sum, gift) => sum + gift.orders, 0),
    members: new Set(gifts.map(({ customerId }) => customerId)).size,
    points: BigInt(gifts.length) * BigInt(campaign.reward.points),
    discount: 0n,
  };
}

function previewMultiplier(campaign: Campaign, { orders, stacking }: Past): Preview {
  let points = 0n;
  let matchingOrders = 0;
  const members = new Set<string>();
  for (const order of orders) {
    if (!campaignApplies(campaign, { ...order, subtotal: order.net })) continue;
    const { multiplier: before, multiplierOver: over = 1n, per = 1n } = order;
    const own = campaign.multiplier * over;
    const most = before > own ? before : own;
    const pointsBy = (factor: bigint, divided: bigint) =>
      floorPoints(order.net, order.rate, factor, per * divided);
    matchingOrders += 1;
    members.add(order.customerId);
    const after =
      stacking === 'multiply'
        ? pointsBy(before * campaign.multiplier, over * ONE)
        : pointsBy(most, over);
    points += after - pointsBy(before, over);
  }
  return { matchingOrders, members: members.size, points, discount: 0n };
}

/** As if every customer had taken the code and used it on the first order that qualifies. */
function previewDiscount(campaign: Campaign, { orders }: Past): Preview {
  const first = new Map<string, PastOrder>();
  for (const order of orders) {
    if (!campaignApplies(campaign, { ...order, subtotal: order.net })) continue;
    const known = first.get(order.customerId);
    if (known === undefined || order.orderedAt < known.orderedAt)
      first.set(order.customerId, order);
  }
  const { discount } = campaign.reward;
  let total = 0n;
  for (const { net } of first.values()) {
    if (discount === undefined) continue;
    const off =
      discount.kind === 'percent_off' ? (net * discount.value) / 1_000_000n : discount.value;
    total += off < net ? off : net;
  }
  return { matchingOrders: first.size, members: first.size, points: 0n, discount: total };
}
