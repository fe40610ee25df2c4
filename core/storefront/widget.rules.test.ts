import { describe, expect, test } from 'vitest';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { DEFAULT_PROGRAM, programFromConfig } from '../program/program.rules.ts';
import type { Program } from '../program/program.rules.ts';
import { addressOf } from './address.rules.ts';
import { campaignsOf, earnActionsOf, quoteOf } from './widget-earning.rules.ts';
import type { Shopper } from './widget-earning.rules.ts';
import {
  brandingOf,
  redemptionsOf,
  rewardsOf,
  standingOf,
  tierFactorOf,
  tiersOf,
  wordsIn,
} from './widget.rules.ts';

const reader = { language: 'es', shopLanguage: 'fr' } as const;
const guest: Shopper = {
  tierId: null,
  segments: [],
  hasAccount: false,
  totalSpend: 0n,
  isFirstPurchase: false,
};
const silver = { ...guest, tierId: 's', hasAccount: true };
const tierRows = [
  { tier_id: 'b', name: { en: 'Bronze' }, spend_threshold: '0.0000' },
  {
    tier_id: 's',
    name: { en: 'Silver', es: 'Plata' },
    spend_threshold: '100.0000',
    benefits: { points_multiplier: '1.5', entry_points: 100, perks: { en: 'A card' } },
  },
  { tier_id: 'old', name: { en: 'Pearl' }, retired_at: '2026-11-01T00:00:00Z' },
];
const tiers = tiersOf(tierRows, reader);

test('words come in the asked language, then the shop’s, then English, then any', () => {
  expect(wordsIn({ en: 'Hi', es: 'Hola' }, 'es', 'fr')).toBe('Hola');
  expect(wordsIn({ en: 'Hi', fr: 'Salut' }, 'es', 'fr')).toBe('Salut');
  expect(wordsIn({ en: 'Hi', de: 'Hallo' }, 'es', 'fr')).toBe('Hi');
  expect(wordsIn({ de: 'Hallo' }, 'es', 'fr')).toBe('Hallo');
  expect(wordsIn(7, 'es', 'fr')).toBe('');
});

test('links lead only to https addresses and to the shop', () => {
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
    const forSilver = rewardsOf(rows, tiers, silver, reader);
    expect(forSilver.map((reward) => reward.rewardId)).toEqual(['first', 'later']);
    expect(forSilver[0]).toMatchObject({
      title: 'Envío',
      tierNames: ['Plata'],
      isEligible: true,
      maxShipping: '25',
    });
    expect(rewardsOf(rows, tiers, guest, reader)[0]?.isEligible).toBe(false);
    expect(forSilver[1]).toMatchObject({ value: '5', isEligible: true });
  });
});

