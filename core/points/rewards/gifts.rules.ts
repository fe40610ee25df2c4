import { campaignNameIn, NAME_LANGUAGES, type Campaign } from '../campaign-conditions.rules.ts';
import type { TierCalendar, TierPeriod } from '../tiers.rules.ts';
import { DEFAULT_PREFIX, type Reward } from './rewards.rules.ts';

/** What is given for nothing, and when it is due. */

/** The terms of a gift that is none of the merchant's rewards. */
function giftReward(changes: Partial<Reward> & Pick<Reward, 'kind' | 'currency'>): Reward {
  return {
    rewardId: '',
    channel: 'online',
    status: 'active',
    title: {},
    description: {},
    pointsCost: 0,
    value: null,
    discount: 'amount',
    mode: 'fixed',
    minPoints: 0,
    maxPoints: 0,
    appliesTo: 'order',
    collectionId: '',
    productId: '',
    variantId: '',
    targetTitle: '',
    maxShipping: null,
    minPurchase: null,
    codePrefix: DEFAULT_PREFIX,
    combinesWith: { order: false, product: false, shipping: false },
    expiresAfterDays: 0,
    tierIds: [],
    segments: [],
    iconUrl: '',
    position: 0,
    ...changes,
  };
}

/** Free shipping of a tier: it has no words of its own, so it is named in the language of whoever looks. */
export const shippingGift = (currency: string): Reward =>
  giftReward({
    kind: 'free_shipping',
    currency,
    combinesWith: { order: true, product: true, shipping: false },
  });

/** A campaign's discount, under the names of the campaign. Undefined for a campaign that gives none. */
export function campaignGift(campaign: Campaign, currency: string): Reward | undefined {
  const { discount } = campaign.reward;
  if (campaign.type !== 'discount' || discount === undefined) return undefined;
  const { minSpend } = campaign.conditions;
  return giftReward({
    kind: discount.kind,
    discount: discount.kind === 'percent_off' ? 'percent' : 'amount',
    currency,
    // In every language, so that none is read in the translation of another.
    title: Object.fromEntries(
      (['en', ...NAME_LANGUAGES] as const).map((one) => [one, campaignNameIn(campaign, one)]),
    ),
    value: discount.value,
    minPurchase: minSpend > 0n ? minSpend : null,
    expiresAfterDays: discount.expiresAfterDays,
    combinesWith: { order: false, product: false, shipping: true },
  });
}

/** What a member has been given of one kind, as far as another of it depends on it. */
export interface Given {
  /** Ever, whatever became of them. */
  readonly count: number;
  /** When the last that did not fail was given. */
  readonly lastAt: Date | null;
  /** Set when the very last one failed. */
  readonly failed: { readonly at: Date; readonly code: string } | null;
  /** Those that can still be used, or will be, newest first. */
  readonly live: readonly string[];
}

export const NOTHING_GIVEN: Given = { count: 0, lastAt: null, failed: null, live: [] };

const DAY_MS = 86_400_000;

/** A gift that Shopify refused is tried again, but not at every turn; whoever is gone there will not come back. */
const mayTryAgain = ({ failed }: Given, now: Date): boolean =>
  failed === null ||
  (failed.code !== 'customer_gone' && now.getTime() - failed.at.getTime() >= DAY_MS);

/** Free shipping is one code at a time: the next one when there is none that is good. */
export const isShippingDue = (given: Given, now: Date): boolean =>
  given.live.length === 0 && mayTryAgain(given, now);

/**
 * The reward of a tier is given when the tier is entered, once in each qualifying period: falling and rising again gives
 * no second one. Where nothing lapses, that is once for ever.
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
