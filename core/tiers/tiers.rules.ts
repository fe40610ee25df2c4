import type {
  TierBasis,
  TierChangeDirection,
  TierChangeReason,
  TierPeriod,
} from '#vocabulary/tiers.ts';

export interface Threshold {
  readonly tierId: string;
  /** Ten-thousandths of the shop's currency; null where money does not count. */
  readonly spend: bigint | null;
  /** Null where points do not count. */
  readonly points: number | null;
}

export interface TierSet {
  readonly basis: TierBasis;
  readonly period: TierPeriod;
  readonly graceDays: number;
  /** Lowest first. */
  readonly tiers: readonly Threshold[];
}

/** Something that counts, in milliseconds and ten-thousandths. Facts of one time may come as their sum. */
export interface TierFact {
  readonly at: number;
  readonly spend: bigint;
  readonly points: number;
}

/** Beginnings of years in the shop's time zone, in milliseconds. */
export interface TierCalendar {
  readonly lastYear: number;
  readonly thisYear: number;
  readonly nextYear: number;
  readonly yearAfterNext: number;
}

export interface Measure {
  readonly spend: bigint;
  readonly points: number;
}

/** The tier that a member reaches by what counts today. */
export interface Standing extends Measure {
  /** Index in the tier set; -1 is below its first tier. */
  readonly rank: number;
  /** Since when things count; null for lifetime. */
  readonly periodStart: number | null;
  /** When the rank ends unless something is added; null when it does not. */
  readonly holdsUntil: number | null;
}

export const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

const countsSpend = (basis: TierBasis): boolean => basis !== 'points';
const countsPoints = (basis: TierBasis): boolean => basis !== 'spend';

function reaches(basis: TierBasis, threshold: Threshold, measure: Measure): boolean {
  const bySpend = threshold.spend !== null && measure.spend >= threshold.spend;
  const byPoints = threshold.points !== null && measure.points >= threshold.points;
  switch (basis) {
    case 'spend':
      return bySpend;
    case 'points':
      return byPoints;
    case 'any':
      return bySpend || byPoints;
    case 'all':
      return bySpend && byPoints;
  }
}

/** The highest tier that a measure reaches; -1 for none. */
export function rankOf(tierSet: TierSet, measure: Measure): number {
  return tierSet.tiers.findLastIndex((tier) => reaches(tierSet.basis, tier, measure));
}

function sumOf(facts: readonly TierFact[]): Measure {
  let spend = 0n;
  let points = 0;
  for (const fact of facts) {
    spend += fact.spend;
    points += fact.points;
  }
  return { spend, points };
}

/**
 * By calendar years, what a member reached in one year holds until the end of the next; what counts towards more is
 * this year's. By rolling years, everything counts for 365 days.
 */
export function standingOf(
  tierSet: TierSet,
  facts: readonly TierFact[],
  calendar: TierCalendar,
  now: number,
): Standing {
  switch (tierSet.period) {
    case 'lifetime': {
      const measure = sumOf(facts);
      return { ...measure, rank: rankOf(tierSet, measure), periodStart: null, holdsUntil: null };
    }
    case 'calendar_year': {
      const { lastYear, thisYear, nextYear, yearAfterNext } = calendar;
      const measure = sumOf(facts.filter(({ at }) => at >= thisYear));
      const before = sumOf(facts.filter(({ at }) => at >= lastYear && at < thisYear));
      const rank = rankOf(tierSet, measure);
      const earlier = rankOf(tierSet, before);
      const floor = rankOf(tierSet, { spend: 0n, points: 0 });
      const best = Math.max(rank, earlier);
      return {
        ...measure,
        rank: best,
        periodStart: thisYear,
        holdsUntil: best === floor ? null : rank >= earlier ? yearAfterNext : nextYear,
      };
    }
    case 'rolling_365': {
      const since = now - YEAR_MS;
      const counted = facts.filter(({ at }) => at > since).sort((a, b) => a.at - b.at);
      const measure = sumOf(counted);
      const rank = rankOf(tierSet, measure);
      return { ...measure, rank, periodStart: since, holdsUntil: expiryOf(tierSet, counted, rank) };
    }
  }
}

