import { describe, expect, it } from 'vitest';
import { giftReward, mayTryAgain, NOTHING_GIVEN } from './gifts.rules.ts';
import {
  codeOf,
  earlier,
  expiryOf,
  isReturnable,
  mayBeOurs,
  priceOf,
  whyUnavailable,
  type Eligibility,
} from './redemption.rules.ts';
import type { Reward } from './rewards.rules.ts';

const now = new Date('2026-11-30T12:00:00.700Z');
const reward = (changes: Partial<Reward> = {}): Reward => ({
  ...giftReward({ kind: 'amount_off', currency: 'USD' }),
  pointsCost: 100,
  value: 10_000n,
  ...changes,
});
const member: Eligibility = { isProgramActive: true, tierId: 'gold', segments: ['vip', 'loyal'] };

describe('the price', () => {
  const steps = reward({ mode: 'incremental', minPoints: 200, maxPoints: 1_000 });

  it('of a fixed reward is what it costs, whether or not the shopper says so', () => {
    for (const wanted of [0, 100])
      expect(priceOf(reward(), wanted)).toEqual({ points: 100, value: 10_000n });
    for (const wanted of [1, 99, 200])
      expect(priceOf(reward(), wanted)).toEqual({ problem: 'costs 100 points' });
  });

  it('of one in steps is the least, until the shopper chooses', () => {
    expect(priceOf(steps, 0)).toEqual({ points: 200, value: 20_000n });
    expect(priceOf({ ...steps, minPoints: 0 }, 0)).toEqual({ points: 100, value: 10_000n });
    expect(priceOf({ ...steps, minPoints: 50 }, 0)).toEqual({ points: 100, value: 10_000n });
  });

  it.each([
    [200, { points: 200, value: 20_000n }],
    [1_000, { points: 1_000, value: 100_000n }],
    [100, { problem: 'must be at least 200' }],
    [1_100, { problem: 'must be at most 1000' }],
    [250, { problem: 'must be a multiple of 100' }],
    [-200, { problem: 'must be a multiple of 100' }],
    [0.5, { problem: 'must be a multiple of 100' }],
  ])('of %s points in steps is what they are worth, or says why not', (wanted, price) => {
    expect(priceOf(steps, wanted)).toEqual(price);
  });

  it('has no most where the merchant set none, and no worth where it is no money', () => {
    expect(priceOf({ ...steps, maxPoints: 0 }, 9_900)).toEqual({ points: 9_900, value: 990_000n });
    expect(priceOf({ ...steps, maxPoints: 1, minPoints: 0 }, 100)).toEqual({
      problem: 'must be at most 1',
    });
    expect(priceOf({ ...steps, value: null }, 200)).toEqual({ points: 200, value: null });
  });
});

describe('whether a member can have a reward', () => {
  const why = (changes: Partial<Reward>, of: Partial<Eligibility> = {}) =>
    whyUnavailable(reward(changes), { ...member, ...of });

  it('has no obstacle unless something is in the way', () => {
    expect(why({})).toBeUndefined();
    expect(why({}, { missingPermissions: [] })).toBeUndefined();
    expect(why({ tierIds: ['silver', 'gold'], segments: ['new', 'vip'] })).toBeUndefined();
  });

  it.each<[string, Partial<Reward>, Partial<Eligibility>]>([
    ['the program is switched off', {}, { isProgramActive: false }],
    ['the reward is switched off', { status: 'disabled' }, {}],
    ['the reward is for members of another tier', { tierIds: ['silver'] }, {}],
    ['the reward is for members of another tier', { tierIds: ['silver'] }, { tierId: null }],
    ['the reward is for members of another segment', { segments: ['new'] }, {}],
    ['the reward is for members of another segment', { segments: ['new'] }, { segments: [] }],
  ])('not where %s', (reason, changes, of) => {
    expect(why(changes, of)).toBe(reason);
  });

  it('not where the shop has not granted what it takes, which is named', () => {
    expect(why({}, { missingPermissions: ['write_gift_cards', 'read_products'] })).toBe(
      'the shop has not granted write_gift_cards, read_products',
    );
  });
});

