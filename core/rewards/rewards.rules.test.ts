import { describe, expect, test } from 'vitest';
import type { Reward as RewardMessage } from '#proto/points/v1/rewards.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { codeOf, isReturnable, mayBeOurs, priceOf, whyUnavailable } from './redemption.rules.ts';
import {
  configOf,
  rewardFromMessage,
  rewardFromStored,
  shortAmount,
  type Reward,
  type RewardProblem,
} from './rewards.rules.ts';

function message(changes: Partial<RewardMessage>): RewardMessage {
  return {
    rewardId: '',
    kind: 'amount_off',
    channel: 'online',
    status: 'active',
    title: { en: 'A reward' },
    description: {},
    pointsCost: 500,
    value: '5.00',
    currency: '',
    discount: '',
    mode: 'fixed',
    minPoints: 0,
    maxPoints: 0,
    appliesTo: 'order',
    collectionId: '',
    productId: '',
    variantId: '',
    targetTitle: '',
    maxShipping: '',
    minPurchase: '',
    codePrefix: '',
    combinesWith: undefined,
    expiresAfterDays: 0,
    tierIds: [],
    segments: [],
    iconUrl: '',
    position: 0,
    createdAt: '',
    updatedAt: '',
    redeemed: 0,
    used: 0,
    pointsSpent: 0,
    revision: '',
    ...changes,
  };
}

const read = (changes: Partial<RewardMessage>, currency = 'USD'): Reward | RewardProblem =>
  rewardFromMessage(message(changes), { currency, position: 1, rewardId: 'r' });
function reward(changes: Partial<RewardMessage>, currency = 'USD'): Reward {
  const made = read(changes, currency);
  if ('message' in made) throw new Error(`${made.field} ${made.message}`);
  return made;
}
function worth(one: Reward, points = 0): string {
  const price = priceOf(one, points);
  if ('problem' in price) return price.problem;
  const value = price.value === null ? 'all of it' : shortAmount(price.value, one.discount);
  return `${price.points} for ${value}${one.discount === 'percent' ? ' %' : ''}`;
}

describe('the maximum of an amount', () => {
  test.each([
    ['VND', '5000000', '26000000000', '26000000001'],
    ['IDR', '16000000', '16000000000', '16000000001'],
    ['JPY', '1500000', '150000000', '150000001'],
    ['USD', '5', '1000000', '1000000.01'],
    ['KWD', '1.5', '1000000', '1000000.001'],
  ])('suits the size of %s: %s and up to %s, and not %s', (currency, usual, most, beyond) => {
    expect(reward({ value: usual, minPurchase: most }, currency)).toHaveProperty('value');
    expect(reward({ value: most }, currency)).toHaveProperty('value');
    expect(read({ value: beyond }, currency)).toMatchObject({ field: 'reward.value' });
    expect(read({ minPurchase: beyond }, currency)).toMatchObject({ field: 'reward.min_purchase' });
  });
});

