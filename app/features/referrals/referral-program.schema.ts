import { z } from 'zod';
import type { ReferralConfig, SideReward } from '#proto/referrals/v1/referrals.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { MOST_TIERS } from './referral-form.ts';
import { REFERRAL_CHANNELS, REFERRAL_GOALS } from '#vocabulary/referrals.ts';

const whole = (message: string, min: number, max: number) =>
  z
    .string()
    .max(40, message)
    .transform((text) => readTypedWhole(text) ?? Number.NaN)
    .refine((value) => value >= min && value <= max, message);
const typed = z.string().trim().max(40, 'amount');

const side = z.object({
  kind: z.enum(['points', 'discount'], 'choice'),
  points: z.string().max(40, 'points_cost'),
  discount: z.enum(['amount', 'percent'], 'choice'),
  value: typed,
  minPurchase: typed,
  expiresAfterDays: z.string().max(40, 'days'),
});
type TypedSide = z.output<typeof side>;

const form = z.object({
  active: z.boolean(),
  goal: z.enum(REFERRAL_GOALS, 'choice'),
  minOrder: typed,
  expiresAfterDays: whole('referral_days', 1, 730),
  advocate: side,
  friend: side,
  friendTiers: z
    .array(z.object({ from: whole('friends', 2, 1_000), points: whole('points_cost', 1, 1e9) }))
    .max(MOST_TIERS, 'choice'),
  refundWindowDays: whole('window_days', 0, 730),
  monthlyLimit: whole('referral_limit', 0, 10_000),
  channels: z.array(z.enum(REFERRAL_CHANNELS, 'choice')).max(REFERRAL_CHANNELS.length),
  holdFrom: whole('score', 1, 100),
  refuseFrom: whole('score', 1, 100),
});

type Fields = Record<string, string>;
type Parsed = { readonly config: ReferralConfig } | { readonly fields: Fields };

/** The program that the form describes, or a message key per invalid field, e.g. `advocate.points`. */
export function parseReferralForm(text: unknown, currency: string, version: number): Parsed {
  const parsed = form.safeParse(readJson(text));
  if (!parsed.success)
    return {
      fields: Object.fromEntries(
        parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]),
      ),
    };
  const fields: Fields = {};
  const { data } = parsed;
  const advocate = readSide('advocate', data.advocate, currency, fields);
  const friend = readSide('friend', data.friend, currency, fields);
  const minOrder =
    data.goal === 'first_order' ? readMoney('minOrder', data.minOrder, currency, fields) : '';
  if (data.refuseFrom <= data.holdFrom) fields['refuseFrom'] = 'score_order';
  const tiers = advocate.kind === 'points' ? data.friendTiers : [];
  checkRising(tiers, advocate.points, fields);
  if (Object.keys(fields).length > 0) return { fields };
  return {
    config: {
      version,
      active: data.active,
      completeOn: data.goal,
      minOrder,
      advocate,
      friend,
      tiers: tiers.map(({ from: level, points }) => ({ level, points })),
      expiresAfterDays: data.expiresAfterDays,
      refundWindowDays: data.refundWindowDays,
      monthlyLimit: data.monthlyLimit,
      // Copying is no choice: it always works.
      channels: REFERRAL_CHANNELS.filter(
        (channel) => channel === 'copy' || data.channels.includes(channel),
      ),
      holdFrom: data.holdFrom,
      refuseFrom: data.refuseFrom,
    },
  };
}

function readJson(text: unknown): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : '');
  } catch {
    return undefined;
  }
}

function readMoney(name: string, text: string, currency: string, fields: Fields): string {
  if (text === '') return '';
  const amount = readTypedAmount(text, currency);
  if (amount !== undefined && Number(amount) > 0) return amount;
  fields[name] = 'amount';
  return '';
}

function readSide(name: string, typed: TypedSide, currency: string, fields: Fields): SideReward {
  const none = { points: 0, discount: '', value: '', minPurchase: '', expiresAfterDays: 0 };
  if (typed.kind === 'points') {
    const points = readTypedWhole(typed.points) ?? 0;
    if (points < 1 || points > 1e9) fields[`${name}.points`] = 'points_cost';
    return { ...none, kind: 'points', points };
  }
  const isPercent = typed.discount === 'percent';
  const percent = readTypedDecimal(typed.value, 2) ?? '';
  if (isPercent && !(Number(percent) > 0 && Number(percent) <= 100))
    fields[`${name}.value`] = 'percent';
  if (!isPercent && typed.value === '') fields[`${name}.value`] = 'amount';
  const days = readTypedWhole(typed.expiresAfterDays.trim() || '0') ?? -1;
  if (days < 0 || days > 730) fields[`${name}.expiresAfterDays`] = 'window_days';
  return {
    ...none,
    kind: 'discount',
    discount: typed.discount,
    value: isPercent ? percent : readMoney(`${name}.value`, typed.value, currency, fields),
    minPurchase: readMoney(`${name}.minPurchase`, typed.minPurchase, currency, fields),
    expiresAfterDays: days,
  };
}

/** More for more friends, row by row. */
function checkRising(
  tiers: readonly { readonly from: number; readonly points: number }[],
  base: number,
  fields: Fields,
): void {
  let before = { from: 1, points: base };
  for (const [index, tier] of tiers.entries()) {
    if (tier.from <= before.from) fields[`friendTiers.${index}.from`] = 'referral_order';
    if (tier.points <= before.points) fields[`friendTiers.${index}.points`] = 'referral_order';
    before = tier;
  }
}
