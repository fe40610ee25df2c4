import {
  isDuring,
  isForMember,
  isForPurchase,
  isPublished,
  type Campaign,
  type CampaignMember,
} from '../program/campaign-conditions.rules.ts';
import type { CampaignTrigger, GrantKind } from '#vocabulary/campaigns.ts';
import type { ReasonCode } from '#vocabulary/ledger.ts';
import type { Segment } from '#vocabulary/segments.ts';

/**
 * What campaigns owe members beside the points of an order, given all that is known. As with an order's points, facts
 * arrive late, twice and in any order: each time, what was given is compared with what holds now.
 */

/** A year after its end a campaign is closed: nothing is given for it any more, and nothing deducted. */
export const CLOSED_AFTER_DAYS = 366;

/** What an entry says that a grant was given for. */
export const GRANT_REASONS: Readonly<Record<GrantKind, ReasonCode>> = {
  goal: 'campaign_goal',
  order: 'campaign_bonus',
  first_order: 'campaign_gift',
  segment_entered: 'campaign_gift',
  segment_left: 'campaign_gift',
  rfm_drop: 'campaign_gift',
  tier_up: 'campaign_gift',
  tier_down: 'campaign_gift',
};

/** An order that counts: paid (or placed, where that earns), not cancelled, not from before the program. */
export interface CountedOrder {
  readonly customerId: string;
  readonly orderId: string;
  readonly orderedAt: Date;
  readonly country: string | null;
  /** Ten-thousandths: the goods less what was refunded. */
  readonly net: bigint;
}

export interface ReviewedMember extends CampaignMember {
  readonly customerId: string;
}

/** A grant as it was written down. */
export interface Grant {
  readonly grantId: string;
  readonly campaignId: string;
  readonly customerId: string;
  readonly kind: GrantKind;
  readonly orderId: string | null;
  readonly occurrence: number;
  readonly points: number;
  readonly orders: number;
  readonly spend: bigint;
  readonly transactionId: string | null;
  readonly grantedAt: Date;
  readonly isTakenBack: boolean;
}

export interface Gift {
  readonly campaign: Campaign;
  readonly customerId: string;
  readonly kind: GrantKind;
  readonly orderId: string | null;
  readonly occurrence: number;
  readonly orders: number;
  readonly spend: bigint;
}

export interface GrantPlan {
  readonly give: readonly Gift[];
  readonly deduct: readonly { readonly campaign: Campaign; readonly grant: Grant }[];
  /** What was given stays, and is recorded for other orders than before. */
  readonly recount: readonly {
    readonly grant: Grant;
    readonly orders: number;
    readonly spend: bigint;
  }[];
}

/** Something a member can be given once for as long as it holds. */
interface Claim {
  readonly kind: GrantKind;
  readonly orderId: string | null;
  readonly orders: number;
  readonly spend: bigint;
  readonly holds: boolean;
}

/** The business's name of a gift; the same name is written once. */
export const giftKey = ({ campaign, customerId, kind, orderId, occurrence }: Gift): string =>
  kind === 'order'
    ? `campaign/${campaign.campaignId}/order/${orderId ?? ''}/${occurrence}`
    : `campaign/${campaign.campaignId}/${kind}/${customerId}/${occurrence}`;

/** Campaigns whose reward hangs on orders, as against on a change of segment or tier. */
export const isByOrders = ({ type, conditions }: Campaign): boolean =>
  type === 'goal_spend' || (type === 'lifecycle' && conditions.trigger === 'first_order');

/**
 * Holds goals, bonuses and first orders against what was given for them. A goal that a refund undercuts is deducted,
 * and can be reached again: by the next occurrence, so that it is given at most once at any time. Segments and tiers are
 * asked when something is given, and not again.
 * @param firstOrders each member's first order that counts, also one from before the campaign or the program
 */
