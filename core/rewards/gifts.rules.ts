import { DEFAULT_PREFIX, type Reward } from './rewards.rules.ts';

/** Free gifts, and when they are due. */

/** The terms of a gift that is none of the merchant's rewards. */
export function giftReward(changes: Partial<Reward> & Pick<Reward, 'kind' | 'currency'>): Reward {
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

/** What a member has been given of one kind, as far as another of it depends on it. */
export interface Given {
  /** Ever, whatever became of them. */
  readonly count: number;
  /** When the last that did not fail was given. */
  readonly lastAt: Date | null;
  /** Set when the last one failed. */
  readonly failed: { readonly at: Date; readonly code: string } | null;
  /** Those that can still be used, or will be, newest first. */
  readonly live: readonly string[];
}

export const NOTHING_GIVEN: Given = { count: 0, lastAt: null, failed: null, live: [] };

export const DAY_MS = 86_400_000;

/** A gift that Shopify refused is tried again, but not at every turn; a customer deleted there will not come back. */
export const mayTryAgain = ({ failed }: Given, now: Date): boolean =>
  failed === null ||
  (failed.code !== 'customer_gone' && now.getTime() - failed.at.getTime() >= DAY_MS);
