import { parseAmount, formatAmount } from '../shared/money.rules.ts';
import { countOf, jsonObject, type Json } from '../shared/stored-json.rules.ts';
import {
  REFERRAL_CHANNELS,
  REFERRAL_GOALS,
  type ReferralChannel,
  type ReferralGoal,
} from '#vocabulary/referrals.ts';

/** What a side gets: points of the program, or a code for their next order. */
export type SideReward =
  | { readonly kind: 'points'; readonly points: number }
  | {
      readonly kind: 'discount';
      readonly discount: 'amount' | 'percent';
      /** Ten-thousandths of the shop's currency, or of a percent. */
      readonly value: bigint;
      /** Ten-thousandths; null: any order. */
      readonly minPurchase: bigint | null;
      /** 0: the code never expires. */
      readonly expiresAfterDays: number;
    };

/** The referral program of a shop, as `program_settings.referral_config` keeps it. */
export interface ReferralConfig {
  readonly version: number;
  readonly isActive: boolean;
  readonly goal: ReferralGoal;
  /** Of the friend's first order after discounts, ten-thousandths; null: any. */
  readonly minOrder: bigint | null;
  readonly advocate: SideReward;
  readonly friend: SideReward;
  /**
   * What the advocate's points become from their nth completed referral on, by n from 2, strictly rising; empty: always
   * the same. Only where the advocate gets points.
   */
  readonly levels: readonly { readonly from: number; readonly points: number }[];
  /** After so many days without the goal a referral expires. */
  readonly expiresAfterDays: number;
  /** A refund so long after completion takes both rewards back; 0: none does. */
  readonly refundWindowDays: number;
  /** Completed referrals of an advocate in 30 days; 0: no limit. */
  readonly monthlyLimit: number;
  readonly channels: readonly ReferralChannel[];
  readonly review: ReviewThresholds;
}

/** Scores in hundredths, 0 to 100. */
export interface ReviewThresholds {
  /** From this score on, a person decides. */
  readonly holdFrom: number;
  /** From this score on, it is refused. Above `holdFrom`. */
  readonly refuseFrom: number;
}

export const DEFAULT_REFERRAL_CONFIG: ReferralConfig = {
  version: 0,
  isActive: false,
  goal: 'signup',
  minOrder: null,
  advocate: { kind: 'points', points: 50 },
  friend: { kind: 'points', points: 50 },
  levels: [],
  expiresAfterDays: 30,
  refundWindowDays: 30,
  monthlyLimit: 0,
  channels: ['copy', 'email', 'sms', 'whatsapp', 'social'],
  review: { holdFrom: 40, refuseFrom: 85 },
};

export const MAX_LEVELS = 10;

/** Reads what an earlier or later release stored; whatever is missing or malformed is the default. */
export function referralConfigFrom(stored: unknown): ReferralConfig {
  const root = jsonObject(stored);
  const fallback = DEFAULT_REFERRAL_CONFIG;
  const review = jsonObject(root['review']);
  const holdFrom = percentOf(review['hold_from'], fallback.review.holdFrom);
  const refuseFrom = percentOf(review['refuse_from'], fallback.review.refuseFrom);
  return {
    version: countOf(root['version']),
    isActive: root['active'] === true,
    goal: REFERRAL_GOALS.find((goal) => goal === root['complete_on']) ?? fallback.goal,
    minOrder: amountOf(root['min_order']),
    advocate: sideFrom(root['advocate'], fallback.advocate),
    friend: sideFrom(root['friend'], fallback.friend),
    levels: levelsFrom(root['tiers']),
    expiresAfterDays: countOf(root['expires_after_days']) || fallback.expiresAfterDays,
    refundWindowDays: wholeOf(root['refund_window_days'], fallback.refundWindowDays),
    monthlyLimit: countOf(root['monthly_limit']),
    channels: Array.isArray(root['channels'])
      ? REFERRAL_CHANNELS.filter((channel) => (root['channels'] as unknown[]).includes(channel))
      : fallback.channels,
    review: refuseFrom > holdFrom ? { holdFrom, refuseFrom } : fallback.review,
  };
}

export function referralConfigJson(config: ReferralConfig): Json {
  return {
    version: config.version,
    active: config.isActive,
    complete_on: config.goal,
    ...(config.minOrder !== null && { min_order: formatAmount(config.minOrder) }),
    advocate: sideJson(config.advocate),
    friend: sideJson(config.friend),
    tiers: config.levels.map(({ from, points }) => ({ level: from, points })),
    expires_after_days: config.expiresAfterDays,
    refund_window_days: config.refundWindowDays,
    monthly_limit: config.monthlyLimit,
    channels: config.channels,
    review: { hold_from: config.review.holdFrom, refuse_from: config.review.refuseFrom },
  };
}

/** The advocate's points for their nth completed referral. @param nth from 1 */
export function pointsAtLevel(config: Pick<ReferralConfig, 'advocate' | 'levels'>, nth: number) {
  if (config.advocate.kind !== 'points') return 0;
  return config.levels.findLast(({ from }) => from <= nth)?.points ?? config.advocate.points;
}

function sideFrom(stored: unknown, fallback: SideReward): SideReward {
  const root = jsonObject(stored);
  if (root['kind'] === 'points') {
    const points = countOf(root['points']);
    return points === 0 ? fallback : { kind: 'points', points };
  }
  const value = amountOf(root['value']);
  if (root['kind'] !== 'discount' || value === null) return fallback;
  return {
    kind: 'discount',
    discount: root['discount'] === 'amount' ? 'amount' : 'percent',
    value,
    minPurchase: amountOf(root['min_purchase']),
    expiresAfterDays: countOf(root['expires_after_days']),
  };
}

const sideJson = (side: SideReward): Json =>
  side.kind === 'points'
    ? { kind: side.kind, points: side.points }
    : {
        kind: side.kind,
        discount: side.discount,
        value: formatAmount(side.value),
        ...(side.minPurchase !== null && { min_purchase: formatAmount(side.minPurchase) }),
        expires_after_days: side.expiresAfterDays,
      };

function levelsFrom(stored: unknown): ReferralConfig['levels'] {
  if (!Array.isArray(stored)) return [];
  return stored
    .map(jsonObject)
    .map((level) => ({ from: countOf(level['level']), points: countOf(level['points']) }))
    .filter(({ from, points }) => from > 1 && points > 0)
    .sort((a, b) => a.from - b.from)
    .slice(0, MAX_LEVELS);
}

function amountOf(value: unknown): bigint | null {
  const amount = typeof value === 'string' ? parseAmount(value) : undefined;
  return amount === undefined || amount <= 0n ? null : amount;
}

const wholeOf = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : fallback;

const percentOf = (value: unknown, fallback: number): number => {
  const whole = wholeOf(value, fallback);
  return whole >= 1 && whole <= 100 ? whole : fallback;
};