export function planGrants(known: {
  readonly campaigns: readonly Campaign[];
  readonly members: readonly ReviewedMember[];
  readonly orders: readonly CountedOrder[];
  readonly firstOrders: ReadonlyMap<string, CountedOrder>;
  readonly grants: readonly Grant[];
  readonly isProgramActive: boolean;
}): GrantPlan {
  const give: Gift[] = [];
  const deduct: { campaign: Campaign; grant: Grant }[] = [];
  const recount: { grant: Grant; orders: number; spend: bigint }[] = [];
  const ordersOf = Map.groupBy(known.orders, (order) => order.customerId);
  const grantsOf = Map.groupBy(known.grants, (grant) => `${grant.campaignId}/${grant.customerId}`);

  for (const campaign of known.campaigns.filter(isByOrders)) {
    for (const member of known.members) {
      const { customerId } = member;
      const grants = grantsOf.get(`${campaign.campaignId}/${customerId}`) ?? [];
      const orders = ordersOf.get(customerId) ?? [];
      const claims = claimsOf(campaign, orders, known.firstOrders.get(customerId), grants);
      for (const claim of claims) {
        const past = grants.filter((g) => g.kind === claim.kind && g.orderId === claim.orderId);
        const live = past.filter((grant) => !grant.isTakenBack);
        const mayBeGiven =
          known.isProgramActive && isPublished(campaign) && isForMember(campaign, member);
        if (!claim.holds) deduct.push(...live.map((grant) => ({ campaign, grant })));
        else if (live.length === 0) {
          if (mayBeGiven)
            give.push({ campaign, customerId, ...claim, occurrence: nextOccurrence(past) });
        } else {
          const [first, ...others] = live as [Grant, ...Grant[]];
          const told = others.reduce((sum, grant) => sum + grant.orders, 0) + first.orders;
          const toldSpend = others.reduce((sum, grant) => sum + grant.spend, 0n) + first.spend;
          if (told !== claim.orders || toldSpend !== claim.spend) {
            // Two merged members may both have been given it; the orders are counted once.
            recount.push({ grant: first, orders: claim.orders, spend: claim.spend });
            recount.push(...others.map((grant) => ({ grant, orders: 0, spend: 0n })));
          }
        }
      }
    }
  }
  return { give, deduct, recount };
}

const nextOccurrence = (past: readonly Grant[]): number =>
  past.reduce((highest, { occurrence }) => Math.max(highest, occurrence), 0) + 1;

/** What a member has spent towards a campaign's goal, by the rule that gives its points. */
export function goalStandingOf(
  campaign: Campaign,
  orders: readonly CountedOrder[],
): { readonly spent: bigint; readonly isReached: boolean } {
  const [claim] = claimsOf(campaign, orders, undefined, []);
  return claim?.kind === 'goal'
    ? { spent: claim.spend, isReached: claim.holds }
    : { spent: 0n, isReached: false };
}

function claimsOf(
  campaign: Campaign,
  orders: readonly CountedOrder[],
  firstOrder: CountedOrder | undefined,
  grants: readonly Grant[],
): Claim[] {
  const isCounted = (order: CountedOrder) =>
    order.net > 0n &&
    isDuring(campaign, order.orderedAt) &&
    isForPurchase(campaign, { country: order.country, subtotal: order.net });
  if (campaign.type === 'lifecycle') {
    const holds = firstOrder !== undefined && isCounted(firstOrder);
    const spend = holds ? firstOrder.net : 0n;
    return [{ kind: 'first_order', orderId: null, orders: holds ? 1 : 0, spend, holds }];
  }
  const counted = orders.filter(isCounted);
  if (campaign.conditions.goalAmount > 0n) {
    const spend = counted.reduce((total, order) => total + order.net, 0n);
    const holds = spend >= campaign.conditions.goalAmount;
    return [{ kind: 'goal', orderId: null, orders: counted.length, spend, holds }];
  }
  const gone = grants.filter(
    ({ kind, orderId }) => kind === 'order' && !counted.some((order) => order.orderId === orderId),
  );
  return [
    ...counted.map(({ orderId, net }) => ({
      kind: 'order' as const,
      orderId,
      orders: 1,
      spend: net,
      holds: true,
    })),
    ...[...new Set(gone.map(({ orderId }) => orderId))].map((orderId) => ({
      kind: 'order' as const,
      orderId,
      orders: 0,
      spend: 0n,
      holds: false,
    })),
  ];
}