/** When the oldest facts have gone so far that the rank is no longer reached; null when it needs none of them. */
function expiryOf(tierSet: TierSet, oldestFirst: readonly TierFact[], rank: number): number | null {
  let { spend, points } = sumOf(oldestFirst);
  for (const fact of oldestFirst) {
    spend -= fact.spend;
    points -= fact.points;
    if (rankOf(tierSet, { spend, points }) < rank) return fact.at + YEAR_MS;
  }
  return null;
}

/** What a member holds: a tier in force, one that was removed from the set, or none. */
export interface Held {
  /** Null: none. */
  readonly tierId: string | null;
  /** When a fall that waits will happen. */
  readonly graceUntil: number | null;
}

export interface TierDecision {
  /** The tier from now on. */
  readonly tierId: string | null;
  readonly graceUntil: number | null;
  /** Null: nothing changes but perhaps the grace. */
  readonly change: {
    readonly direction: TierChangeDirection;
    readonly reason: TierChangeReason;
  } | null;
}

/**
 * The tier decision for a member. No member falls before the grace period that begins when they no longer reach their tier;
 * a member who reaches it again within it keeps it without a change.
 * @param retired what a tier that was taken out had demanded, so that rising above it is seen
 */
export function decideTier(
  tierSet: TierSet,
  held: Held,
  standing: Pick<Standing, 'rank'>,
  now: number,
  retired?: Threshold,
): TierDecision {
  const reached = standing.rank < 0 ? null : (tierSet.tiers[standing.rank]?.tierId ?? null);
  const rank = heldRank(tierSet, held.tierId, retired);
  if (standing.rank === rank) return { tierId: held.tierId, graceUntil: null, change: null };
  if (standing.rank > rank) {
    return { tierId: reached, graceUntil: null, change: { direction: 'up', reason: 'reached' } };
  }
  const graceUntil = held.graceUntil ?? now + tierSet.graceDays * DAY_MS;
  if (graceUntil > now) return { tierId: held.tierId, graceUntil, change: null };
  const reason = tierSet.graceDays === 0 ? 'no_grace' : 'grace_over';
  return { tierId: reached, graceUntil: null, change: { direction: 'down', reason } };
}

/** A retired tier ranks just above the tiers whose thresholds are no higher than its own. */
function heldRank(tierSet: TierSet, tierId: string | null, retired: Threshold | undefined): number {
  if (tierId === null) return -1;
  const index = tierSet.tiers.findIndex((tier) => tier.tierId === tierId);
  if (index >= 0) return index;
  return tierSet.tiers.findLastIndex((tier) => asksNoMore(tierSet.basis, tier, retired)) + 0.5;
}

/** What cannot be compared, because the tiers now count something else, is in the member's favor. */
function asksNoMore(basis: TierBasis, tier: Threshold, than: Threshold | undefined): boolean {
  if (than === undefined) return true;
  const isNoMore = <Amount extends bigint | number>(one: Amount | null, other: Amount | null) =>
    one !== null && (other === null || one <= other);
  return (
    (!countsSpend(basis) || isNoMore(tier.spend, than.spend)) &&
    (!countsPoints(basis) || isNoMore(tier.points, than.points))
  );
}

export interface TierGap {
  readonly tierId: string;
  /** What is missing; null where it does not count. */
  readonly spend: bigint | null;
  readonly points: number | null;
  /** How far along, in whole percent, rounded down; 100 only when the tier is reached. */
  readonly percent: number;
}

/** What is missing for a tier. By `any` one of the two is enough, and the nearer one gives the progress. */
export function gapTo(tierSet: TierSet, measure: Measure, index: number): TierGap | undefined {
  const tier = tierSet.tiers[index];
  if (tier === undefined) return undefined;
  const spend =
    countsSpend(tierSet.basis) && tier.spend !== null
      ? maxOf(0n, tier.spend - maxOf(0n, measure.spend))
      : null;
  const points =
    countsPoints(tierSet.basis) && tier.points !== null
      ? Math.max(0, tier.points - Math.max(0, measure.points))
      : null;
  const parts = [
    spend === null || tier.spend === null ? null : percentOf(tier.spend - spend, tier.spend),
    points === null || tier.points === null
      ? null
      : percentOf(BigInt(tier.points - points), BigInt(tier.points)),
  ].filter((part) => part !== null);
  const percent = tierSet.basis === 'all' ? Math.min(...parts) : Math.max(...parts);
  return { tierId: tier.tierId, spend, points, percent };
}

const maxOf = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const percentOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 100 : Number((part * 100n) / whole);
