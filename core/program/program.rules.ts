import type { PointsProgram } from '#proto/points/v1/points.ts';
import { earningFromConfig, earningIntoConfig } from './earning-config.rules.ts';
import {
  earningFromMessage,
  toEarningMessage,
  type EarningProblem,
} from './earning-message.rules.ts';
import { jsonObject as object } from '../shared/stored-json.rules.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import { DEFAULT_EARNING, type EarningRules } from './earning.rules.ts';
import { dollarIn, greatestCommon, startingRate } from '../shared/currency-size.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import {
  AWARD_MOMENTS,
  EXPIRY_MODES,
  GIFT_CARD_RULES,
  REFUND_POLICIES,
  TEST_ORDER_RULES,
  type AwardOn,
  type ExpiryMode,
  type RefundPolicy,
  type TestOrders,
} from '#vocabulary/earning.ts';

/** The earning rules of one tenant, as stored in program_settings.config. */
export interface Program {
  readonly isActive: boolean;
  readonly isPurchaseEnabled: boolean;
  /** Ten-thousandths of a point, for each `per` units of the shop's currency: 10 points per 150 is exact, a decimal is not. */
  readonly rate: bigint;
  /** Whole units. */
  readonly per: bigint;
  readonly awardOn: AwardOn;
  /** Days after which the points of an order count; 0 is at once. */
  readonly pendingDays: number;
  readonly isSignupEnabled: boolean;
  readonly signupPoints: number;
  /** Days after which earned points expire; 0 is never. */
  readonly expiryDays: number;
  readonly expiryMode: ExpiryMode;
  readonly refundPolicy: RefundPolicy;
  readonly earning: EarningRules;
  /** Whether a gift card that is bought earns; what is bought with it earns in any case. */
  readonly giftCardsEarn: boolean;
  /** Whether test orders earn: `auto` in a development store alone. */
  readonly testOrders: TestOrders;
  readonly testOrdersEarn: boolean;
  /** Rises with every change. */
  readonly version: number;
}

/** The product's defaults: 10 points per unit, 200 for signing up, no expiration unless chosen. */
export const DEFAULT_PROGRAM: Program = {
  isActive: true,
  isPurchaseEnabled: true,
  rate: 100_000n,
  per: 1n,
  awardOn: 'paid',
  pendingDays: 0,
  isSignupEnabled: true,
  signupPoints: 200,
  expiryDays: 0,
  expiryMode: 'fixed',
  refundPolicy: 'debt',
  earning: DEFAULT_EARNING,
  giftCardsEarn: false,
  testOrders: 'auto',
  testOrdersEarn: false,
  version: 1,
};

/** Ten-thousandths in a whole one. */
const UNIT = 10_000n;
const MOST_POINTS = 1_000_000;

/** Bounds of a program; beyond them a typing mistake is more likely than a wish. */
export const PROGRAM_LIMITS = {
  maxRate: 1_000_000n * 10_000n,
  /** Units of money that a rate can be for. */
  maxPer: 1_000_000_000,
  maxSignupPoints: 1_000_000,
  maxExpiryDays: 3_650,
  maxPendingDays: 90,
} as const;

/**
 * The program as SQL reads it: the multipliers have a column of their own. `s` is program_settings, which may be
 * absent.
 */
export const PROGRAM_CONFIG_SQL = `coalesce(s.config, '{}')
  || jsonb_build_object('dynamic_multipliers', coalesce(s.dynamic_multipliers, '{}'))`;

/** Reads program_settings.config; whatever is missing has its default. */
export function programFromConfig(config: unknown): Program {
  const root = object(config);
  const earning = object(root['earning']);
  const signup = object(object(earning['actions'])['signup']);
  const number = (value: unknown, fallback: number) =>
    typeof value === 'number' ? value : fallback;
  return {
    isActive: root['status'] === undefined ? DEFAULT_PROGRAM.isActive : root['status'] === 'active',
    isPurchaseEnabled: earning['enabled'] !== false,
    ...(rateFromConfig(earning) ?? { rate: DEFAULT_PROGRAM.rate, per: DEFAULT_PROGRAM.per }),
    awardOn: earning['award_on'] === 'created' ? 'created' : 'paid',
    pendingDays: number(earning['pending_days'], DEFAULT_PROGRAM.pendingDays),
    isSignupEnabled: signup['enabled'] !== false,
    signupPoints: number(signup['points'], DEFAULT_PROGRAM.signupPoints),
    expiryDays: number(root['expiry_days'], DEFAULT_PROGRAM.expiryDays),
    expiryMode: root['expiry_mode'] === 'activity' ? 'activity' : 'fixed',
    refundPolicy: root['refund_policy'] === 'clip' ? 'clip' : 'debt',
    earning: earningFromConfig(earning, root['dynamic_multipliers']),
    giftCardsEarn: earning['gift_cards'] === true,
    testOrders:
      typeof earning['test_orders'] === 'boolean'
        ? earning['test_orders']
          ? 'on'
          : 'off'
        : 'auto',
    testOrdersEarn:
      typeof earning['test_orders'] === 'boolean'
        ? earning['test_orders']
        : root['is_development'] === true,
    version: number(root['version'], DEFAULT_PROGRAM.version),
  };
}

