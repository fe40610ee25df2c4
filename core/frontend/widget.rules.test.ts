import { describe, expect, test } from 'vitest';
import { DEFAULT_PROGRAM } from '../points/program.rules.ts';
import {
  addressOf,
  brandingOf,
  campaignsOf,
  earnActionsOf,
  multiplierOf,
  quoteOf,
  redemptionsOf,
  rewardsOf,
  standingOf,
  tiersOf,
  wordsIn,
} from './widget.rules.ts';

const reader = { language: 'es', shopLanguage: 'fr' } as const;
const tiers = tiersOf(
  [
    { tier_id: 'b', name: { en: 'Bronze' }, spend_threshold: '0.0000' },
    {
      tier_id: 's',
      name: { en: 'Silver', es: 'Plata' },
      spend_threshold: '100.0000',
      benefits: { points_multiplier: '1.5', entry_points: 100, perks: { en: 'A card' } },
    },
    { tier_id: 'old', name: { en: 'Pearl' }, retired_at: '2026-11-01T00:00:00Z' },
  ],
  reader,
);

test('words come in the asked language, then the shop’s, then English, then any', () => {
  expect(wordsIn({ en: 'Hi', es: 'Hola' }, 'es', 'fr')).toBe('Hola');
  expect(wordsIn({ en: 'Hi', fr: 'Salut' }, 'es', 'fr')).toBe('Salut');
  expect(wordsIn({ en: 'Hi', de: 'Hallo' }, 'es', 'fr')).toBe('Hi');
  expect(wordsIn({ de: 'Hallo' }, 'es', 'fr')).toBe('Hallo');
  expect(wordsIn(7, 'es', 'fr')).toBe('');
});

test('nobody is led anywhere but to https and to the shop', () => {
  expect(addressOf('https://shop.example/a?b=c')).toBe('https://shop.example/a?b=c');
  expect(addressOf('/pages/rewards')).toBe('/pages/rewards');
  for (const bad of [
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    'http://a.b',
    'https://a b',
  ])
    expect(addressOf(bad), bad).toBe('');
});

describe('rewards', () => {
  test('are in the merchant’s order, say whom they are for, and are left out when they cost nothing', () => {
    const rows = [
      {
        reward_id: 'later',
        type: 'coupon',
        title: {},
        points_cost: 10,
        value: '5.0000',
        config: {},
      },
      {
        reward_id: 'first',
        type: 'free_shipping',
        title: { es: 'Envío' },
        points_cost: 1000,
        value: null,
        config: { position: 0, tier_ids: ['s'], max_shipping: '25.00' },
      },
      { reward_id: 'broken', type: 'custom', points_cost: 0 },
    ];
    const forSilver = rewardsOf(rows, tiers, 's', reader);
    expect(forSilver.map((reward) => reward.rewardId)).toEqual(['first', 'later']);
    expect(forSilver[0]).toMatchObject({
      title: 'Envío',
      tierNames: ['Plata'],
      isEligible: true,
      maxShipping: '25',
    });
    expect(rewardsOf(rows, tiers, null, reader)[0]?.isEligible).toBe(false);
    expect(forSilver[1]).toMatchObject({ value: '5', isEligible: true });
  });
});

describe('redemptions', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const open = (id: string, sealed: Buffer) => `${id}:${sealed.toString()}`;
  const row = {
    redemption_id: 'x',
    status: 'completed',
    discount_code: Buffer.from('CODE').toString('base64'),
    points_spent: 500,
    value: '5.0000',
    reward_type: 'amount_off',
    reward_title: { en: 'Five off' },
    expires_at: '2026-12-01T00:00:00+00:00',
    created_at: '2026-11-20T00:00:00+00:00',
  };
  const of = (more: object) => redemptionsOf([{ ...row, ...more }], open, reader, now)[0];

  test('bring their code, and may be returned while it is unused and good', () => {
    expect(of({})).toMatchObject({
      code: 'x:CODE',
      isReturnable: true,
      title: 'Five off',
      value: '5',
    });
    for (const more of [
      { used_order_id: '1001' },
      { expires_at: '2026-11-24T00:00:00Z' },
      { return_requested_at: '2026-11-25T00:00:00Z' },
      { points_spent: 0 },
      { status: 'returned' },
    ])
      expect(of(more)?.isReturnable, JSON.stringify(more)).toBe(false);
  });

  test('have no code before they are completed, nor once they were given back', () => {
    expect(of({ status: 'pending' })?.code).toBe('');
    expect(of({ status: 'returned' })?.code).toBe('');
  });

  test('keep the terms they were made on, whatever became of the reward', () => {
    const terms = { kind: 'percent_off', title: { es: 'Diez' }, percent: '10' };
    expect(of({ terms })).toMatchObject({
      kind: 'percent_off',
      title: 'Diez',
      value: '10',
      isPercent: true,
    });
  });
});

