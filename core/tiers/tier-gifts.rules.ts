import { DAY_MS, giftReward, mayTryAgain, type Given } from '../rewards/gifts.rules.ts';
import type { Reward } from '../rewards/rewards.rules.ts';
import type { TierCalendar } from './tiers.rules.ts';
import type { TierPeriod } from '#vocabulary/tiers.ts';

/** Free shipping of a tier: it has no words of its own, so it is named in the language of the shopper. */
export const shippingGift = (currency: string): Reward =>
  giftReward({
    kind: 'free_shipping',
    currency,
    combinesWith: { order: true, product: true, shipping: false },
  });

/** Free shipping is one code at a time: the next one when there is none that is good. */
export const isShippingDue = (given: Given, now: Date): boolean =>
  given.live.length === 0 && mayTryAgain(given, now);

/**
 * The reward of a tier is given when the tier is entered, once in each qualifying period: falling and rising again gives
 * no second one. Where nothing expires, that is only once.
 * @param isEntering now; if not, what failed when the tier was entered is made good
 */
export function isEntryRewardDue(
  given: Given,
  isEntering: boolean,
  period: TierPeriod,
  calendar: Pick<TierCalendar, 'thisYear'>,
  now: Date,
): boolean {
  const { lastAt, failed } = given;
  const since = {
    lifetime: -Infinity,
    calendar_year: calendar.thisYear,
    rolling_365: now.getTime() - 365 * DAY_MS,
  }[period];
  if (lastAt !== null && lastAt.getTime() >= since) return false;
  return isEntering || (failed !== null && mayTryAgain(given, now));
}