describe('every cell of the table of rewards', () => {
  test('fixed amount off: 500 points are $5', () => {
    expect(worth(reward({ kind: 'amount_off' }))).toBe('500 for 5.00');
  });

  test('amount off in increments: each 100 points are $1, between a minimum and a maximum', () => {
    const one = reward({
      kind: 'amount_off',
      pointsCost: 100,
      value: '1.00',
      mode: 'incremental',
      minPoints: 200,
      maxPoints: 1_000,
    });
    expect(worth(one)).toBe('200 for 2.00');
    expect(worth(one, 700)).toBe('700 for 7.00');
    expect(worth(one, 1_000)).toBe('1000 for 10.00');
    expect(worth(one, 100)).toBe('must be at least 200');
    expect(worth(one, 1_100)).toBe('must be at most 1000');
    expect(worth(one, 250)).toBe('must be a multiple of 100');
    const unbounded = reward({ pointsCost: 100, value: '1.00', mode: 'incremental' });
    expect(worth(unbounded, 123_400)).toBe('123400 for 1234.00');
  });

  test('percentage off: 1000 points are 10 %', () => {
    expect(worth(reward({ kind: 'percent_off', pointsCost: 1_000, value: '10' }))).toBe(
      '1000 for 10 %',
    );
    expect(read({ kind: 'percent_off', value: '100.01' })).toMatchObject({ field: 'reward.value' });
  });

  test('free shipping: 1000 points, for shipping of at most $25 if the merchant says so', () => {
    const one = reward({
      kind: 'free_shipping',
      pointsCost: 1_000,
      value: '',
      maxShipping: '25.00',
    });
    expect(worth(one)).toBe('1000 for all of it');
    expect(one.maxShipping).toBe(250_000n);
    expect(reward({ kind: 'free_shipping', maxShipping: '' }).maxShipping).toBeNull();
  });

  test('free product: 1500 points for a product that was picked', () => {
    const one = reward({
      kind: 'free_product',
      pointsCost: 1_500,
      productId: '7',
      variantId: '8',
      targetTitle: 'A mug',
    });
    expect(worth(one)).toBe('1500 for all of it');
    expect(read({ kind: 'free_product', variantId: '' })).toMatchObject({
      field: 'reward.variant_id',
    });
  });

  test('checkout coupon: an amount or a percentage', () => {
    expect(worth(reward({ kind: 'coupon', value: '5.00', discount: 'amount' }))).toBe(
      '500 for 5.00',
    );
    expect(worth(reward({ kind: 'coupon', value: '15', discount: 'percent' }))).toBe(
      '500 for 15 %',
    );
  });

  test('cashback: what the merchant sets, such as $10', () => {
    expect(worth(reward({ kind: 'cashback', pointsCost: 1_000, value: '10.00' }))).toBe(
      '1000 for 10.00',
    );
  });

  test('exclusive product: a free product for the members of a tier', () => {
    const tier = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';
    const one = reward({ kind: 'free_product', variantId: '8', tierIds: [tier] });
    const member = { isProgramActive: true, segments: [], tierId: tier };
    expect(whyUnavailable(one, member)).toBeUndefined();
    expect(whyUnavailable(one, { ...member, tierId: null })).toMatch(/tier/);
  });

  test('store credit: 500 points are $1, or each 100 are $1', () => {
    expect(worth(reward({ kind: 'store_credit', value: '1.00' }))).toBe('500 for 1.00');
    const steps = reward({
      kind: 'store_credit',
      pointsCost: 100,
      value: '1.00',
      mode: 'incremental',
    });
    expect(worth(steps, 300)).toBe('300 for 3.00');
  });

  test('gift card: 500 points are $5, or each 100 are $1 from 100 to 1000', () => {
    expect(worth(reward({ kind: 'gift_card' }))).toBe('500 for 5.00');
    const steps = reward({
      kind: 'gift_card',
      pointsCost: 100,
      value: '1.00',
      mode: 'incremental',
      minPoints: 100,
      maxPoints: 1_000,
    });
    expect(worth(steps)).toBe('100 for 1.00');
    expect(worth(steps, 1_100)).toBe('must be at most 1000');
  });

  test('POS amount 500 for $5 and POS percent 1000 for 10 %, and no other kind in POS', () => {
    expect(worth(reward({ channel: 'pos' }))).toBe('500 for 5.00');
    expect(
      worth(reward({ channel: 'pos', kind: 'percent_off', pointsCost: 1_000, value: '10' })),
    ).toBe('1000 for 10 %');
    expect(read({ channel: 'pos', kind: 'gift_card' })).toMatchObject({ field: 'reward.channel' });
  });

  test('common settings: a collection, a minimum purchase, a prefix, combinations, an expiry', () => {
    const one = reward({
      appliesTo: 'collection',
      collectionId: '9',
      minPurchase: '20.00',
      codePrefix: ' vip7 ',
      combinesWith: { order: true, product: false, shipping: true },
      expiresAfterDays: 30,
    });
    expect(one).toMatchObject({
      collectionId: '9',
      minPurchase: 200_000n,
      codePrefix: 'VIP7',
      combinesWith: { order: true, product: false, shipping: true },
      expiresAfterDays: 30,
    });
    expect(read({ appliesTo: 'collection' })).toMatchObject({ field: 'reward.collection_id' });
    expect(read({ codePrefix: 'not a prefix' })).toMatchObject({ field: 'reward.code_prefix' });
    expect(read({ expiresAfterDays: -1 })).toMatchObject({ field: 'reward.expires_after_days' });
    expect(read({ minPurchase: '0' })).toMatchObject({ field: 'reward.min_purchase' });
  });

  test('switched off, or a program that is, gives nothing', () => {
    const member = { isProgramActive: true, tierId: null, segments: ['loyal'] };
    expect(whyUnavailable(reward({}), member)).toBeUndefined();
    expect(whyUnavailable(reward({ status: 'disabled' }), member)).toMatch(/switched off/);
    expect(whyUnavailable(reward({}), { ...member, isProgramActive: false })).toMatch(/program/);
    expect(whyUnavailable(reward({ segments: ['champions'] }), member)).toMatch(/segment/);
    expect(whyUnavailable(reward({ segments: ['loyal'] }), member)).toBeUndefined();
  });
});