describe('the ladder', () => {
  test('leaves out what was retired, and nobody stands on what is not there', () => {
    expect(tiers.map(({ tierId }) => tierId)).toEqual(['b', 's']);
    expect(tiers[1]).toMatchObject({
      name: 'Plata',
      spendThreshold: '100',
      pointsMultiplier: '1.5',
    });
    expect(standingOf(tiers, 'old', {})).toMatchObject({ tierId: '' });
    expect(standingOf([], 's', {})).toBeUndefined();
    expect(
      standingOf(tiers, 's', { spend: '120.00', points: 12, grace_until: '2026-12-01T00:00:00Z' }),
    ).toEqual({
      tierId: 's',
      spend: '120',
      points: 12,
      qualifiedUntil: '',
      graceUntil: '2026-12-01T00:00:00.000Z',
    });
  });
});

describe('campaigns and what purchases are multiplied by', () => {
  const row = (id: string, conditions: object, multiplier = '2.00') => ({
    campaign_id: id,
    type: 'double_points',
    name: id,
    multiplier,
    conditions,
    reward: {},
  });
  const rows = [
    row('all', {}),
    row('champions', { segments: ['champions'] }, '3.00'),
    row('silver', { tier_ids: ['s'] }),
    row('france', { countries: ['FR'] }, '9.00'),
    row('big', { min_spend: '100.00' }, '4.00'),
  ];
  const ids = (shopper: { tierId: string | null; segments: string[] }) =>
    campaignsOf(rows, shopper).map(({ campaignId }) => campaignId);

  test('are those meant for the shopper; none is promised that depends on where an order goes', () => {
    expect(ids({ tierId: null, segments: [] })).toEqual(['all', 'big']);
    expect(ids({ tierId: 's', segments: ['champions'] })).toEqual([
      'all',
      'champions',
      'silver',
      'big',
    ]);
  });

  test('the single highest counts, a least amount left aside', () => {
    const shopper = { tierId: 's', segments: [] };
    expect(multiplierOf(tiers[1], campaignsOf(rows, shopper))).toBe(20_000n);
    expect(multiplierOf(tiers[1], [])).toBe(15_000n);
    expect(multiplierOf(undefined, [])).toBe(10_000n);
  });

  test('a quote says the rate, or nothing while purchases earn nothing', () => {
    const config = { earning: { excluded_products: [{ product_id: '7', title: 'A gift card' }] } };
    expect(quoteOf(DEFAULT_PROGRAM, config, { multiplier: 15_000n })).toEqual({
      pointsPerUnit: '10',
      multiplier: '1.5',
      excludedProductIds: ['7'],
    });
    const off = { ...DEFAULT_PROGRAM, isPurchaseEnabled: false };
    expect(quoteOf(off, {}, { multiplier: 10_000n }).pointsPerUnit).toBe('');
  });
});

describe('ways to earn', () => {
  const config = {
    earning: {
      actions: {
        newsletter: { enabled: true, points: 100 },
        birthday: { enabled: true, points: 200 },
        social_follow: {
          enabled: true,
          points: 50,
          networks: { instagram: '@mugs', x: 'https://x.com/mugs' },
        },
        review: { enabled: true, points: 100 },
        social_share: { enabled: false, points: 50 },
      },
    },
  };
  const of = (done: string[]) => earnActionsOf(DEFAULT_PROGRAM, config, done, 'c', 2026);

  test('are those that the merchant switched on, with what is done already', () => {
    const actions = of(['newsletter/c', 'birthday/c/2025', 'social_follow/x/c']);
    expect(actions.map(({ action, isDone }) => [action, isDone])).toEqual([
      ['signup', false],
      ['newsletter', true],
      ['birthday', false],
      ['social_follow', false],
      ['review', false],
    ]);
    expect(actions[3]?.networks).toEqual([
      { network: 'instagram', url: 'https://www.instagram.com/mugs', isDone: false },
      { network: 'x', url: 'https://x.com/mugs', isDone: true },
    ]);
  });

  test('a review comes by itself, and nothing is earned while the programme rests', () => {
    expect(of([]).find(({ action }) => action === 'review')?.isClaimable).toBe(false);
    expect(earnActionsOf({ ...DEFAULT_PROGRAM, isActive: false }, config, [], 'c', 2026)).toEqual(
      [],
    );
  });
});

test('branding is taken as far as it is sound', () => {
  const branding = brandingOf(
    {
      launcher: { color: 'red;}', position: 'left', text: { en: 'Perks' } },
      rewards_panel: { color: '#AA3300', logo_url: 'http://plain.example/a.png' },
      sticky_bar: { enabled: true, text: { en: 'Join' }, link: 'javascript:1' },
    },
    { color: '#112233' },
    reader,
  );
  expect(branding).toMatchObject({
    launcherColor: '',
    launcherPosition: 'left',
    launcherText: 'Perks',
    panelColor: '#aa3300',
    logoUrl: '',
    hasStickyBar: true,
    stickyBarText: 'Join',
    stickyBarColor: '#112233',
    stickyBarLink: '',
    hasPostPurchase: true,
  });
});