/** So many whole points for so many whole units; before that was stored, it was a decimal of points per unit. */
function rateFromConfig(earning: Json): Pick<Program, 'rate' | 'per'> | undefined {
  const { points, per } = object(earning['rate']);
  if (isWholeBetween(points, 0, MOST_POINTS) && isWholeBetween(per, 1, PROGRAM_LIMITS.maxPer))
    return { rate: BigInt(points) * UNIT, per: BigInt(per) };
  const decimal = earning['points_per_dollar'];
  const rate =
    typeof decimal === 'string' || typeof decimal === 'number'
      ? parseAmount(String(decimal))
      : undefined;
  return rate === undefined ? undefined : wholeRate(rate);
}

/** A decimal rate in whole numbers: 1.25 points per unit are 5 per 4. */
function wholeRate(rate: bigint): Pick<Program, 'rate' | 'per'> {
  const common = rate === 0n ? UNIT : greatestCommon(rate, UNIT);
  return { rate: (rate / common) * UNIT, per: UNIT / common };
}

/** What a new program begins with where a unit of the currency is worth much more or less than a dollar. */
export function startingConfig(currency: string): Json {
  const { points, per } = startingRate(currency);
  const goal = (DEFAULT_EARNING.actions.goal_spend.amount * dollarIn(currency)) / UNIT;
  return {
    earning: {
      rate: { points: Number(points), per: Number(per) },
      actions: { goal_spend: { amount: formatAmount(goal) } },
    },
  };
}

/** Writes a program over what is stored, keeping what other features keep there. */
export function programIntoConfig(stored: unknown, program: Program): Json {
  // The column's own matter.
  const { dynamic_multipliers: _multipliers, ...root } = object(stored);
  const { test_orders: _testOrders, ...kept } = object(root['earning']);
  const earning = earningIntoConfig(kept, program.earning);
  const actions = object(earning['actions']);
  return {
    ...root,
    status: program.isActive ? 'active' : 'disabled',
    earning: {
      ...earning,
      enabled: program.isPurchaseEnabled,
      rate: { points: Number(program.rate / UNIT), per: Number(program.per) },
      // What the release before this one reads.
      points_per_dollar: rateText(program.rate / program.per),
      award_on: program.awardOn,
      pending_days: program.pendingDays,
      gift_cards: program.giftCardsEarn,
      ...(program.testOrders !== 'auto' && { test_orders: program.testOrders === 'on' }),
      actions: {
        ...actions,
        signup: {
          ...object(actions['signup']),
          enabled: program.isSignupEnabled,
          points: program.signupPoints,
        },
      },
    },
    expiry_days: program.expiryDays,
    expiry_mode: program.expiryMode,
    refund_policy: program.refundPolicy,
    version: program.version,
  };
}

/** `10`, or `10/150` where it is for more than one unit: as lines of the ledger keep a rate. */
export const rateKept = ({ rate, per }: Pick<Program, 'rate' | 'per'>): string =>
  per === 1n ? rateText(rate) : `${rateText(rate)}/${per}`;

/** As a decimal of points per unit; empty where it is none of four places. */
export const rateDecimal = ({ rate, per }: Pick<Program, 'rate' | 'per'>): string =>
  rate % per === 0n ? rateText(rate / per) : '';

/** Reads it again. @returns undefined when it is no rate */
export function parseRate(text: string): Pick<Program, 'rate' | 'per'> | undefined {
  const [points = '', per = '1'] = text.split('/');
  const rate = parseAmount(points);
  return rate === undefined || !/^[1-9]\d{0,15}$/.test(per)
    ? undefined
    : { rate, per: BigInt(per) };
}

/** `10`, `0.5`: a decimal without needless zeros. */
export function rateText(rate: bigint): string {
  return formatAmount(rate).replace(/\.?0+$/, '');
}

/** When points earned now expire: the ledger finds the end of that day on the shop's clock. Null for never. */
export function expiryOf(
  { expiryDays }: Pick<Program, 'expiryDays'>,
  now: Date,
): { readonly by: 'program'; readonly at: Date } | null {
  return expiryDays === 0 ? null : { by: 'program', at: now };
}

