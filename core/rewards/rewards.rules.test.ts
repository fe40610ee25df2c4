import { describe, expect, test } from 'vitest';
import type { Reward as RewardMessage } from '#proto/points/v1/rewards.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { codeOf, isReturnable, mayBeOurs, priceOf, whyUnavailable } from './redemption.rules.ts';
import {
  configOf,
  missingPermissions,
  rewardFromMessage,
  rewardFromStored,
  rewardRevision,
  shortAmount,
  toRewardMessage,
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

const neither = { order: false, product: false, shipping: false };

describe('the bounds of a reward', () => {
  const steps = { mode: 'incremental', pointsCost: 100, value: '1' };
  const refused = (changes: Partial<RewardMessage>) => {
    const made = read(changes);
    if (!('message' in made)) return 'was accepted';
    expect(made.message).toMatch(/\w/);
    return made.field.replace('reward.', '');
  };

  test.each<[string, Partial<RewardMessage>]>([
    ['kind', { kind: 'lottery' }],
    ['channel', { kind: 'coupon', channel: 'pos' }],
    ['title', { title: { en: ' ' } }],
    ['points_cost', { pointsCost: 1_000_000_000_001 }],
    ['points_cost', { pointsCost: 0.5 }],
    ['value', { value: '0' }],
    ['value', { value: '' }],
    ['value', { kind: 'percent_off', value: '12.345' }],
    ['min_points', { ...steps, minPoints: 150 }],
    ['min_points', { ...steps, minPoints: -100 }],
    ['max_points', { ...steps, maxPoints: 150 }],
    ['max_points', { ...steps, minPoints: 300, maxPoints: 200 }],
    ['max_points', { ...steps, maxPoints: 1_000_000_000_100 }],
    ['collection_id', { appliesTo: 'collection' }],
    ['variant_id', { kind: 'free_product' }],
    ['max_shipping', { kind: 'free_shipping', maxShipping: '0' }],
    ['max_shipping', { kind: 'free_shipping', maxShipping: 'much' }],
    ['max_shipping', { kind: 'free_shipping', maxShipping: '1.005' }],
    ['min_purchase', { minPurchase: '-1' }],
    ['min_purchase', { minPurchase: '1.005' }],
    ['code_prefix', { codePrefix: 'ELEVENCHARS' }],
    ['expires_after_days', { expiresAfterDays: 3_651 }],
    ['expires_after_days', { expiresAfterDays: 0.5 }],
  ])('are kept at %s: %o', (field, changes) => {
    expect(refused(changes)).toBe(field);
  });

  test.each<Partial<RewardMessage>>([
    { pointsCost: 1 },
    { pointsCost: 1_000_000_000_000 },
    { value: '0.01' },
    { kind: 'percent_off', value: '0.01' },
    { kind: 'percent_off', value: '100' },
    { ...steps, minPoints: 300, maxPoints: 300 },
    { ...steps, minPoints: 0, maxPoints: 100 },
    { kind: 'free_shipping', maxShipping: '0.01' },
    { codePrefix: 'TENLETTERS' },
    { expiresAfterDays: 3_650 },
    // What a kind has no use for is not looked at.
    { kind: 'gift_card', minPurchase: '-1' },
    { maxShipping: 'much' },
    { minPoints: 7 },
    { kind: 'free_shipping', value: 'much' },
  ])('reach as far as %o', (changes) => {
    expect(refused(changes)).toBe('was accepted');
  });
});

describe('a reward has of its message', () => {
  test('what its kind has a use for', () => {
    const limits = {
      appliesTo: 'collection',
      collectionId: '9',
      productId: '7',
      variantId: '8',
      targetTitle: 'Tea',
      maxShipping: '25',
      minPurchase: '20',
      combinesWith: { order: true, product: true, shipping: true },
      mode: 'incremental',
      minPoints: 500,
      maxPoints: 1_000,
    };
    const all = { order: true, product: true, shipping: true };
    expect(reward({ ...limits, kind: 'amount_off' })).toMatchObject({
      appliesTo: 'collection',
      collectionId: '9',
      productId: '',
      variantId: '',
      targetTitle: 'Tea',
      maxShipping: null,
      minPurchase: 200_000n,
      combinesWith: all,
      mode: 'incremental',
      minPoints: 500,
      maxPoints: 1_000,
    });
    expect(reward({ ...limits, kind: 'free_shipping' })).toMatchObject({
      appliesTo: 'order',
      collectionId: '',
      targetTitle: '',
      value: null,
      maxShipping: 250_000n,
      combinesWith: { ...all, shipping: false },
      mode: 'fixed',
      minPoints: 0,
      maxPoints: 0,
    });
    expect(reward({ ...limits, appliesTo: 'order', kind: 'free_product' })).toMatchObject({
      productId: '7',
      variantId: '8',
      targetTitle: 'Tea',
    });
    expect(reward({ ...limits, kind: 'gift_card' })).toMatchObject({
      appliesTo: 'order',
      minPurchase: null,
      combinesWith: { order: false, product: false, shipping: false },
      mode: 'incremental',
    });
    for (const kind of ['percent_off', 'coupon', 'cashback'])
      expect(reward({ ...limits, kind }).mode, kind).toBe('fixed');
    expect(reward({ ...limits, kind: 'store_credit' }).mode).toBe('incremental');
  });

  test('its words without blanks, and a prefix where none is named', () => {
    expect(
      reward({ title: { en: ' Five ', fr: ' ' }, description: { es: ' Para ti ' } }),
    ).toMatchObject({ title: { en: 'Five' }, description: { es: 'Para ti' }, codePrefix: 'LN' });
  });

  test('whom it is for, where it stands and whether it is on', () => {
    const iconUrl = 'https://shop.example/a.png';
    expect(reward({ tierIds: ['gold'], segments: ['vip'], iconUrl })).toMatchObject({
      rewardId: 'r',
      tierIds: ['gold'],
      segments: ['vip'],
      iconUrl,
      position: 1,
      status: 'active',
      channel: 'online',
      currency: 'USD',
    });
    expect(reward({ status: 'disabled', channel: 'pos' })).toMatchObject({
      status: 'disabled',
      channel: 'pos',
    });
    expect(reward({ combinesWith: undefined }).combinesWith.order).toBe(false);
  });
});

describe('a reward is shown', () => {
  const stored = {
    createdAt: new Date('2026-11-01T00:00:00Z'),
    updatedAt: new Date('2026-11-02T00:00:00Z'),
    redeemed: 3,
    used: 2,
    pointsSpent: 1_500,
  };

  test('as it was told, with what became of it', () => {
    for (const changes of [
      { minPurchase: '20.00', combinesWith: { order: true, product: false, shipping: true } },
      { kind: 'coupon', discount: 'percent', value: '12.5', combinesWith: neither },
      {
        kind: 'free_product',
        productId: '7',
        variantId: '8',
        targetTitle: 'A mug',
        value: '',
        combinesWith: neither,
      },
      { kind: 'free_shipping', maxShipping: '25.00', value: '', combinesWith: neither },
    ]) {
      const one = reward({ ...changes, codePrefix: 'VIP' });
      expect(toRewardMessage(one, stored)).toEqual({
        ...message({ ...changes, codePrefix: 'VIP' }),
        rewardId: 'r',
        currency: 'USD',
        discount: changes.kind === 'coupon' ? 'percent' : 'amount',
        position: 1,
        revision: rewardRevision(one),
        ...stored,
        createdAt: '2026-11-01T00:00:00.000Z',
        updatedAt: '2026-11-02T00:00:00.000Z',
      });
    }
    expect(
      toRewardMessage(reward({}), { ...stored, createdAt: null, updatedAt: null }),
    ).toMatchObject({ createdAt: '', updatedAt: '' });
  });

  test('to an editor under a revision that its place in the list does not change', () => {
    const one = reward({});
    expect(rewardRevision({ ...one, position: 7 })).toBe(rewardRevision(one));
    expect(rewardRevision({ ...one, pointsCost: 7 })).not.toBe(rewardRevision(one));
  });
});

describe('a reward that is stored', () => {
  const row = {
    reward_id: 'r',
    type: 'lottery',
    channel: 'moon',
    status: 'odd',
    title: { en: 'x', fr: 7, es: '' },
    points_cost: 5,
    value: 'much',
    currency: null,
    config: 7,
    icon_url: null,
  };

  test('and malformed is off, and as little as can be', () => {
    expect(rewardFromStored(row)).toEqual({
      rewardId: 'r',
      kind: 'amount_off',
      channel: 'online',
      status: 'disabled',
      title: { en: 'x' },
      description: {},
      pointsCost: 5,
      value: null,
      currency: '',
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
      combinesWith: neither,
      expiresAfterDays: 0,
      tierIds: [],
      segments: [],
      iconUrl: '',
      position: 0,
    });
  });

  test('is known by its status, and its percentage by its kind', () => {
    for (const status of ['active', 'deleted', 'disabled'])
      expect(rewardFromStored({ ...row, status }).status).toBe(status);
    expect(rewardFromStored({ ...row, type: 'percent_off' }).discount).toBe('percent');
    expect(rewardFromStored({ ...row, channel: 'pos', icon_url: 'i' })).toMatchObject({
      channel: 'pos',
      iconUrl: 'i',
    });
  });

  test('holds nothing that it does not say', () => {
    const config = configOf(reward({}));
    for (const name of ['discount', 'min_points', 'max_points', 'collection_id', 'product_id'])
      expect(config).not.toHaveProperty(name);
    for (const name of ['variant_id', 'target_title', 'max_shipping', 'min_purchase'])
      expect(config).not.toHaveProperty(name);
  });
});

test('what the shop has not granted is named, unless that is unknown', () => {
  expect(missingPermissions('gift_card', null)).toEqual([]);
  expect(missingPermissions('gift_card', '')).toEqual(['write_gift_cards']);
  expect(missingPermissions('free_product', 'read_products, write_discounts')).toEqual([]);
});
