import { estimateAov, isAovStale, type AovState } from '#core/rfm/aov.rules.ts';
import { dollarIn } from '#core/rfm/dollar.rules.ts';
import { daysSince, recencyScore, scoreMember, thresholdsOf } from '#core/rfm/rfm.rules.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import { reviewCampaigns } from './review-campaigns.ts';
import { reviewTiers } from './review-tiers.ts';
import type { Life, Member, ScoreJson } from './state.ts';
import { DAY } from './calendar.ts';
import { sumsOf } from './sums.ts';

/** As review-members.ts has it: the score first, then the tier, then campaigns, each seeing what came before. */
export function reviewMember(
  life: Life,
  member: Member,
  at: number,
  trigger: 'order' | 'schedule',
): void {
  member.isReviewDue = false;
  if (trigger === 'order') life.aov = aovFor(life, at, false);
  const segmentChange = score(life, member, at, trigger);
  const tierChanges = reviewTiers(life, member, at);
  reviewCampaigns(
    life,
    member,
    at,
    segmentChange === undefined ? [] : [segmentChange],
    tierChanges,
  );
}

/** A night's pass over all members: whom recency moved is reviewed. */
export function rescoreAll(life: Life, at: number): void {
  life.aov = aovFor(life, at, true);
  life.fullPassAt = at;
  const now = new Date(at).toISOString();
  for (const member of life.members) {
    const { qualified_until: until, grace_until: grace } = member.progress;
    const isTierDue = (until ?? '~') < now || (grace ?? '~') < now;
    if (isTierDue || isScoreOutdated(life, member, at)) reviewMember(life, member, at, 'schedule');
  }
}

function standingNow(life: Life, member: Member, at: number) {
  const { aov, rules } = life;
  if (aov === undefined) throw new Error('members are scored by an average order value');
  const sums = sumsOf(member);
  const thresholds = thresholdsOf(rules.rfm, aov.aov, dollarIn(rules.currency));
  const standing = scoreMember(
    { orders: sums.orders, spend: sums.spend, lastOrderAt: sums.lastAt },
    new Date(at),
    rules.rfm,
    thresholds,
    member.stage,
  );
  const json: ScoreJson = {
    recency: standing.recency,
    frequency: standing.frequency,
    monetary: standing.monetary,
    score: standing.tenths / 10,
  };
  return { sums, standing, json, aov };
}

function isScoreOutdated(life: Life, member: Member, at: number): boolean {
  const { orders, lastAt } = sumsOf(member);
  const days = orders === 0 ? null : daysSince(lastAt, new Date(at));
  // By the same sums and the same average only recency can have moved.
  if (
    member.scoredBy === basisOf(life, member) &&
    member.score?.recency === recencyScore(days, life.rules.rfm.recency)
  )
    return false;
  const { standing, json } = standingNow(life, member, at);
  const isOutdated =
    member.segments === null ||
    !isSameScore(member.score, json) ||
    !isSameList(member.segments, standing.segmentIds) ||
    member.stage !== standing.stage;
  if (!isOutdated) member.scoredBy = basisOf(life, member);
  return isOutdated;
}

const basisOf = ({ aov }: Life, member: Member): string => {
  const { orders, spend } = sumsOf(member);
  return `${aov?.version ?? 0}/${orders}/${spend}/${member.stage ?? ''}`;
};

/** Writes what changed, as score.store.ts does. @returns the change of segments, if there is one */
function score(life: Life, member: Member, at: number, trigger: 'order' | 'schedule') {
  const { sums, standing, json, aov } = standingNow(life, member, at);
  const before = member.segments;
  if (!isScoreOutdated(life, member, at)) return undefined;
  const isMoved = before === null || !isSameList(before, standing.segmentIds);
  life.scores.push({
    customer_id: member.customerId,
    rfm_score: json,
    segment_ids: standing.segmentIds,
    lifecycle_stage: standing.stage,
    trigger,
    metadata: {
      aov: formatAmount(aov.aov),
      aov_version: aov.version,
      config_version: life.rules.rfm.version,
      as_of: new Date(at).toISOString(),
      orders: sums.orders,
      spend: sums.orders === 0 ? '0' : fourPlaces(sums.spend),
      last_order_at:
        sums.lastAt === null ? null : sums.lastAt.toISOString().replace('.000Z', '+00:00'),
    },
    created_at: at,
  });
  member.changedAt = at;
  Object.assign(member, { score: json, stage: standing.stage });
  member.scoredBy = basisOf(life, member);
  if (!isMoved) return undefined;
  member.segments = standing.segmentIds;
  life.deltas.push({
    customer_id: member.customerId,
    segment_change: {
      from: before?.[0] ?? null,
      to: standing.segmentId,
      from_all: before ?? [],
      to_all: standing.segmentIds,
    },
    rfm_score: json,
    operation: before === null ? 'insert' : 'update',
    created_at: at,
  });
  return { customerId: member.customerId, from: before ?? [], to: standing.segmentIds };
}

const fourPlaces = (amount: bigint): string => formatAmount(amount).replace(/\.(\d\d)$/, '.$100');

const isSameScore = (one: ScoreJson | null, other: ScoreJson): boolean =>
  one !== null &&
  one.recency === other.recency &&
  one.frequency === other.frequency &&
  one.monetary === other.monetary &&
  one.score === other.score;

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, nth) => item === other[nth]);

/** The frozen average order value, estimated anew when core would do so. */
function aovFor(life: Life, at: number, beginsFullPass: boolean): AovState {
  const known = life.aov;
  const values = () => orderValues(life, at);
  const isDue = beginsFullPass
    ? isAovStale(known, new Date(at))
    : known?.basis !== 'orders' && (known === undefined || values().orders >= 10);
  if (known !== undefined && !isDue) return known;
  return estimateAov(
    known,
    values(),
    life.members.length,
    dollarIn(life.rules.currency),
    new Date(at),
  );
}

function orderValues(life: Life, at: number): { orders: number; average: bigint } {
  let orders = 0;
  let sum = 0n;
  for (const order of life.orders) {
    const { orderedAt, row, net } = order;
    if (!row.counts || orderedAt > at || orderedAt <= at - 365 * DAY) continue;
    orders += 1;
    sum += net;
  }
  const count = BigInt(orders);
  // Halves go away from zero, as PostgreSQL rounds.
  return { orders, average: orders === 0 ? 0n : (2n * sum + count) / (2n * count) };
}
