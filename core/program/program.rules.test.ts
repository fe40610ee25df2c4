import { describe, expect, it } from 'vitest';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { earningFromConfig, multipliersIntoJson } from './earning-config.rules.ts';
import { DEFAULT_EARNING, type ActionRule, type EarningRules } from './earning.rules.ts';
import {
  DEFAULT_PROGRAM,
  expiryOf,
  parseRate,
  programFromConfig,
  programFromMessage,
  programIntoConfig,
  rateDecimal,
  rateKept,
  startingConfig,
  toProgramMessage,
  type Program,
} from './program.rules.ts';

const now = new Date('2026-11-30T12:00:00Z');
const message = (changes: Partial<PointsProgram> = {}): PointsProgram => ({
  ...toProgramMessage(DEFAULT_PROGRAM, null),
  ...changes,
});
const read = (changes: Partial<PointsProgram>, before: Program = DEFAULT_PROGRAM) =>
  programFromMessage(message(changes), before, now);
const refused = (changes: Partial<PointsProgram>): string => {
  const program = read(changes);
  if (!('field' in program)) return 'was accepted';
  expect(program.message).toMatch(/\w/);
  return program.field.replace('program.', '');
};
const stored = (config: unknown) => programFromConfig(config);

/** Nothing of it is as it was in the beginning. */
const earning: EarningRules = {
  ...DEFAULT_EARNING,
  actions: {
    ...DEFAULT_EARNING.actions,
    social_follow: {
      ...DEFAULT_EARNING.actions.social_follow,
      isEnabled: true,
      points: 7,
      icon: 'gift',
      limit: 2,
      conditions: { tierIds: ['gold'], segments: ['vip'], minSpend: 125_000n },
      networks: { x: '@mugs' },
      message: 'Follow us',
    },
    birthday: { ...DEFAULT_EARNING.actions.birthday, daysBefore: 14 },
    review: { ...DEFAULT_EARNING.actions.review, isOnTrust: true },
    goal_spend: {
      ...DEFAULT_EARNING.actions.goal_spend,
      amount: 505_000n,
      repeats: true,
      since: '2026-01-01T00:00:00.000Z',
    },
  },
  participants: 'accounts',
  excludedProducts: [{ productId: '7', title: 'A gift card' }],
  firstPurchase: { isEnabled: true, factor: 30_000n },
  champions: { isEnabled: false, factor: 12_500n },
  stacking: 'multiply',
  purchaseIcon: 'star',
  signupIcon: 'heart',
};
const changed: Program = {
  isActive: false,
  isPurchaseEnabled: false,
  rate: 30_000n,
  per: 2n,
  awardOn: 'created',
  pendingDays: 14,
  isSignupEnabled: false,
  signupPoints: 7,
  expiryDays: 365,
  expiryMode: 'activity',
  refundPolicy: 'clip',
  earning,
  giftCardsEarn: true,
  testOrders: 'on',
  testOrdersEarn: true,
  version: 9,
};

