import type { PointsProgram } from '#proto/points/v1/points.ts';
import { earningFromConfig, earningIntoConfig } from './earning-config.rules.ts';
import {
  earningFromMessage,
  toEarningMessage,
  type EarningProblem,
} from './earning-message.rules.ts';
import { jsonObject as object } from '../stored-json.rules.ts';
import type { Json } from '../stored-json.rules.ts';
import { DEFAULT_EARNING, type EarningRules } from './earning.rules.ts';
import { formatAmount, parseAmount } from './money.rules.ts';

/** When an order's points are due: once it is paid, or as soon as it is placed. */
export type AwardOn = 'paid' | 'created';
/** What a refund does when its points were already spent: leave a debt, or stop at zero. */
export type RefundPolicy = 'debt' | 'clip';

/** Whether points lapse so many days after they were earned, or after the member earned anything at all. */
export type ExpiryMode = 'fixed' | 'activity';

/** The earning rules of one tenant, as stored in program_settings.config. */
export interface Program {
  readonly isActive: boolean;
  readonly isPurchaseEnabled: boolean;
  /** Ten-thousandths of a point per unit of the shop's currency. */
  readonly rate: bigint;
  readonly awardOn: AwardOn;
  readonly isSignupEnabled: boolean;
  readonly signupPoints: number;
  /** Days after which earned points lapse; 0 is never. */
  readonly expiryDays: number;
  readonly expiryMode: ExpiryMode;
  readonly refundPolicy: RefundPolicy;
  readonly earning: EarningRules;
  /** Rises with every change. */
  readonly version: number;
}

/** PRODUCT 2.1: 10 points per unit, 200 for signing up; 2.4: no expiry unless chosen. */
export const DEFAULT_PROGRAM: Program = {
  isActive: true,
  isPurchaseEnabled: true,
  rate: 100_000n,
  awardOn: 'paid',
  isSignupEnabled: true,
  signupPoints: 200,
  expiryDays: 0,
  expiryMode: 'fixed',
  refundPolicy: 'debt',
  earning: DEFAULT_EARNING,
  version: 1,
};

/** Bounds of a programme; beyond them a typing mistake is more likely than a wish. */
export const PROGRAM_LIMITS = {
  maxRate: 1_000_000n * 10_000n,
  maxSignupPoints: 1_000_000,
  maxExpiryDays: 3_650,
} as const;

/**
 * The programme as SQL reads it: the multipliers have a column of their own. `s` is program_settings, which may be
 * absent.
 */
export const PROGRAM_CONFIG_SQL = `coalesce(s.config, '{}')
  || jsonb_build_object('dynamic_multipliers', coalesce(s.dynamic_multipliers, '{}'))`;

/** Reads program_settings.config; whatever is missing has its default (the shape is PRODUCT 3.6's). */
export function programFromConfig(config: unknown): Program {
  const root = object(config);
  const earning = object(root['earning']);
  const signup = object(object(earning['actions'])['signup']);
  const rate = earning['points_per_dollar'];
  const number = (value: unknown, fallback: number) =>
    typeof value === 'number' ? value : fallback;
  return {
    isActive: root['status'] === undefined ? DEFAULT_PROGRAM.isActive : root['status'] === 'active',
    isPurchaseEnabled: earning['enabled'] !== false,
    rate:
      typeof rate === 'string' || typeof rate === 'number'
        ? (parseAmount(String(rate)) ?? DEFAULT_PROGRAM.rate)
        : DEFAULT_PROGRAM.rate,
    awardOn: earning['award_on'] === 'created' ? 'created' : 'paid',
    isSignupEnabled: signup['enabled'] !== false,
    signupPoints: number(signup['points'], DEFAULT_PROGRAM.signupPoints),
    expiryDays: number(root['expiry_days'], DEFAULT_PROGRAM.expiryDays),
    expiryMode: root['expiry_mode'] === 'activity' ? 'activity' : 'fixed',
    refundPolicy: root['refund_policy'] === 'clip' ? 'clip' : 'debt',
    earning: earningFromConfig(earning, root['dynamic_multipliers']),
    version: number(root['version'], DEFAULT_PROGRAM.version),
  };
}

/** Writes a programme over what is stored, keeping what other features keep there. */
export function programIntoConfig(stored: unknown, program: Program): Json {
  // The column's own matter.
  const { dynamic_multipliers: _multipliers, ...root } = object(stored);
  const earning = earningIntoConfig(root['earning'], program.earning);
  const actions = object(earning['actions']);
  return {
    ...root,
    status: program.isActive ? 'active' : 'disabled',
    earning: {
      ...earning,
      enabled: program.isPurchaseEnabled,
      points_per_dollar: rateText(program.rate),
      award_on: program.awardOn,
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

/** `10`, `0.5`: a rate without needless zeros. */
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
      pointsPerUnit: rateText(program.rate),
      awardOn: program.awardOn,
    },
    signup: { enabled: program.isSignupEnabled, points: program.signupPoints },
    expiryDays: program.expiryDays,
    expiryMode: program.expiryMode,
    refundPolicy: program.refundPolicy,
    version: program.version,
    earning: toEarningMessage(program.earning),
    updatedAt: updatedAt?.toISOString() ?? '',
  };
}

export type ProgramProblem = EarningProblem;

/** Reads a programme from a message. @returns the problem with the first field that is out of bounds. */
export function programFromMessage(
  message: PointsProgram,
  before: Program,
  now: Date,
): Program | ProgramProblem {
  const rate = parseAmount(message.purchase?.pointsPerUnit ?? '');
  if (rate === undefined || rate < 0n || rate > PROGRAM_LIMITS.maxRate) {
    return {
      field: 'program.purchase.points_per_unit',
      message: 'a number from 0 to 1000000 with at most four decimals',
    };
  }
  if (message.purchase?.enabled && rate === 0n) {
    return {
      field: 'program.purchase.points_per_unit',
      message: 'more than 0 while the rule is on',
    };
  }
  const awardOn = message.purchase?.awardOn ?? '';
  if (awardOn !== 'paid' && awardOn !== 'created') {
    return { field: 'program.purchase.award_on', message: 'paid or created' };
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
  const expiryMode = message.expiryMode || before.expiryMode;
  if (expiryMode !== 'fixed' && expiryMode !== 'activity') {
    return { field: 'program.expiry_mode', message: 'fixed or activity' };
  }
  if (message.refundPolicy !== 'debt' && message.refundPolicy !== 'clip') {
    return { field: 'program.refund_policy', message: 'debt or clip' };
  }
  const earning =
    message.earning === undefined
      ? before.earning
      : earningFromMessage(message.earning, before.earning, now);
  if ('field' in earning) return earning;
  return {
    isActive: message.active,
    isPurchaseEnabled: message.purchase?.enabled ?? false,
    rate,
    awardOn,
    isSignupEnabled: message.signup?.enabled ?? false,
    signupPoints,
    expiryDays: message.expiryDays,
    expiryMode,
    refundPolicy: message.refundPolicy,
    earning,
    version: before.version + 1,
  };
}

const isWholeBetween = (value: number, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && value >= low && value <= high;