describe('a reward as it is kept', () => {
  test('comes back as it was', () => {
    for (const changes of [
      { kind: 'coupon', value: '12.5', discount: 'percent', description: { en: 'x', fr: 'y' } },
      { mode: 'incremental', pointsCost: 100, value: '1.00', minPoints: 100, maxPoints: 500 },
      { appliesTo: 'collection', collectionId: '9', targetTitle: 'Tea', minPurchase: '12.50' },
      { kind: 'free_shipping', value: '', maxShipping: '25.00' },
    ]) {
      const one = reward(changes);
      const stored = rewardFromStored({
        reward_id: 'r',
        type: one.kind,
        channel: one.channel,
        status: one.status,
        title: one.title,
        points_cost: one.pointsCost,
        value: one.value === null ? null : formatAmount(one.value),
        currency: one.currency,
        config: JSON.parse(JSON.stringify(configOf(one))) as unknown,
        icon_url: null,
      });
      expect(stored).toEqual(one);
    }
  });

  test('has a text in English and an amount with its currency’s decimal places', () => {
    expect(read({ title: { fr: 'Un avantage' } })).toMatchObject({ field: 'reward.title' });
    expect(read({ value: '5.001' })).toMatchObject({ field: 'reward.value' });
    expect(read({ value: '5.50' }, 'JPY')).toMatchObject({ field: 'reward.value' });
    expect(worth(reward({ value: '500' }, 'JPY'))).toBe('500 for 500.00');
    expect(read({ value: '-5' })).toMatchObject({ field: 'reward.value' });
    expect(read({ pointsCost: 0 })).toMatchObject({ field: 'reward.points_cost' });
  });
});

describe('a code', () => {
  const hash = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

  test('is the same each time, with the merchant’s prefix, and is recognized on an order', () => {
    expect(codeOf('amount_off', 'LN', hash)).toBe('LN-008J4CT4ANK7F');
    expect(mayBeOurs(codeOf('amount_off', 'LN', hash))).toBe(true);
    expect(mayBeOurs(' ln-008j4ct4ank7f ')).toBe(true);
    expect(mayBeOurs('SUMMER-2026')).toBe(false);
  });

  test('of a gift card has 16 letters and digits, as Shopify wants it', () => {
    expect(codeOf('gift_card', 'LN', hash)).toMatch(/^[0-9A-Z]{16}$/);
  });

  test('can be returned for its points while it is valid and unused', () => {
    const now = new Date('2026-11-01');
    const code = {
      status: 'completed',
      isCode: true,
      hasCode: true,
      pointsSpent: 500,
      isUsed: false,
      expiresAt: null,
    };
    expect(isReturnable(code, now)).toBe(true);
    expect(isReturnable({ ...code, isUsed: true }, now)).toBe(false);
    expect(isReturnable({ ...code, isCode: false }, now)).toBe(false);
    expect(isReturnable({ ...code, status: 'returned' }, now)).toBe(false);
    expect(isReturnable({ ...code, expiresAt: now }, now)).toBe(false);
    // A gift of a campaign took no points that could go back.
    expect(isReturnable({ ...code, pointsSpent: 0 }, now)).toBe(false);
  });
});