export interface SegmentChange {
  readonly customerId: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}
export interface TierChange {
  readonly customerId: string;
  readonly from: string | null;
  readonly to: string | null;
}

const DAY_MS = 86_400_000;
/** A member in any of these has been away; one who was in none of them before has fallen. */
const FALLEN: readonly Segment[] = ['at_risk', 'at_risk_high_value', 'inactive'];

/** Grants for changes of segment and tier. Each is reported once, so each gives once, unless the member had it recently. */
export function planTriggers(known: {
  readonly campaigns: readonly Campaign[];
  readonly members: readonly ReviewedMember[];
  readonly segmentChanges: readonly SegmentChange[];
  readonly tierChanges: readonly TierChange[];
  /** From the lowest on, by tier. */
  readonly tierPositions: ReadonlyMap<string, number>;
  readonly grants: readonly Grant[];
  readonly isProgramActive: boolean;
  readonly now: Date;
}): Gift[] {
  if (!known.isProgramActive) return [];
  const { now } = known;
  const gifts: Gift[] = [];
  for (const campaign of known.campaigns) {
    const { trigger, segment, cooldownDays } = campaign.conditions;
    if (campaign.type !== 'lifecycle' || trigger === undefined || trigger === 'first_order')
      continue;
    if (!isPublished(campaign) || !isDuring(campaign, now)) continue;
    const moved = [
      ...known.segmentChanges.filter((change) => isSetOffBySegments(trigger, segment, change)),
      ...known.tierChanges.filter((change) =>
        isSetOffByTiers(trigger, known.tierPositions, change),
      ),
    ];
    for (const customerId of new Set(moved.map((change) => change.customerId))) {
      const member = known.members.find((one) => one.customerId === customerId);
      if (!member || !isForMember(campaign, member)) continue;
      const past = known.grants.filter(
        (g) =>
          g.campaignId === campaign.campaignId && g.customerId === customerId && g.kind === trigger,
      );
      const restedAt =
        Math.max(...past.map(({ grantedAt }) => grantedAt.getTime())) + cooldownDays * DAY_MS;
      if (past.length > 0 && now.getTime() < restedAt) continue;
      const occurrence = nextOccurrence(past);
      gifts.push({
        campaign,
        customerId,
        kind: trigger,
        orderId: null,
        occurrence,
        orders: 0,
        spend: 0n,
      });
    }
  }
  return gifts;
}

function isSetOffBySegments(
  trigger: CampaignTrigger,
  segment: string,
  { from, to }: SegmentChange,
): boolean {
  switch (trigger) {
    case 'segment_entered':
      return to.includes(segment) && !from.includes(segment);
    case 'segment_left':
      return from.includes(segment) && !to.includes(segment);
    case 'rfm_drop':
      // A member who is scored for the first time has fallen from no segment.
      return (
        from.length > 0 &&
        FALLEN.some((code) => to.includes(code)) &&
        !FALLEN.some((code) => from.includes(code))
      );
    case 'first_order':
    case 'tier_up':
    case 'tier_down':
      return false;
  }
}

/** No tier ranks below every tier; entering the lowest one, which has no threshold, is no rise. */
function isSetOffByTiers(
  trigger: CampaignTrigger,
  positions: ReadonlyMap<string, number>,
  { from, to }: TierChange,
): boolean {
  const lowest = Math.min(...positions.values());
  const height = (tierId: string | null) =>
    tierId === null ? lowest : (positions.get(tierId) ?? lowest);
  if (trigger === 'tier_up') return height(to) > height(from);
  return trigger === 'tier_down' && (height(to) < height(from) || (to === null && from !== null));
}