describe('a program that is stored', () => {
  it('is what the shop begins with where nothing is', () => {
    for (const nothing of [undefined, null, {}, [], 'x', { earning: 7 }])
      expect(stored(nothing), JSON.stringify(nothing)).toEqual(DEFAULT_PROGRAM);
  });

  it('is read as it was written, beside what other features keep there', () => {
    const config = programIntoConfig(
      { launcher: 'left', earning: { points_per_euro: 3, actions: { signup: { note: 'x' } } } },
      changed,
    );
    const multipliers = multipliersIntoJson({ note: 'x' }, earning);
    expect(stored({ ...config, dynamic_multipliers: multipliers })).toEqual(changed);
    expect(config).toMatchObject({
      launcher: 'left',
      status: 'disabled',
      earning: { points_per_euro: 3, actions: { signup: { note: 'x', points: 7 } } },
    });
    expect(multipliers).toEqual({
      note: 'x',
      first_purchase_24h: 3,
      rfm_champion: 1.25,
      enabled: ['first_purchase_24h'],
      stacking: 'multiply',
    });
    const both = { ...earning, champions: { isEnabled: true, factor: 10_000n } };
    expect(earningFromConfig({}, multipliersIntoJson({}, both)).champions).toEqual(both.champions);
  });

  it('leaves its multipliers to their own column', () => {
    expect(
      programIntoConfig({ dynamic_multipliers: { stacking: 'x' } }, changed),
    ).not.toHaveProperty('dynamic_multipliers');
  });

  it('can be read by the release before: its status, and points per unit as a decimal', () => {
    expect(programIntoConfig({}, DEFAULT_PROGRAM)).toMatchObject({
      status: 'active',
      earning: { points_per_dollar: '10', rate: { points: 10, per: 1 } },
    });
    expect(programIntoConfig({}, changed)).toMatchObject({ earning: { points_per_dollar: '1.5' } });
  });

  it('says nothing of test orders while the kind of shop decides', () => {
    const config = programIntoConfig({ earning: { test_orders: true } }, DEFAULT_PROGRAM);
    expect(config['earning']).not.toHaveProperty('test_orders');
    expect(stored({ is_development: true })).toMatchObject({
      testOrders: 'auto',
      testOrdersEarn: true,
    });
    expect(stored({ is_development: true, earning: { test_orders: false } })).toMatchObject({
      testOrders: 'off',
      testOrdersEarn: false,
    });
    expect(stored({ earning: { test_orders: true } })).toMatchObject({
      testOrders: 'on',
      testOrdersEarn: true,
    });
    expect(stored(programIntoConfig({}, { ...changed, testOrders: 'off' }))).toMatchObject({
      testOrders: 'off',
    });
  });

  it('is off with any other status than active', () => {
    expect(stored({ status: 'active' }).isActive).toBe(true);
    expect(stored({ status: 'paused' }).isActive).toBe(false);
  });

  it.each([
    { points: 1_000_001, per: 1 },
    { points: -1, per: 1 },
    { points: 1, per: 0 },
    { points: 1, per: 1_000_000_001 },
    { points: '10', per: 1 },
    { points: 1.5, per: 1 },
  ])('has the rate of the beginning where none can be: %o', (rate) => {
    expect(stored({ earning: { rate } })).toMatchObject({ rate: 100_000n, per: 1n });
  });

  it('has a rate of nothing, of the largest numbers, and of an older decimal of nothing', () => {
    expect(stored({ earning: { rate: { points: 0, per: 1 } } }).rate).toBe(0n);
    const largest = { points: 1_000_000, per: 1_000_000_000 };
    expect(stored({ earning: { rate: largest } })).toMatchObject({
      rate: 10_000_000_000n,
      per: 1_000_000_000n,
    });
    expect(stored({ earning: { points_per_dollar: '0' } })).toMatchObject({ rate: 0n, per: 1n });
    expect(stored({ earning: { points_per_dollar: 'many' } }).rate).toBe(100_000n);
    expect(stored({ earning: { points_per_dollar: true } }).rate).toBe(100_000n);
  });
});

describe('earning rules that are stored', () => {
  const rule = (review: unknown): ActionRule =>
    earningFromConfig({ actions: { review } }, {}).actions.review;

  it('are those of the beginning where they are malformed', () => {
    const odd = {
      enabled: 'yes',
      points: '7',
      icon: 'skull',
      limit: 1.5,
      conditions: [],
      message: 7,
      days_before: null,
      amount: 'much',
      repeats: 1,
      on_trust: 'true',
      since: 7,
    };
    expect(rule(odd)).toEqual(DEFAULT_EARNING.actions.review);
    expect(rule(undefined)).toEqual(DEFAULT_EARNING.actions.review);
    expect(earningFromConfig('x', ['x'])).toEqual(DEFAULT_EARNING);
    expect(
      earningFromConfig({ excluded_products: 'x', participants: 'x', icon: 7 }, { enabled: 'x' }),
    ).toEqual(DEFAULT_EARNING);
  });

  it('have the networks that they name, and no others once they name any', () => {
    const shared = (networks: unknown) =>
      earningFromConfig({ actions: { social_share: { networks } } }, {}).actions.social_share
        .networks;
    expect(shared(undefined)).toEqual({ facebook: '', x: '' });
    expect(shared({ x: '', myspace: '@mugs', tiktok: 7 })).toEqual({ x: '' });
    expect(shared({})).toEqual({});
  });

  it('exclude what has an id, with its title if there is one', () => {
    const excluded = [{ product_id: '7', title: 'A mug' }, { product_id: '8' }, { title: 'x' }, 7];
    expect(earningFromConfig({ excluded_products: excluded }, {}).excludedProducts).toEqual([
      { productId: '7', title: 'A mug' },
      { productId: '8', title: '' },
    ]);
  });

  it('keep what they do not ask for out of what is stored', () => {
    const config = programIntoConfig({}, DEFAULT_PROGRAM)['earning'] as {
      readonly actions: Readonly<Record<string, object>>;
    };
    expect(config.actions['review']).toEqual({
      enabled: false,
      points: 100,
      icon: 'star',
      limit: 0,
      conditions: {},
      networks: {},
      message: '',
      days_before: 0,
      amount: '0.00',
      repeats: false,
      on_trust: false,
    });
  });
});