export function toProgramMessage(program: Program, updatedAt: Date | null): PointsProgram {
  return {
    active: program.isActive,
    purchase: {
      enabled: program.isPurchaseEnabled,
      points: Number(program.rate / UNIT),
      per: Number(program.per),
      pointsPerUnit: rateDecimal(program),
      awardOn: program.awardOn,
    },
    signup: { enabled: program.isSignupEnabled, points: program.signupPoints },
    expiryDays: program.expiryDays,
    expiryMode: program.expiryMode,
    refundPolicy: program.refundPolicy,
    version: program.version,
    earning: toEarningMessage(program.earning),
    giftCards: program.giftCardsEarn ? 'earn' : 'nothing',
    testOrders: program.testOrders,
    pendingDays: program.pendingDays,
    updatedAt: updatedAt?.toISOString() ?? '',
  };
}

export type ProgramProblem = EarningProblem;

/** Reads a program from a message. @returns the problem with the first field that is out of bounds. */
export function programFromMessage(
  message: PointsProgram,
  before: Program,
  now: Date,
): Program | ProgramProblem {
  const purchase = rateFromMessage(message.purchase);
  if ('field' in purchase) return purchase;
  const awardOn = AWARD_MOMENTS.find((known) => known === message.purchase?.awardOn);
  if (awardOn === undefined) {
    return { field: 'program.purchase.award_on', message: AWARD_MOMENTS.join(' or ') };
  }
  const signupPoints = message.signup?.points ?? 0;
  if (
    !isWholeBetween(signupPoints, message.signup?.enabled ? 1 : 0, PROGRAM_LIMITS.maxSignupPoints)
  ) {
    return { field: 'program.signup.points', message: 'a whole number from 1 to 1000000' };
  }
  if (!isWholeBetween(message.expiryDays, 0, PROGRAM_LIMITS.maxExpiryDays)) {
    return { field: 'program.expiry_days', message: 'a whole number of days from 0 to 3650' };
  }
  const expiryAsked = message.expiryMode || before.expiryMode;
  const expiryMode = EXPIRY_MODES.find((known) => known === expiryAsked);
  if (expiryMode === undefined) {
    return { field: 'program.expiry_mode', message: EXPIRY_MODES.join(' or ') };
  }
  const refundPolicy = REFUND_POLICIES.find((known) => known === message.refundPolicy);
  if (refundPolicy === undefined) {
    return { field: 'program.refund_policy', message: REFUND_POLICIES.join(' or ') };
  }
  if (message.giftCards !== '' && !GIFT_CARD_RULES.some((known) => known === message.giftCards)) {
    return { field: 'program.gift_cards', message: GIFT_CARD_RULES.join(' or ') };
  }
  const testsAsked = message.testOrders === '' ? before.testOrders : message.testOrders;
  const testOrders = TEST_ORDER_RULES.find((known) => known === testsAsked);
  if (testOrders === undefined) {
    return { field: 'program.test_orders', message: 'auto, on or off' };
  }
  const pendingDays = message.pendingDays ?? before.pendingDays;
  if (!isWholeBetween(pendingDays, 0, PROGRAM_LIMITS.maxPendingDays)) {
    return { field: 'program.pending_days', message: 'a whole number of days from 0 to 90' };
  }
  const earning =
    message.earning === undefined
      ? before.earning
      : earningFromMessage(message.earning, before.earning, now);
  if ('field' in earning) return earning;
  return {
    isActive: message.active,
    isPurchaseEnabled: message.purchase?.enabled ?? false,
    ...purchase,
    awardOn,
    pendingDays,
    isSignupEnabled: message.signup?.enabled ?? false,
    signupPoints,
    expiryDays: message.expiryDays,
    expiryMode,
    refundPolicy,
    earning,
    giftCardsEarn: message.giftCards === '' ? before.giftCardsEarn : message.giftCards === 'earn',
    testOrders,
    testOrdersEarn: testOrders === 'auto' ? before.testOrdersEarn : testOrders === 'on',
    version: before.version + 1,
  };
}

/** In whole numbers, or as the decimal that older callers send. */
function rateFromMessage(
  purchase: PointsProgram['purchase'],
): Pick<Program, 'rate' | 'per'> | ProgramProblem {
  const { enabled = false, points = 0, per = 0, pointsPerUnit = '' } = purchase ?? {};
  if (points === 0 && per === 0) {
    const rate = parseAmount(pointsPerUnit);
    const field = 'program.purchase.points_per_unit';
    if (rate === undefined || rate < 0n || rate > PROGRAM_LIMITS.maxRate)
      return { field, message: 'a number from 0 to 1000000 with at most four decimals' };
    if (enabled && rate === 0n) return { field, message: 'more than 0 while the rule is on' };
    return wholeRate(rate);
  }
  if (!isWholeBetween(points, enabled ? 1 : 0, MOST_POINTS))
    return { field: 'program.purchase.points', message: 'a whole number from 1 to 1000000' };
  if (!isWholeBetween(per, 1, PROGRAM_LIMITS.maxPer))
    return { field: 'program.purchase.per', message: 'a whole number from 1 to 1000000000' };
  return { rate: BigInt(points) * UNIT, per: BigInt(per) };
}

const isWholeBetween = (value: unknown, low: number, high: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high;
