import type { PoolClient } from 'pg';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import type { Ledger } from '../ledger/index.ts';
import { campaignSubject, type Campaign } from '../program/campaign-conditions.rules.ts';
import {
  giftKey,
  GRANT_REASONS,
  isByOrders,
  planGrants,
  planTriggers,
  type Gift,
  type GrantPlan,
  type SegmentChange,
  type TierChange,
} from './campaign-grants.rules.ts';
import {
  countMultiplied,
  insertGrants,
  markTakenBack,
  readCountedOrders,
  readFirstOrders,
  readGrants,
  readReviewedMembers,
  readRunningCampaigns,
  readTierPositions,
  recountGrants,
} from './campaign-grants.store.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { participantsOf } from '../members/participation.store.ts';
import { expiryOf, type Program } from '../program/program.rules.ts';
import { readProgram } from '../program/program.store.ts';

/** The part of a review of members that campaigns need. */
export interface CampaignReview {
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly customerIds: readonly string[];
  readonly now: Date;
  readonly ledger: Ledger;
  readonly segmentChanges: readonly SegmentChange[];
  readonly tierChanges: readonly TierChange[];
}

/**
 * Gives members what campaigns owe them beside the points of their orders, and deducts what no longer holds: goals,
 * bonuses, and grants for a change of segment or tier. For members whom the transaction has locked, all at once.
 */
export async function reviewCampaigns(review: CampaignReview): Promise<void> {
  const { client, merchantId, customerIds, now } = review;
  const campaigns = await readRunningCampaigns(client, merchantId, now);
  if (campaigns.length === 0) return;
  const multiplying = campaigns.filter(({ type }) => type === 'double_points');
  if (multiplying.length > 0) {
    const ids = multiplying.map(({ campaignId }) => campaignId);
    await countMultiplied(client, merchantId, customerIds, ids, earliestStart(multiplying));
  }
  const giving = campaigns.filter(({ type }) => type === 'goal_spend' || type === 'lifecycle');
  if (giving.length === 0) return;

  const { program, currency } = await readProgram(client, merchantId);
  const mustBePaid = program.awardOn === 'paid';
  const byOrders = giving.filter(isByOrders);
  const members = await readReviewedMembers(client, merchantId, customerIds);
  const ids = members.map(({ customerId }) => customerId);
  const grants = await readGrants(
    client,
    merchantId,
    ids,
    giving.map(({ campaignId }) => campaignId),
  );
  const plan = planGrants({
    campaigns: byOrders,
    members,
    orders:
      byOrders.length === 0
        ? []
        : await readCountedOrders(client, merchantId, ids, earliestStart(byOrders), mustBePaid),
    firstOrders: byOrders.some(({ type }) => type === 'lifecycle')
      ? await readFirstOrders(client, merchantId, ids, mustBePaid)
      : new Map(),
    grants,
    isProgramActive: program.isActive,
  });
  const hasChanges = review.segmentChanges.length + review.tierChanges.length > 0;
  const triggered = hasChanges
    ? planTriggers({
        campaigns: giving,
        members,
        segmentChanges: review.segmentChanges,
        tierChanges: review.tierChanges,
        tierPositions: await readTierPositions(client, merchantId),
        grants,
        isProgramActive: program.isActive,
        now,
      })
    : [];

  const due = [...plan.give, ...triggered];
  // Deductions go on for members who are excluded from the program; gifts do not.
  const participants = await participantsOf(
    client,
    merchantId,
    due.map(({ customerId }) => customerId),
  );
  const gifts = due.filter(({ customerId }) => participants.has(customerId));
  await giveAll(review, gifts, program, currency);
  await deductAll(review, plan.deduct, program);
  await recountGrants(client, merchantId, plan.recount);
}

/** Null: from ever. */
function earliestStart(campaigns: readonly Campaign[]): Date | null {
  const starts = campaigns.map(({ startsAt }) => startsAt?.getTime() ?? -Infinity);
  const earliest = Math.min(...starts);
  return Number.isFinite(earliest) ? new Date(earliest) : null;
}

async function giveAll(
  { client, merchantId, ledger, now }: CampaignReview,
  gifts: readonly Gift[],
  program: Program,
  currency: string,
): Promise<void> {
  if (gifts.length === 0) return;
  const expiresAt = expiryOf(program, now);
  const outcomes = await ledger.award(
    gifts.map((gift) => ({
      merchantId,
      customerId: gift.customerId,
      points: gift.campaign.reward.points,
      key: giftKey(gift),
      type: 'campaign' as const,
      source: 'campaign',
      reason: gift.campaign.name,
      orderId: gift.orderId,
      currency,
      expiresAt,
      metadata: {
        reason_code: GRANT_REASONS[gift.kind],
        campaign_id: gift.campaign.campaignId,
        subject: campaignSubject(gift.campaign),
        ...(gift.kind === 'goal' && { base: formatAmount(gift.spend) }),
      },
    })),
    client,
  );
  const given = gifts.flatMap((gift, nth) => {
    const outcome = outcomes[nth];
    return outcome?.status === 'awarded' || outcome?.status === 'duplicate'
      ? [{ gift, transactionId: outcome.transactionId }]
      : [];
  });
  await insertGrants(client, merchantId, given, now);

  const ofTriggers = Map.groupBy(
    given.map(({ gift }) => gift).filter(({ campaign }) => campaign.type === 'lifecycle'),
    ({ campaign }) => campaign,
  );
  await addOutboxEvents(
    client,
    merchantId,
    'campaign.triggered',
    [...ofTriggers].map(([campaign, theirs]) => ({
      campaign_id: campaign.campaignId,
      trigger: campaign.conditions.trigger ?? '',
      members: theirs.length,
      points: theirs.length * campaign.reward.points,
    })),
  );
}

async function deductAll(
  { client, merchantId, ledger, now }: CampaignReview,
  deduct: GrantPlan['deduct'],
  program: Program,
): Promise<void> {
  for (const { campaign, grant } of deduct) {
    const { customerId, points, orderId } = grant;
    // A debit of its own and no reversal: after a merge of customers the points are with the one who was kept.
    await ledger.debit(
      {
        merchantId,
        customerId,
        points,
        key: `campaign/${campaign.campaignId}/taken-back/${grant.grantId}`,
        type: 'reversal',
        source: 'campaign',
        reason: campaign.name,
        orderId,
        whenShort: program.refundPolicy,
        metadata: {
          reason_code: 'campaign_taken_back',
          campaign_id: campaign.campaignId,
          subject: campaignSubject(campaign),
          award_points: points,
        },
      },
      client,
    );
  }
  await markTakenBack(
    client,
    merchantId,
    deduct.map(({ grant }) => grant.grantId),
    now,
  );
}
