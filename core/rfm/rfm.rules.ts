import type { RfmConfig, SegmentRule } from './rfm-config.rules.ts';
import type { LifecycleStage, Segment } from '#vocabulary/segments.ts';

/**
 * RFM: how recently, how often and how much a member bought, each as 1 to 5. A score follows from the
 * member's orders, the moment it is asked at and the average order value (AOV) that is in force, and from nothing else:
 * whichever way a member comes to be scored, the answer is the same.
 */

export type Score = 1 | 2 | 3 | 4 | 5;

/** What a member's orders come to; cancelled ones count for nothing. */
export interface OrderHistory {
  readonly orders: number;
  /** Ten-thousandths of the shop's currency, refunds taken off; a correction may leave it below zero. */
  readonly spend: bigint;
  readonly lastOrderAt: Date | null;
}

/** Bins with every multiple of the AOV worked out. */
export interface Thresholds {
  /** Most whole days since the last order for 5, 4, 3, 2. */
  readonly days: Bins<number>;
  /** Fewest orders for 5, 4, 3, 2. */
  readonly orders: Bins<number>;
  /** Hundred-millionths of the currency: for 5 it must be exceeded, for 4, 3, 2 reached. */
  readonly spend: Bins<bigint>;
}

export type Bins<T> = readonly [five: T, four: T, three: T, two: T];

export interface RfmScore {
  readonly recency: Score;
  readonly frequency: Score;
  readonly monetary: Score;
  /** Tenths: 41 is a score of 4.1. */
  readonly tenths: number;
}

export interface Standing extends RfmScore {
  readonly segmentIds: readonly string[];
  /** The first of them by precedence. */
  readonly segmentId: string;
  readonly stage: LifecycleStage;
  /** Null without an order. */
  readonly daysSinceLastOrder: number | null;
}

/** Of members in no segment. */
export const OTHER: Segment = 'other';
/** Spending more than this in all is a 5 whatever the AOV. */
const ALWAYS_TOP_DOLLARS = 10_000n;
/** Idle for longer, a member should get a nudge whatever the score. */
const IDLE_DAYS = 365;
const DAY_MS = 86_400_000;
const AMOUNT_SCALE = 10_000n;

const DESCENDING = [5, 4, 3, 2] as const;

function firstBin<T>(bins: Bins<T>, holds: (limit: T, score: Score) => boolean): Score {
  const index = bins.findIndex((limit, nth) => holds(limit, DESCENDING[nth] as Score));
  return DESCENDING[index] ?? 1;
}

/** Whole days of 24 hours; an order from the future (clocks differ) is of today. */
export function daysSince(lastOrderAt: Date | null, asOf: Date): number | null {
  if (lastOrderAt === null) return null;
  return Math.max(0, Math.floor((asOf.getTime() - lastOrderAt.getTime()) / DAY_MS));
}

export const recencyScore = (days: number | null, bins: Bins<number>): Score =>
  days === null ? 1 : firstBin(bins, (most) => days <= most);

export const frequencyScore = (orders: number, bins: Bins<number>): Score =>
  firstBin(bins, (fewest) => orders >= fewest);

export const monetaryScore = (spend: bigint, bins: Bins<bigint>): Score =>
  spend <= 0n
    ? 1
    : firstBin(bins, (limit, score) =>
        score === 5 ? spend * AMOUNT_SCALE > limit : spend * AMOUNT_SCALE >= limit,
      );

/** The weighted mean, to one decimal, halves up. */
export function weightedTenths(
  recency: Score,
  frequency: Score,
  monetary: Score,
  weights: RfmConfig['weights'],
): number {
  const sum =
    weights.recency * recency + weights.frequency * frequency + weights.monetary * monetary;
  // Weights are ten-thousandths, so a tenth of a point is a thousand of them.
  return Math.floor((sum + 500) / 1_000);
}

const within = (score: Score, [low, high]: readonly [number, number]): boolean =>
  score >= low && score <= high;