describe('when a code ends', () => {
  it('is whole seconds after so many days, or never', () => {
    expect(expiryOf({ expiresAfterDays: 0 }, now)).toBeNull();
    expect(expiryOf({ expiresAfterDays: 1 }, now)).toEqual(new Date('2026-12-01T12:00:00Z'));
    expect(expiryOf({ expiresAfterDays: 30 }, now)).toEqual(new Date('2026-12-30T12:00:00Z'));
  });

  it('is the earlier of two ends, to the second', () => {
    const later = new Date('2026-12-24T00:00:00.900Z');
    const second = new Date('2026-11-30T12:00:00Z');
    expect(earlier(null, null)).toBeNull();
    expect(earlier(now, null)).toEqual(second);
    expect(earlier(null, now)).toEqual(second);
    expect(earlier(now, later)).toEqual(second);
    expect(earlier(later, now)).toEqual(second);
  });
});

describe('a code may be returned', () => {
  const redemption = {
    status: 'completed',
    isCode: true,
    pointsSpent: 1,
    isUsed: false,
    hasCode: true,
    expiresAt: null,
  };

  it('while it is unused and valid', () => {
    expect(isReturnable(redemption, now)).toBe(true);
    expect(isReturnable({ ...redemption, expiresAt: new Date(now.getTime() + 1) }, now)).toBe(true);
  });

  it.each([
    { status: 'pending' },
    { isCode: false },
    { pointsSpent: 0 },
    { isUsed: true },
    { hasCode: false },
    { expiresAt: now },
  ])('but not when %o', (change) => {
    expect(isReturnable({ ...redemption, ...change }, now)).toBe(false);
  });
});

describe('codes', () => {
  const bytes = Buffer.from('0102030405060708090a0b0c', 'hex');

  it('are always the same for the same redemption, and as long as Shopify takes', () => {
    expect(codeOf('amount_off', 'NEST', bytes)).toBe('NEST-041061050R3GG');
    expect(codeOf('gift_card', 'NEST', bytes)).toBe('041061050R3GG28A');
    expect(codeOf('amount_off', 'X', Buffer.alloc(10, 255))).toBe('X-ZZZZZZZZZZZZZ');
  });

  it('on an order are looked for only when they look like ours', () => {
    expect(mayBeOurs(codeOf('amount_off', 'NEST', bytes))).toBe(true);
    expect(mayBeOurs(' nest-041061050r3gg ')).toBe(true);
    for (const other of ['WELCOME10', 'NEST-041061050R3G', 'NEST-O41061050R3GG', '-041061050R3GG'])
      expect(mayBeOurs(other), other).toBe(false);
  });
});

describe('a gift', () => {
  it('costs nothing, is for all members and combines with nothing, unless it says so', () => {
    expect(giftReward({ kind: 'percent_off', currency: 'EUR', value: 100_000n })).toEqual({
      rewardId: '',
      kind: 'percent_off',
      channel: 'online',
      status: 'active',
      title: {},
      description: {},
      pointsCost: 0,
      value: 100_000n,
      currency: 'EUR',
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
      codePrefix: 'LN',
      combinesWith: { order: false, product: false, shipping: false },
      expiresAfterDays: 0,
      tierIds: [],
      segments: [],
      iconUrl: '',
      position: 0,
    });
  });

  it('that Shopify refused is tried again after a day, and never for a customer who is gone', () => {
    const failed = (at: string, code = 'refused') =>
      mayTryAgain({ ...NOTHING_GIVEN, failed: { at: new Date(at), code } }, now);
    expect(mayTryAgain(NOTHING_GIVEN, now)).toBe(true);
    expect(failed('2026-11-29T12:00:00.700Z')).toBe(true);
    expect(failed('2026-11-29T12:00:00.701Z')).toBe(false);
    expect(failed('2026-11-01T12:00:00Z', 'customer_gone')).toBe(false);
  });
});