describe('redemptions', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const open = (id: string, encrypted: Buffer) => `${id}:${encrypted.toString()}`;
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

  test('have no code before they are completed, nor after they were returned', () => {
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

describe('the tiers', () => {
  test('leaves out retired tiers, and shows no member in one', () => {
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
  const now = new Date('2026-11-25T12:00:00Z');
  const row = (id: string, conditions: object, more: object = {}) =>
    campaignFromRow({
      campaign_id: id,
      type: 'double_points',
      name: id,
      status: 'scheduled',
      start_date: '2026-11-25T00:00:00Z',
      end_date: '2026-11-26T00:00:00Z',
      multiplier: '2.00',
      conditions,
      reward: {},
      ...more,
    });
  const campaigns = [
    row('all', {}),
    row('champions', { segments: ['champions'] }, { multiplier: '3.00' }),
    row('silver', { tier_ids: ['s'] }),
    row('france', { countries: ['FR'] }, { multiplier: '9.00' }),
    row('big', { min_spend: '100.00' }, { multiplier: '4.00' }),
    row('over', {}, { end_date: '2026-11-25T11:00:00Z', multiplier: '8.00' }),
    row('draft', {}, { status: 'draft', multiplier: '8.00' }),
  ];
  const ids = (shopper: Shopper) =>
    campaignsOf(campaigns, shopper, now, 'en').map(({ campaignId }) => campaignId);

  test('are those meant for the shopper; none is promised that depends on where an order goes', () => {
    expect(ids(guest)).toEqual(['all', 'big']);
    const champion = { ...silver, segments: ['champions'] };
    expect(ids(champion)).toEqual(['all', 'champions', 'silver', 'big']);
  });

  const quote = (program: Partial<Program>, shopper: Shopper | null, running = campaigns) =>
    quoteOf(
      { ...DEFAULT_PROGRAM, ...program },
      shopper,
      { tierFactor: tierFactorOf(tierRows, shopper?.tierId ?? null), campaigns: running },
      now,
    );

  test('the single highest counts, a least amount left aside, as when the order is awarded', () => {
    expect(quote({}, silver).multiplier).toBe('2');
    expect(quote({}, silver, []).multiplier).toBe('1.5');
    expect(quote({}, null, []).multiplier).toBe('1');
    const stacking = { ...DEFAULT_PROGRAM.earning, stacking: 'multiply' as const };
    expect(quote({ earning: stacking }, silver).multiplier).toBe('3');
    const first = {
      ...DEFAULT_PROGRAM.earning,
      firstPurchase: { isEnabled: true, factor: 25_000n },
    };
    expect(quote({ earning: first }, { ...guest, isFirstPurchase: true }).multiplier).toBe('2.5');
  });

  test('a retired tier multiplies for a member who still holds it', () => {
    const rows = [
      { tier_id: 'old', retired_at: '2026-11-01', benefits: { points_multiplier: '3' } },
    ];
    expect(tierFactorOf(rows, 'old')).toBe(30_000n);
    expect(tierFactorOf(rows, null)).toBeNull();
  });

  test('a quote says the rate, or nothing while purchases earn nothing, or not for this shopper', () => {
    const excludedProducts = [{ productId: '7', title: 'A gift card' }];
    const earning = { ...DEFAULT_PROGRAM.earning, excludedProducts };
    expect(quote({ earning }, null, [])).toEqual({
      pointsPerUnit: '10',
      points: 10,
      per: 1,
      multiplier: '1',
      excludedProductIds: ['7'],
    });
    expect(quote({ isPurchaseEnabled: false }, null).pointsPerUnit).toBe('');
    const closed = { ...DEFAULT_PROGRAM.earning, participants: 'accounts' as const };
    expect(quote({ earning: closed }, guest).pointsPerUnit).toBe('');
    expect(quote({ earning: closed }, silver).pointsPerUnit).toBe('10');
  });
});

describe('ways to earn', () => {
  const program = programFromConfig({
    earning: {
      actions: {
        newsletter: { enabled: true, points: 100 },
        birthday: { enabled: true, points: 200, conditions: { tier_ids: ['s'] } },
        social_follow: {
          enabled: true,
          points: 50,
          networks: { instagram: '@mugs', x: 'https://x.com/mugs' },
        },
        social_share: { enabled: true, points: 50, limit: 2, networks: { x: '' } },
        review: { enabled: true, points: 100 },
        goal_spend: { enabled: true, points: 200, amount: '100.00' },
      },
    },
  });
  const deeds = { customerId: 'c', year: 2026, hasBirthday: false };
  const of = (done: string[], shopper: Shopper = silver) =>
    earnActionsOf(program, shopper, { ...deeds, done: new Set(done) });

  test('are those that the merchant switched on for this shopper, with what is done already', () => {
    const actions = of([
      'newsletter/c',
      'birthday/c/2025',
      'social_follow/x/c',
      'social_share/1/c',
    ]);
    expect(actions.map(({ action, isDone }) => [action, isDone])).toEqual([
      ['signup', true],
      ['newsletter', true],
      ['review', false],
      ['birthday', false],
      ['social_follow', false],
      ['social_share', false],
      ['goal_spend', false],
    ]);
    expect(actions[4]?.networks).toEqual([
      { network: 'instagram', url: 'https://www.instagram.com/mugs', isDone: false },
      { network: 'x', url: 'https://x.com/mugs', isDone: true },
    ]);
    expect(actions[5]).toMatchObject({ remaining: 1, networks: [{ network: 'x', url: '' }] });
    expect(actions[6]).toMatchObject({ amount: '100', isClaimable: false });
    expect(of([], guest).map(({ action }) => action)).not.toContain('birthday');
    expect(of([], guest)[0]).toMatchObject({ action: 'signup', isDone: false });
    const spent = of(['social_share/1/c', 'social_share/2/c']);
    expect(spent.find(({ action }) => action === 'social_share')?.isDone).toBe(true);
  });

  test('a review and a known birthday come by themselves; nothing is earned while the program rests', () => {
    const claimable = (actions: ReturnType<typeof of>, name: string) =>
      actions.find(({ action }) => action === name)?.isClaimable;
    expect(claimable(of([]), 'review')).toBe(false);
    expect(claimable(of([]), 'birthday')).toBe(true);
    const known = earnActionsOf(program, silver, { ...deeds, hasBirthday: true, done: new Set() });
    expect(claimable(known, 'birthday')).toBe(false);
    expect(of([]).length).toBeGreaterThan(0);
    expect(
      earnActionsOf({ ...program, isActive: false }, silver, { ...deeds, done: new Set() }),
    ).toEqual([]);
  });
});

test('branding is taken as far as it is sound', () => {
  const branding = brandingOf(
    {
      branding: {
        launcher: { color: 'red;}', position: 'left', icon: 'skull', text: { en: 'Perks' } },
        rewards_panel: { color: '#AA3300', logo_url: 'http://plain.example/a.png' },
        sticky_bar: { enabled: true, text: { en: 'Join' }, link: 'javascript:1' },
      },
      stickyBar: { color: '#112233' },
      config: {},
    },
    reader,
  );
  expect(branding).toMatchObject({
    launcherColor: '',
    launcherPosition: 'left',
    launcherIcon: 'nest',
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
