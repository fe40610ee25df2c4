import {
  CLOSED_AFTER_DAYS,
  giftKey,
  GRANT_REASONS,
  isByOrders,
  planGrants,
  planTriggers,
  type CountedOrder,
  type Gift,
  type Grant,
} from '#core/campaigns/campaign-grants.rules.ts';
import {
  campaignSubject,
  isPublished,
  type Campaign,
} from '#core/program/campaign-conditions.rules.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import { DAY } from './calendar.ts';
import { idOf } from './dice.ts';
import type { TierMove } from './review-tiers.ts';
import type { GrantState, Life, Member, OrderState } from './state.ts';
import { expiryAt } from './sums.ts';

/** As review-campaigns.ts in core: by its own rules of who is owed what, on what this year knows. */
export function reviewCampaigns(
  life: Life,
  member: Member,
  at: number,
  segmentChanges: readonly { customerId: string; from: readonly string[]; to: readonly string[] }[],
  tierChanges: readonly TierMove[],
): void {
  const campaigns = running(life, at);
  countMultiplied(life, member, campaigns, at);
  const giving = campaigns.filter(({ type }) => type === 'goal_spend' || type === 'lifecycle');
  if (giving.length === 0) return;
  const members = [
    { customerId: member.customerId, segments: member.segments ?? [], tierId: member.tierId },
  ];
  const orders = member.orders.filter(
    ({ row }) => row.cancelled_at === null && row.paid_at !== null,
  );
  const first = orders
    .filter(({ net }) => net > 0n)
    .sort((a, b) => a.orderedAt - b.orderedAt || a.shopifyId - b.shopifyId)[0];
  const plan = planGrants({
    campaigns: giving.filter(isByOrders),
    members,
    orders: orders.map(counted(member)),
    firstOrders: new Map(first === undefined ? [] : [[member.customerId, counted(member)(first)]]),
    grants: member.grants,
    isProgramActive: true,
  });
  const triggered =
    segmentChanges.length + tierChanges.length === 0
      ? []
      : planTriggers({
          campaigns: giving,
          members,
          segmentChanges,
          tierChanges,
          tierPositions: new Map(
            life.rules.tierSet.tiers.map(({ tier_id }, position) => [tier_id, position]),
          ),
          grants: member.grants,
          isProgramActive: true,
          now: new Date(at),
        });
  for (const gift of [...plan.give, ...triggered]) give(life, member, gift, at);
  for (const { campaign, grant } of plan.deduct) deduct(member, campaign, grant, at);
  for (const { grant, ...sums } of plan.recount) Object.assign(grant, sums);
}

/** Campaigns that have begun and are not closed yet, in the order of their ids. */
const running = ({ rules }: Life, at: number): Campaign[] =>
  rules.campaigns
    .map(({ campaign }) => campaign)
    .filter(
      (campaign) =>
        isPublished(campaign) &&
        (campaign.startsAt?.getTime() ?? -Infinity) <= at &&
        (campaign.endsAt?.getTime() ?? Infinity) > at - CLOSED_AFTER_DAYS * DAY,
    );

const counted =
  ({ customerId }: Member) =>
  (order: OrderState): CountedOrder => ({
    customerId,
    orderId: order.orderId,
    orderedAt: new Date(order.orderedAt),
    country: order.row.country,
    net: order.net,
  });

function give(life: Life, member: Member, gift: Gift, at: number): void {
  const { campaign } = gift;
  const entry = member.ledger.credit(
    {
      at,
      points: campaign.reward.points,
      key: giftKey(gift),
      type: 'campaign',
      source: 'campaign',
      reason: campaign.name,
      orderId: gift.orderId,
      currency: life.rules.currency,
      metadata: {
        reason_code: GRANT_REASONS[gift.kind],
        campaign_id: campaign.campaignId,
        subject: campaignSubject(campaign),
        ...(gift.kind === 'goal' && { base: formatAmount(gift.spend) }),
      },
    },
    expiryAt(life, at),
  );
  const grant: GrantState = {
    grantId: idOf(`${life.seed} grant ${giftKey(gift)}`),
    campaignId: campaign.campaignId,
    customerId: member.customerId,
    kind: gift.kind,
    orderId: gift.orderId,
    occurrence: gift.occurrence,
    points: campaign.reward.points,
    orders: gift.orders,
    spend: gift.spend,
    transactionId: entry.transaction_id,
    grantedAt: new Date(at),
    isTakenBack: false,
    takenBackAt: null,
  };
  member.grants.push(grant);
  member.changedAt = at;
}

function deduct(member: Member, campaign: Campaign, grant: Grant, at: number): void {
  member.ledger.debit(
    {
      at,
      points: grant.points,
      key: `campaign/${campaign.campaignId}/taken-back/${grant.grantId}`,
      type: 'reversal',
      source: 'campaign',
      reason: campaign.name,
      orderId: grant.orderId,
      metadata: {
        reason_code: 'campaign_taken_back',
        campaign_id: campaign.campaignId,
        subject: campaignSubject(campaign),
        award_points: grant.points,
      },
    },
    { firstOrder: grant.orderId },
  );
  Object.assign(grant, { isTakenBack: true, takenBackAt: at });
  member.changedAt = at;
}

/** What a campaign's multiplier added to each order, as countMultiplied() counts it from the award's line. */
function countMultiplied(
  life: Life,
  member: Member,
  campaigns: readonly Campaign[],
  at: number,
): void {
  const multiplying = campaigns.filter(({ type }) => type === 'double_points');
  if (multiplying.length === 0) return;
  for (const order of member.orders) {
    const award = member.ledger.entries.find(
      ({ idempotency_key }) => idempotency_key === `order/${order.orderId}/paid`,
    );
    const metadata = award?.metadata ?? {};
    const [campaignId] = (metadata['campaign_ids'] as string[] | undefined) ?? [];
    const source = metadata['multiplier_source'];
    const isCounted = typeof source === 'string' && source.split('+').includes('campaign');
    const campaign = multiplying.find((one) => one.campaignId === campaignId);
    if (award === undefined || campaign === undefined || !isCounted) continue;
    const points = order.recorded.reduce((sum, entry) => sum + entry.points, 0);
    const added = Number((BigInt(points) * (campaign.multiplier - 10_000n)) / campaign.multiplier);
    const now = {
      points: Math.max(0, added),
      spend: order.net > 0n ? order.net : 0n,
      takenBackAt: points > 0 ? null : at,
    };
    const known = life.multiplied.find(({ orderId }) => orderId === order.orderId);
    if (known === undefined)
      life.multiplied.push({
        campaignId: campaign.campaignId,
        customerId: member.customerId,
        orderId: order.orderId,
        grantedAt: award.created_at,
        ...now,
      });
    else
      Object.assign(known, {
        ...now,
        takenBackAt: now.takenBackAt === null ? null : (known.takenBackAt ?? now.takenBackAt),
      });
  }
}