/** All segments of a score, in the order of precedence; `other` when there is none. */
export function segmentsOf(
  score: Pick<RfmScore, 'recency' | 'frequency' | 'monetary'>,
  rules: readonly SegmentRule[],
): string[] {
  const ids = rules
    .filter(
      (rule) =>
        within(score.recency, rule.recency) &&
        within(score.frequency, rule.frequency) &&
        within(score.monetary, rule.monetary),
    )
    .map((rule) => rule.id);
  return ids.length === 0 ? [OTHER] : ids;
}

/** Where no rule speaks, a member stays what they were. */
export function stageOf(
  score: Pick<RfmScore, 'recency' | 'monetary'>,
  orders: number,
  previous: LifecycleStage | null,
): LifecycleStage {
  if (orders === 0) return 'new_lead';
  if (score.monetary === 5 && score.recency >= 3) return 'vip';
  if (score.recency === 1 || (score.recency === 2 && orders <= 2)) return 'churned';
  if (score.recency >= 3 && orders >= 2) return 'repeat_buyer';
  if (score.recency >= 4 && orders === 1) return 'new_lead';
  return previous ?? 'new_lead';
}

/** A candidate for a nudge. Not the at-risk segment: that one goes by bins, this by the score as a whole. */
export const isFlaggedAtRisk = (tenths: number): boolean => tenths < 20;

export const isIdle = (days: number | null): boolean => days !== null && days > IDLE_DAYS;

/**
 * @param aov ten-thousandths of the shop's currency
 * @param dollar what about a dollar is in that currency, in whole units
 */
export function thresholdsOf(config: RfmConfig, aov: bigint, dollar: bigint): Thresholds {
  const resolve = (bin: RfmConfig['monetary'][number]): bigint =>
    bin.kind === 'aov_multiple' ? bin.value * aov : bin.value * AMOUNT_SCALE;
  const [five, four, three, two] = config.monetary;
  const alwaysTop = ALWAYS_TOP_DOLLARS * dollar * AMOUNT_SCALE * AMOUNT_SCALE;
  const top = resolve(five);
  return {
    days: config.recency,
    orders: config.frequency,
    spend: [
      // A merchant who names an amount means it, also above ten thousand.
      five.kind === 'aov_multiple' && alwaysTop < top ? alwaysTop : top,
      resolve(four),
      resolve(three),
      resolve(two),
    ],
  };
}

/** A member's score and segments, by the rules of the shop. */
export function scoreMember(
  history: OrderHistory,
  asOf: Date,
  config: RfmConfig,
  thresholds: Thresholds,
  previous: LifecycleStage | null,
): Standing {
  const days = history.orders === 0 ? null : daysSince(history.lastOrderAt, asOf);
  const recency = recencyScore(days, thresholds.days);
  const frequency = frequencyScore(history.orders, thresholds.orders);
  const monetary = history.orders === 0 ? 1 : monetaryScore(history.spend, thresholds.spend);
  const segmentIds = segmentsOf({ recency, frequency, monetary }, config.segments);
  return {
    recency,
    frequency,
    monetary,
    tenths: weightedTenths(recency, frequency, monetary, config.weights),
    segmentIds,
    segmentId: segmentIds[0] as string,
    stage: stageOf({ recency, monetary }, history.orders, previous),
    daysSinceLastOrder: days,
  };
}

/** What each of the 125 combinations of scores comes to. */
export interface Cell extends RfmScore {
  readonly segmentIds: readonly string[];
  readonly segmentId: string;
}

const SCORES: readonly Score[] = [1, 2, 3, 4, 5];

/**
 * Weights and segments depend on the three scores alone, so they are worked out here once for every combination and
 * looked up by the statement that scores members: the rules exist in one place.
 */
export function cellsOf(config: RfmConfig): Cell[] {
  return SCORES.flatMap((recency) =>
    SCORES.flatMap((frequency) =>
      SCORES.map((monetary): Cell => {
        const segmentIds = segmentsOf({ recency, frequency, monetary }, config.segments);
        return {
          recency,
          frequency,
          monetary,
          tenths: weightedTenths(recency, frequency, monetary, config.weights),
          segmentIds,
          segmentId: segmentIds[0] as string,
        };
      }),
    ),
  );
}