describe('a new shop', () => {
  it('gives ten points for about a dollar, and a goal of about a hundred', () => {
    expect(startingConfig('USD')).toEqual({
      earning: { rate: { points: 10, per: 1 }, actions: { goal_spend: { amount: '100.00' } } },
    });
    expect(startingConfig('JPY')).toEqual({
      earning: { rate: { points: 1, per: 15 }, actions: { goal_spend: { amount: '15000.00' } } },
    });
  });
});

describe('a rate', () => {
  it('is kept as points, or as points for so many units', () => {
    expect(rateKept({ rate: 100_000n, per: 1n })).toBe('10');
    expect(rateKept({ rate: 5_000n, per: 1n })).toBe('0.5');
    expect(rateKept({ rate: 10_000n, per: 15n })).toBe('1/15');
  });

  it('is a decimal of points per unit, where it is one of four places', () => {
    expect(rateDecimal({ rate: 30_000n, per: 2n })).toBe('1.5');
    expect(rateDecimal({ rate: 10_000n, per: 15n })).toBe('');
  });

  it.each(['', 'many', '10/0', '10/-2', '10/1.5', '10/x', `1/1${'0'.repeat(16)}`])(
    'is none when it is %j',
    (text) => {
      expect(parseRate(text)).toBeUndefined();
    },
  );

  it('is read again for one unit and for many', () => {
    expect(parseRate('0.5')).toEqual({ rate: 5_000n, per: 1n });
    expect(parseRate('10/150')).toEqual({ rate: 100_000n, per: 150n });
    expect(parseRate(`1/1${'0'.repeat(15)}`)).toEqual({ rate: 10_000n, per: 10n ** 15n });
  });
});

it('points expire by the program when it says so, and never otherwise', () => {
  expect(expiryOf({ expiryDays: 0 }, now)).toBeNull();
  expect(expiryOf({ expiryDays: 1 }, now)).toEqual({ by: 'program', at: now });
});

