import type { PoolClient } from 'pg';
import type { PreviewCampaignResponse } from '#proto/points/v1/campaigns.ts';
import {
  readFirstOrders,
  readReviewedMembers,
  readTierPositions,
} from './campaign-grants.store.ts';
import { previewCampaign } from './campaign-preview.rules.ts';
import {
  readMoneyRewards,
  readPastOrders,
  readSegmentChanges,
  readStacking,
  readTierChanges,
} from './campaign-preview.store.ts';
import type { CampaignPlan } from './campaign.rules.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { worthOfPoints } from '../program/point-value.rules.ts';
import { readProgram } from '../program/program.store.ts';

const PREVIEW_DAYS = 30;
/** What a preview looks at, so that it is answered while the merchant types. */
const MOST_ORDERS = 100_000;
const MOST_CHANGES = 20_000;

/** What a campaign would have cost in the last 30 days. */
export async function preview(
  client: PoolClient,
  merchantId: string,
  plan: CampaignPlan,
  now: Date,
): Promise<PreviewCampaignResponse> {
  const time = { from: new Date(now.getTime() - PREVIEW_DAYS * 86_400_000), to: now };
  const { program, currency } = await readProgram(client, merchantId);
  const orders = await readPastOrders(client, merchantId, time, program, MOST_ORDERS);
  const { trigger } = plan.conditions;
  const segmentChanges =
    trigger?.startsWith('segment_') || trigger === 'rfm_drop'
      ? await readSegmentChanges(client, merchantId, time, MOST_CHANGES)
      : [];
  const tierChanges = trigger?.startsWith('tier_')
    ? await readTierChanges(client, merchantId, time, MOST_CHANGES)
    : [];
  const changed = [...segmentChanges, ...tierChanges].map(({ customerId }) => customerId);
  const buyers = [...new Set(orders.map(({ customerId }) => customerId))];
  const { matchingOrders, members, points, discount } = previewCampaign(plan, {
    ...time,
    orders,
    firstOrders:
      trigger === 'first_order'
        ? await readFirstOrders(client, merchantId, buyers, program.awardOn === 'paid')
        : new Map(),
    segmentChanges,
    tierChanges,
    tierPositions: await readTierPositions(client, merchantId),
    changedMembers:
      changed.length > 0 ? await readReviewedMembers(client, merchantId, changed) : [],
    stacking: await readStacking(client, merchantId),
  });
  const cost =
    plan.type === 'discount'
      ? discount
      : worthOfPoints(points, await readMoneyRewards(client, merchantId, currency));
  return {
    from: time.from.toISOString(),
    to: time.to.toISOString(),
    orders: orders.length,
    matchingOrders,
    members,
    points: Number(points),
    cost: cost === undefined ? undefined : { amount: formatAmount(cost), currency },
    partial: orders.length === MOST_ORDERS,
  };
}
