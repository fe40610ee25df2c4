import type { Money, Redemption, Reward } from '../../shared/contract.ts';
import { offerOf, openCodes } from '../../shared/rewards.rules.ts';
import { wholeOf } from './goods.rules.ts';
import type { CartLine } from './goods.rules.ts';

/** Kinds whose code takes something off this order. The others are credited to the account, for the next one. */
const offThisOrder = new Set([
  'amount_off',
  'percent_off',
  'free_shipping',
  'free_product',
  'coupon',
]);

/** A reward that the member can have now, with the numbers of points to choose from; the first is the fewest. */
export interface Choice {
  readonly reward: Reward;
  readonly points: readonly number[];
  /** The goods cost less than the reward's minimum purchase: Shopify would refuse its code. */
  readonly isBelowMinimum: boolean;
}

/** Those that this order can have come first. @param lines before discounts of the whole order */
export function choicesAt(
  rewards: readonly Reward[],
  available: number,
  lines: readonly CartLine[],
): Choice[] {
  const goods = lines.reduce((sum, { cost }) => sum + wholeOf(cost.totalAmount), BigInt(0));
  const currency = lines[0]?.cost.totalAmount.currencyCode;
  const choices = rewards
    .filter(({ kind }) => offThisOrder.has(kind))
    .flatMap((reward): Choice[] => {
      const offer = offerOf(reward, available);
      const least = reward.min_purchase;
      // In another currency only Shopify knows.
      const isBelowMinimum =
        least !== undefined &&
        least.currency === currency &&
        goods < wholeOf({ amount: Number(least.amount) });
      return offer.kind === 'ready' ? [{ reward, points: offer.choices, isBelowMinimum }] : [];
    });
  return [
    ...choices.filter(({ isBelowMinimum }) => !isBelowMinimum),
    ...choices.filter(({ isBelowMinimum }) => isBelowMinimum),
  ];
}

export interface Codes {
  /** On this checkout. */
  readonly applied: readonly Redemption[];
  /** Unused, and could be put on it. */
  readonly ready: readonly Redemption[];
}

/** The member's unused codes. @param entered the checkout's codes; Shopify compares them without regard to case */
export function codesAt(
  redemptions: readonly Redemption[],
  entered: readonly string[],
  now: Date,
): Codes {
  const onCheckout = new Set(entered.map((code) => code.toLowerCase()));
  const open = openCodes(redemptions, now).filter(({ kind }) => offThisOrder.has(kind));
  const isApplied = ({ code = '' }: Redemption) => onCheckout.has(code.toLowerCase());
  return {
    applied: open.filter(isApplied),
    ready: open.filter((one) => !isApplied(one)),
  };
}

/** What a number of points takes off; null where that depends on the order. */
export function worthOf(reward: Reward, points: number): Money | null {
  const { value, points_cost: cost } = reward;
  if (value === undefined || !('amount' in value)) return null;
  if (reward.steps === undefined) return value;
  const [whole = '0', fraction = ''] = value.amount.split('.');
  const times = BigInt(Math.floor(points / cost));
  const digits = (BigInt(whole + fraction) * times).toString().padStart(fraction.length + 1, '0');
  const point = digits.length - fraction.length;
  const amount = fraction === '' ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return { amount, currency: value.currency };
}