describe('what an editor is shown and sends back', () => {
  it('is the program, whole', () => {
    expect(toProgramMessage(changed, now)).toMatchObject({
      active: false,
      purchase: { enabled: false, points: 3, per: 2, pointsPerUnit: '1.5', awardOn: 'created' },
      signup: { enabled: false, points: 7 },
      expiryDays: 365,
      expiryMode: 'activity',
      refundPolicy: 'clip',
      version: 9,
      giftCards: 'earn',
      testOrders: 'on',
      updatedAt: '2026-11-30T12:00:00.000Z',
    });
    expect(message()).toMatchObject({ giftCards: 'nothing', updatedAt: '' });
    expect(programFromMessage(toProgramMessage(changed, now), changed, now)).toEqual({
      ...changed,
      version: 10,
    });
  });

  it('leaves as it was what is not said', () => {
    const silent = { earning: undefined, giftCards: '', testOrders: '', expiryMode: '' };
    expect(read(silent, changed)).toMatchObject({
      earning,
      giftCardsEarn: true,
      testOrders: 'on',
      testOrdersEarn: true,
      expiryMode: 'activity',
    });
    expect(read({ signup: undefined })).toMatchObject({ isSignupEnabled: false, signupPoints: 0 });
  });

  it('decides of test orders: always, never, or as the kind of shop has it', () => {
    const development = { ...DEFAULT_PROGRAM, testOrdersEarn: true };
    expect(read({ testOrders: 'auto' }, development)).toMatchObject({ testOrdersEarn: true });
    expect(read({ testOrders: 'off' }, development)).toMatchObject({ testOrdersEarn: false });
    expect(read({ testOrders: 'on' })).toMatchObject({ testOrders: 'on', testOrdersEarn: true });
  });

  it('decides of gift cards', () => {
    expect(read({ giftCards: 'earn' })).toMatchObject({ giftCardsEarn: true });
    expect(read({ giftCards: 'nothing' }, changed)).toMatchObject({ giftCardsEarn: false });
  });

  it.each<[string, Partial<PointsProgram>]>([
    ['purchase.award_on', { purchase: { ...purchaseOf({ points: 10, per: 1 }), awardOn: 'sent' } }],
    ['purchase.award_on', { purchase: { ...purchaseOf({ points: 10, per: 1 }), awardOn: '' } }],
    ['signup.points', { signup: { enabled: true, points: 0 } }],
    ['signup.points', { signup: { enabled: false, points: -1 } }],
    ['signup.points', { signup: { enabled: true, points: 1_000_001 } }],
    ['expiry_days', { expiryDays: -1 }],
    ['expiry_days', { expiryDays: 3_651 }],
    ['expiry_days', { expiryDays: 0.5 }],
    ['expiry_mode', { expiryMode: 'sometimes' }],
    ['refund_policy', { refundPolicy: '' }],
    ['gift_cards', { giftCards: 'maybe' }],
    ['test_orders', { testOrders: 'maybe' }],
    ['earning.participants', { earning: { ...earningOf(), participants: 'friends' } }],
    ['purchase.points', { purchase: purchaseOf({ points: 0, per: 1 }) }],
    ['purchase.per', { purchase: purchaseOf({ points: 1, per: 0 }) }],
    ['purchase.points_per_unit', { purchase: purchaseOf({ pointsPerUnit: '0' }) }],
    ['purchase.points_per_unit', { purchase: purchaseOf({ pointsPerUnit: '-1', enabled: false }) }],
    ['purchase.points_per_unit', { purchase: purchaseOf({ pointsPerUnit: '1000000.0001' }) }],
    ['purchase.points_per_unit', { purchase: undefined }],
  ])('is refused at %s when it is %j', (field, changes) => {
    expect(refused(changes)).toBe(field);
  });

  it.each<[Partial<PointsProgram>]>([
    [{ signup: { enabled: true, points: 1 } }],
    [{ signup: { enabled: false, points: 0 } }],
    [{ signup: { enabled: true, points: 1_000_000 } }],
    [{ expiryDays: 3_650 }],
    [{ purchase: purchaseOf({ points: 1, per: 1_000_000_000 }) }],
    [{ purchase: purchaseOf({ points: 1_000_000, per: 1 }) }],
    [{ purchase: purchaseOf({ points: 0, per: 1, enabled: false }) }],
    [{ purchase: purchaseOf({ pointsPerUnit: '1000000' }) }],
    [{ purchase: purchaseOf({ pointsPerUnit: '0.0001' }) }],
    [{ purchase: purchaseOf({ pointsPerUnit: '0', enabled: false }) }],
  ])('is taken when it is %j', (changes) => {
    expect(refused(changes)).toBe('was accepted');
  });

  it('may name points per unit as a decimal, as it once did', () => {
    expect(read({ purchase: purchaseOf({ pointsPerUnit: '1.25' }) })).toMatchObject({
      isPurchaseEnabled: true,
      rate: 50_000n,
      per: 4n,
    });
    expect(read({ purchase: purchaseOf({ pointsPerUnit: '0', enabled: false }) })).toMatchObject({
      isPurchaseEnabled: false,
      rate: 0n,
      per: 1n,
    });
  });
});

function purchaseOf(changes: Partial<NonNullable<PointsProgram['purchase']>>) {
  return { enabled: true, points: 0, per: 0, pointsPerUnit: '', awardOn: 'paid', ...changes };
}

function earningOf(): NonNullable<PointsProgram['earning']> {
  const { earning: told } = toProgramMessage(DEFAULT_PROGRAM, null);
  if (told === undefined) throw new Error('no earning rules');
  return told;
}
