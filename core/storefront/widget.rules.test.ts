import { describe, expect, it, test } from 'vitest';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { DEFAULT_PROGRAM, programFromConfig } from '../program/program.rules.ts';
import type { Program } from '../program/program.rules.ts';
import { wordsIn } from '../shared/words.rules.ts';
import { addressOf, pictureOf } from './address.rules.ts';
import { campaignsOf, earnActionsOf, quoteOf } from './widget-earning.rules.ts';
import type { GoalStandings, Shopper } from './widget-earning.rules.ts';
import {
  brandingOf,
  isGrantable,
  redemptionsOf,
  rewardsOf,
  standingOf,
  tierFactorOf,
  tiersOf,
} from './widget.rules.ts';

const reader = { language: 'es', shopLanguage: 'fr' } as const;
const guest: Shopper = {
  tierId: null,
  segments: [],
  hasAccount: false,
  totalSpend: 0n,
  isFirstPurchase: false,
};
const silver: Shopper = { ...guest, tierId: 's', hasAccount: true };
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
  expect(wordsIn({ de: 'Hallo', en: 'Hi' }, 'es', 'fr')).toBe('Hi');
  expect(wordsIn(7, 'es', 'fr')).toBe('');
  expect(wordsIn(' Hi ', 'es', 'fr')).toBe('Hi');
  expect(wordsIn({ es: ' ', fr: ' Salut ' }, 'es', 'fr')).toBe('Salut');
  expect(wordsIn({ es: 7 }, 'es', 'fr')).toBe('');
});

test('links lead only to https addresses and to the shop', () => {
  expect(addressOf('https://shop.example/a?b=c')).toBe('https://shop.example/a?b=c');
  const picture = `picture:${'0a'.repeat(16)}`;
  expect(pictureOf(picture)).toBe(picture);
  expect(pictureOf('https://shop.example/a.png')).toBe('https://shop.example/a.png');
  expect(addressOf(picture)).toBe('');
  expect(pictureOf('picture:0a')).toBe('');
  expect(addressOf('/pages/rewards')).toBe('/pages/rewards');
  expect(addressOf(' HTTPS://shop.example ')).toBe('HTTPS://shop.example');
  for (const bad of [
    '',
    7,
    null,
    'javascript:alert(1)',
    'javascript:"https://a.b"',
    'pages/rewards',
    'https://',
    'https://a.b/"onclick',
    '//evil.example',
    '/\\evil.example',
    'http://a.b',
    'https://a b',
  ])
    expect(addressOf(bad), String(bad)).toBe('');
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

  const full = {
    reward_id: 'r',
    type: 'coupon',
    title: { es: 'Diez' },
    points_cost: 200,
    value: '10.0000',
    icon_url: 'https://cdn.example/a.png',
    config: {
      discount: 'percent',
      mode: 'incremental',
      min_points: 400,
      max_points: 800,
      min_purchase: '25.50',
      max_shipping: 7,
      expires_after_days: 30,
      tier_ids: ['b', 's', 'gone'],
      description: { fr: 'Sur tout' },
    },
  };
  const shown = (more: object, granted: string | null = null, shopper = silver) =>
    rewardsOf([{ ...full, ...more }], tiers, shopper, reader, granted);

  test('tell all that a merchant chose', () => {
    expect(shown({})).toEqual([
      {
        rewardId: 'r',
        kind: 'percent_off',
        title: 'Diez',
        pointsCost: 200,
        value: '10',
        incremental: true,
        minPoints: 400,
        maxPoints: 800,
        minPurchase: '25.5',
        maxShipping: '7',
        expiresAfterDays: 30,
        iconUrl: 'https://cdn.example/a.png',
        tierNames: ['Bronze', 'Plata'],
        isEligible: true,
        isOffer: false,
        endsAt: '',
        description: 'Sur tout',
      },
    ]);
    expect(shown({}, null, { ...silver, tierId: 'g' })[0]?.isEligible).toBe(false);
  });

  test('of which nothing more was chosen tell nothing more', () => {
    expect(shown({ config: null, icon_url: null, value: -5 })).toMatchObject([
      {
        kind: 'coupon',
        value: '',
        incremental: false,
        minPoints: 0,
        maxPoints: 0,
        minPurchase: '',
        maxShipping: '',
        expiresAfterDays: 0,
        iconUrl: '',
        tierNames: [],
        isEligible: true,
        description: '',
      },
    ]);
    expect(shown({ type: 'gift_card', value: 0 })).toMatchObject([
      { kind: 'gift_card', value: '' },
    ]);
    expect(rewardsOf('broken', tiers, silver, reader)).toEqual([]);
    expect(shown({ reward_id: '' })).toEqual([]);
  });

  test('for a segment are not mentioned to others', () => {
    const config = { segments: ['vip', 'new'] };
    expect(shown({ config })).toEqual([]);
    expect(shown({ config }, null, { ...silver, segments: ['new'] })).toHaveLength(1);
    expect(shown({ config: { segments: [] } })).toHaveLength(1);
  });

  test('that the shop does not let the app give are left out; of others it is not known', () => {
    expect(shown({}, 'read_orders')).toEqual([]);
    expect(shown({}, 'write_discounts')).toHaveLength(1);
    expect(shown({ type: 'of tomorrow' }, 'read_orders')).toHaveLength(1);
  });

  test('that were placed come in their places, before those that were not', () => {
    const placed = (reward_id: string, position?: unknown) => ({
      ...full,
      reward_id,
      config: { position },
    });
    const rows = [placed('x'), placed('c', 2), placed('y', '0'), placed('a', 0), placed('b', 1)];
    const ids = rewardsOf(rows, tiers, silver, reader).map(({ rewardId }) => rewardId);
    expect(ids).toEqual(['a', 'b', 'c', 'x', 'y']);
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

  test('tell what they are, what they cost and how long they are good', () => {
    expect(of({})).toEqual({
      redemptionId: 'x',
      kind: 'amount_off',
      title: 'Five off',
      status: 'completed',
      code: 'x:CODE',
      pointsSpent: 500,
      value: '5',
      isPercent: false,
      expiresAt: '2026-12-01T00:00:00.000Z',
      isUsed: false,
      isReturnable: true,
      createdAt: '2026-11-20T00:00:00.000Z',
    });
    expect(of({ used_order_id: '1001' })?.isUsed).toBe(true);
    expect(of({ reward_type: 'percent_off' })?.isPercent).toBe(true);
    expect(of({ terms: { kind: 'coupon', percent: '10' } })).toMatchObject({
      kind: 'coupon',
      isPercent: true,
    });
    expect(of({ terms: { kind: '', title: null } })).toMatchObject({
      kind: 'amount_off',
      title: 'Five off',
    });
  });

  test('without an end never expire, and without a code there is nothing to return', () => {
    expect(of({ expires_at: null })).toMatchObject({ expiresAt: '', isReturnable: true });
    expect(of({ discount_code: null })).toMatchObject({ code: '', isReturnable: false });
    expect(of({ expires_at: 'soon', created_at: 7 })).toMatchObject({
      expiresAt: '',
      createdAt: '',
    });
  });

  test('of money that was paid out, or of an unknown kind, are not returned', () => {
    for (const reward_type of ['store_credit', 'gift_card', 'of tomorrow'])
      expect(of({ reward_type })?.isReturnable, reward_type).toBe(false);
    expect(redemptionsOf(null, open, reader, now)).toEqual([]);
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
    expect(standingOf(tiers, null, { qualified_until: '2027-01-01T00:00:00Z', spend: -1 })).toEqual(
      {
        tierId: '',
        spend: '',
        points: 0,
        qualifiedUntil: '2027-01-01T00:00:00.000Z',
        graceUntil: '',
      },
    );
  });

  test('tells all that a tier asks for and gives', () => {
    const row = {
      tier_id: 'g',
      name: { en: 'Gold' },
      spend_threshold: '500.0000',
      points_threshold: 4000,
      benefits: {
        points_multiplier: 2.5,
        entry_points: 100,
        free_shipping: true,
        early_access: true,
        perks: { es: 'Una tarjeta' },
      },
    };
    const gifts = { g: { fr: 'Une tasse' }, s: 'another' };
    expect(tiersOf([row], reader, gifts)).toEqual([
      {
        tierId: 'g',
        name: 'Gold',
        spendThreshold: '500',
        pointsThreshold: 4000,
        pointsMultiplier: '2.5',
        entryPoints: 100,
        hasFreeShipping: true,
        hasEarlyAccess: true,
        perks: 'Una tarjeta',
        entryReward: 'Une tasse',
      },
    ]);
    const plain = { points_multiplier: '1', free_shipping: 'yes', early_access: 1 };
    expect(tiersOf([{ ...row, benefits: plain }], reader)).toMatchObject([
      {
        pointsMultiplier: '',
        entryPoints: 0,
        hasFreeShipping: false,
        hasEarlyAccess: false,
        perks: '',
        entryReward: '',
      },
    ]);
  });

  test('leaves out tiers without a name or an id', () => {
    expect(tiersOf([{ tier_id: 'x', name: {} }, { name: { en: 'Gold' } }, null], reader)).toEqual(
      [],
    );
    expect(tiersOf({}, reader)).toEqual([]);
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
    expect(tierFactorOf([{ tier_id: 'b' }, ...rows], 'b')).toBeNull();
    expect(tierFactorOf([{ tier_id: 'b', benefits: { points_multiplier: 2 } }], 'b')).toBe(20_000n);
    expect(tierFactorOf(undefined, 'b')).toBeNull();
  });

  test('tell their name, their end, what must be spent and what is given', () => {
    const goal = row(
      'goal',
      { goal_amount: '100.00', min_spend: '20.50' },
      {
        type: 'goal_spend',
        name: 'Spend a hundred',
        translations: { es: 'Gasta cien' },
        multiplier: '1',
        reward: { points: 250 },
      },
    );
    const shown = (standing?: GoalStandings) => campaignsOf([goal], silver, now, 'es', standing)[0];
    expect(shown()).toEqual({
      campaignId: 'goal',
      type: 'goal_spend',
      name: 'Gasta cien',
      multiplier: '1',
      endsAt: '2026-11-26T00:00:00.000Z',
      minSpend: '20.5',
      goalAmount: '100',
      rewardPoints: 250,
      spent: '',
      isReached: false,
    });
    const reached = { spent: 1_200_000n, isReached: true };
    expect(shown({ campaigns: new Map([['goal', reached]]), program: null })).toMatchObject({
      spent: '120',
      isReached: true,
    });
    expect(shown({ campaigns: new Map([['other', reached]]), program: null })).toMatchObject({
      spent: '',
      isReached: false,
    });
    const endless = campaignsOf([row('all', {}, { end_date: null })], guest, now, 'es');
    expect(endless).toMatchObject([
      { name: 'all', endsAt: '', minSpend: '', goalAmount: '', rewardPoints: 0 },
    ]);
    for (const where of [{ regions: ['EU'] }, { regions: ['EU'], countries: ['FR'] }])
      expect(campaignsOf([row('eu', where)], guest, now, 'es')).toEqual([]);
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
    for (const off of [{ isPurchaseEnabled: false }, { isActive: false }, { rate: 0n }])
      expect(quote(off, null)).toMatchObject({ pointsPerUnit: '', points: 0 });
    expect(quote({ rate: 10_000n, per: 3n }, null)).toMatchObject({
      pointsPerUnit: '',
      points: 1,
      per: 3,
    });
    const closed = { ...DEFAULT_PROGRAM.earning, participants: 'accounts' as const };
    expect(quote({ earning: closed }, guest).pointsPerUnit).toBe('');
    expect(quote({ earning: closed }, silver).pointsPerUnit).toBe('10');
    expect(quote({ earning: closed }, null).pointsPerUnit).toBe('10');
    expect(quote({}, guest).pointsPerUnit).toBe('10');
  });

  test('of a champion is multiplied as champions are', () => {
    const champions = { isEnabled: true, factor: 30_000n };
    const earning = { ...DEFAULT_PROGRAM.earning, champions };
    const champion = { ...guest, segments: ['champions'] };
    expect(quote({ earning }, champion, []).multiplier).toBe('3');
    expect(quote({ earning }, guest, []).multiplier).toBe('1');
    expect(quote({ earning }, null, []).multiplier).toBe('1');
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

  type Actions = Parameters<typeof programFromConfig>[0];
  const only = (actions: Actions, done: string[] = [], shopper = silver, more: object = {}) =>
    earnActionsOf(programFromConfig({ earning: { actions } }), shopper, {
      ...deeds,
      ...more,
      done: new Set(done),
    });
  const signup = { enabled: false };

  test('tell how much they give and what can be done, and nothing that they have not', () => {
    expect(only({ signup: { points: 250 } }, ['signup/c'], guest)).toEqual([
      {
        action: 'signup',
        points: 250,
        isDone: true,
        remaining: 0,
        isClaimable: false,
        networks: [],
        amount: '',
        spent: '',
      },
    ]);
    expect(only({ signup, newsletter: { enabled: true, points: 75 } })).toEqual([
      {
        action: 'newsletter',
        points: 75,
        isDone: false,
        remaining: 0,
        isClaimable: true,
        networks: [],
        amount: '',
        spent: '',
      },
    ]);
  });

  test('that give nothing, or that are not for this shopper, are not mentioned', () => {
    expect(only({ signup, newsletter: { enabled: true, points: 0 } })).toEqual([]);
    expect(only({ signup, newsletter: { enabled: false, points: 5 } })).toEqual([]);
    const conditions = { min_spend: '50.00', segments: ['vip'] };
    const review = { enabled: true, points: 5, conditions, on_trust: true };
    expect(only({ signup, review })).toEqual([]);
    const vip = { ...silver, segments: ['vip'], totalSpend: 500_000n };
    expect(only({ signup, review }, [], vip)).toMatchObject([{ isClaimable: true }]);
  });

  test('of this year’s birthday are done once it was rewarded this year', () => {
    const birthday = { enabled: true, points: 200 };
    const isDone = (done: string[]) => only({ signup, birthday }, done)[0]?.isDone;
    expect(isDone(['birthday/c/2026'])).toBe(true);
    expect(isDone(['birthday/c/2025', 'birthday/d/2026'])).toBe(false);
  });

  test('to follow are done in all networks, lead to the shop’s page, and are none without one', () => {
    const follow = (networks: object, done: string[] = []) =>
      only({ signup, social_follow: { enabled: true, points: 5, networks } }, done)[0];
    const both = { facebook: '@mugs', tiktok: '@mugs', instagram: 'http://plain.example' };
    expect(follow(both)?.networks).toEqual([
      { network: 'facebook', url: 'https://www.facebook.com/mugs', isDone: false },
      { network: 'tiktok', url: 'https://www.tiktok.com/@mugs', isDone: false },
    ]);
    expect(follow({ x: '@mugs' })?.networks).toMatchObject([{ url: 'https://x.com/mugs' }]);
    expect(follow(both)).toMatchObject({ isDone: false, isClaimable: true });
    expect(follow(both, ['social_follow/facebook/c'])?.isDone).toBe(false);
    const all = ['social_follow/facebook/c', 'social_follow/tiktok/c'];
    expect(follow(both, all)).toMatchObject({ isDone: true });
    expect(follow({ facebook: 'not a page' })).toBeUndefined();
  });

  test('to share say how often they can still be done; without a limit always', () => {
    const share = (limit: number, done: string[]) =>
      only(
        { signup, social_share: { enabled: true, points: 5, limit, networks: { x: '' } } },
        done,
      )[0];
    const twice = ['social_share/1/c', 'social_share/2/c', 'newsletter/c'];
    expect(share(3, twice)).toMatchObject({ remaining: 1, isDone: false, isClaimable: true });
    expect(share(1, twice)).toMatchObject({ remaining: 0, isDone: true });
    expect(share(0, twice)).toMatchObject({ remaining: 0, isDone: false });
    expect(share(3, [])?.networks).toEqual([{ network: 'x', url: '', isDone: false }]);
  });

  test.each([
    ['nothing yet', 0n, false, false, '0', false],
    ['a part of it', 400_000n, false, false, '40', false],
    ['all of it', 1_000_000n, false, true, '100', true],
    ['more than it', 2_500_000n, false, true, '100', true],
    ['two and a half times a goal that repeats', 2_500_000n, true, true, '50', false],
    ['exactly a goal that repeats', 1_000_000n, true, true, '0', false],
    ['less than nothing', -1n, false, false, '0', false],
  ])(
    'a goal of a hundred is told to who spent %s',
    (_what, spent, repeats, isReached, shown, isDone) => {
      const goal_spend = { enabled: true, points: 5, amount: '100.00', repeats };
      const goal = { spent, isReached };
      expect(only({ signup, goal_spend }, [], silver, { goal })).toMatchObject([
        { amount: '100', spent: shown, isDone },
      ]);
    },
  );

  test('a goal says nothing of how far a guest is, nor one that is of nothing', () => {
    const goal_spend = { enabled: true, points: 5, amount: '100.00' };
    expect(only({ signup, goal_spend }, [], guest, { goal: null })).toMatchObject([
      { amount: '100', spent: '', isDone: false },
    ]);
    const none = { ...goal_spend, amount: '0' };
    const goal = { spent: 50_000n, isReached: false };
    expect(only({ signup, goal_spend: none }, [], silver, { goal })).toMatchObject([
      { spent: '0' },
    ]);
  });
});

test('branding is told in the reader’s words, with all that a merchant chose', () => {
  const branding = {
    launcher: { color: '#0F766E', position: 'right', icon: 'star', text: { es: 'Premios' } },
    rewards_panel: {
      color: '#aa3300',
      logo_url: 'https://cdn.example/logo.png',
      welcome: { fr: 'Bienvenue' },
    },
    sticky_bar: { enabled: true, text: { es: 'Ven' }, color: '#112233', link: '/pages/rewards' },
    loyalty_page: { color: '#223344', title: { en: 'The club' } },
    post_purchase: { enabled: false, text: { es: 'Gracias' } },
  };
  expect(brandingOf({ branding, config: {} }, reader)).toEqual({
    launcherColor: '#0f766e',
    launcherPosition: 'right',
    launcherIcon: 'star',
    launcherText: 'Premios',
    panelColor: '#aa3300',
    logoUrl: 'https://cdn.example/logo.png',
    welcome: 'Bienvenue',
    pageColor: '#223344',
    pageTitle: 'The club',
    hasStickyBar: true,
    stickyBarText: 'Ven',
    stickyBarColor: '#112233',
    stickyBarLink: '/pages/rewards',
    hasPostPurchase: false,
    postPurchaseText: 'Gracias',
  });
  const bar = (sticky_bar: object) =>
    brandingOf({ branding: { sticky_bar }, config: {} }, reader).hasStickyBar;
  expect(bar({ enabled: true, text: { en: ' ' } })).toBe(false);
  expect(bar({ enabled: false, text: { en: 'Join' } })).toBe(false);
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

describe('of the database’s rows, field by field,', () => {
  const shopper: Shopper = {
    tierId: 'gold',
    segments: ['vip'],
    hasAccount: true,
    totalSpend: 0n,
    isFirstPurchase: false,
  };
  const now = new Date('2026-11-30T12:00:00Z');

  it('words that no one wrote, or blank ones, are passed over', () => {
    expect(wordsIn(' Hola ', 'es', 'fr')).toBe('Hola');
    expect(wordsIn({ es: ' ', fr: ' Salut ' }, 'es', 'fr')).toBe('Salut');
    expect(wordsIn({ es: 7, de: ' ', it: 'Ciao' }, 'es', 'fr')).toBe('Ciao');
    expect(wordsIn({ es: ' ' }, 'es', 'fr')).toBe('');
  });

  describe('a reward', () => {
    const row = {
      reward_id: 'mug',
      type: 'amount_off',
      title: { es: 'Cinco menos' },
      points_cost: 500,
      value: '5.5000',
      icon_url: 'https://shop.example/a.png',
      config: {
        mode: 'incremental',
        min_points: 500,
        max_points: 1_000,
        min_purchase: '20.00',
        max_shipping: 25,
        expires_after_days: 30,
        tier_ids: ['gold', 'gone'],
        description: { fr: 'Une remise' },
      },
    };
    const tiers = tiersOf([{ tier_id: 'gold', name: { es: 'Oro' } }], reader);
    const of = (changes: object, who: Shopper = shopper, granted: string | null = null) =>
      rewardsOf([{ ...row, ...changes }], tiers, who, reader, granted)[0];

    it('is all that the row says', () => {
      expect(of({})).toEqual({
        rewardId: 'mug',
        kind: 'amount_off',
        title: 'Cinco menos',
        pointsCost: 500,
        value: '5.5',
        incremental: true,
        minPoints: 500,
        maxPoints: 1_000,
        minPurchase: '20',
        maxShipping: '25',
        expiresAfterDays: 30,
        iconUrl: 'https://shop.example/a.png',
        tierNames: ['Oro'],
        isEligible: true,
        isOffer: false,
        endsAt: '',
        description: 'Une remise',
      });
    });

    it('is as little as a malformed row says', () => {
      const odd = { config: 7, title: 7, value: '-1', icon_url: 'javascript:1', type: 7 };
      expect(of(odd)).toMatchObject({
        kind: '',
        title: '',
        value: '',
        incremental: false,
        minPoints: 0,
        minPurchase: '',
        iconUrl: '',
        tierNames: [],
        isEligible: true,
      });
      expect(of({ value: 0 })?.value).toBe('');
      expect(rewardsOf('rows', tiers, shopper, reader)).toEqual([]);
      expect(of({ reward_id: '' })).toBeUndefined();
      expect(of({ points_cost: 0 })).toBeUndefined();
      expect(of({ points_cost: 1 })).toBeDefined();
    });

    it('that is a discount code of a percentage shows a percentage off', () => {
      expect(of({ type: 'coupon', config: { discount: 'percent' } })?.kind).toBe('percent_off');
      expect(of({ type: 'coupon', config: { discount: 'amount' } })?.kind).toBe('coupon');
      expect(of({ config: { discount: 'percent' } })?.kind).toBe('amount_off');
    });

    it('is not mentioned to those in none of its segments', () => {
      expect(of({ config: { segments: ['new', 'vip'] } })).toBeDefined();
      expect(of({ config: { segments: ['new'] } })).toBeUndefined();
      expect(of({ config: { segments: [7] } })).toBeUndefined();
      expect(of({ config: { segments: [] } })).toBeDefined();
    });

    it('is shown to other tiers, and not theirs', () => {
      expect(of({}, { ...shopper, tierId: 'silver' })).toMatchObject({ isEligible: false });
      expect(of({}, { ...shopper, tierId: null })).toMatchObject({ isEligible: false });
    });

    it('is left out where the shop has not allowed it', () => {
      expect(of({}, shopper, 'read_products')).toBeUndefined();
      expect(of({}, shopper, 'write_discounts')).toBeDefined();
      expect(isGrantable('from_the_future', '')).toBe(true);
      expect(isGrantable('gift_card', 'write_discounts')).toBe(false);
    });

    it('stands where the merchant put it, and behind those if nowhere', () => {
      const at = (id: string, position?: number) => ({
        ...row,
        reward_id: id,
        config: position === undefined ? {} : { position },
      });
      const rows = [at('none'), at('third', 3), at('first', 0), at('second', 1), at('last')];
      expect(rewardsOf(rows, tiers, shopper, reader).map(({ rewardId }) => rewardId)).toEqual([
        'first',
        'second',
        'third',
        'none',
        'last',
      ]);
    });
  });

  describe('a redemption', () => {
    const row = {
      redemption_id: 'r',
      status: 'completed',
      discount_code: Buffer.from('encrypted').toString('base64'),
      points_spent: 500,
      value: '5.0000',
      reward_type: 'amount_off',
      reward_title: { es: 'Cinco menos' },
      expires_at: '2026-12-24T00:00:00+01:00',
      created_at: '2026-11-01T00:00:00Z',
    };
    const open = (id: string, value: Buffer) => `${id}:${value.toString()}`;
    const of = (changes: object) => redemptionsOf([{ ...row, ...changes }], open, reader, now)[0];

    it('is all that the row says', () => {
      expect(of({})).toEqual({
        redemptionId: 'r',
        kind: 'amount_off',
        title: 'Cinco menos',
        status: 'completed',
        code: 'r:encrypted',
        pointsSpent: 500,
        value: '5',
        isPercent: false,
        expiresAt: '2026-12-23T23:00:00.000Z',
        isUsed: false,
        isReturnable: true,
        createdAt: '2026-11-01T00:00:00.000Z',
      });
      expect(redemptionsOf(7, open, reader, now)).toEqual([]);
    });

    it('has no code that is not there, and cannot be returned without one', () => {
      expect(of({ discount_code: null })).toMatchObject({ code: '', isReturnable: false });
      expect(of({ expires_at: null })).toMatchObject({ expiresAt: '', isReturnable: true });
      expect(of({ reward_type: 'gift_card' })).toMatchObject({ isReturnable: false });
      expect(of({ reward_type: 'from_the_future' })).toMatchObject({ isReturnable: false });
    });

    it('says whether it was used', () => {
      expect(of({ used_order_id: '7' })).toMatchObject({ isUsed: true, isReturnable: false });
    });

    it('is of a percentage where its kind or its terms say so', () => {
      expect(of({ reward_type: 'percent_off', value: '10.0000' })).toMatchObject({
        isPercent: true,
        value: '10',
      });
      expect(of({ reward_type: 'coupon', terms: { percent: '12.5' } })).toMatchObject({
        kind: 'coupon',
        isPercent: true,
        value: '12.5',
      });
    });
  });

  describe('tiers', () => {
    const row = {
      tier_id: 'gold',
      name: { es: 'Oro' },
      spend_threshold: '500.0000',
      points_threshold: 5_000,
      benefits: {
        points_multiplier: '1.50',
        entry_points: 100,
        free_shipping: true,
        early_access: true,
        perks: { es: 'Una taza' },
      },
    };

    it('are all that their rows say, and what entering them gives', () => {
      expect(tiersOf([row], reader, { gold: { es: 'Taza' } })).toEqual([
        {
          tierId: 'gold',
          name: 'Oro',
          spendThreshold: '500',
          pointsThreshold: 5_000,
          pointsMultiplier: '1.5',
          entryPoints: 100,
          hasFreeShipping: true,
          hasEarlyAccess: true,
          perks: 'Una taza',
          entryReward: 'Taza',
        },
      ]);
      expect(
        tiersOf([{ tier_id: 'b', name: 'B', benefits: { points_multiplier: '1' } }], reader),
      ).toEqual([
        {
          tierId: 'b',
          name: 'B',
          spendThreshold: '',
          pointsThreshold: 0,
          pointsMultiplier: '',
          entryPoints: 0,
          hasFreeShipping: false,
          hasEarlyAccess: false,
          perks: '',
          entryReward: '',
        },
      ]);
    });

    it('are left out without a name or an id', () => {
      expect(
        tiersOf(
          [
            { ...row, name: {} },
            { ...row, tier_id: 7 },
          ],
          reader,
        ),
      ).toEqual([]);
    });

    it('multiply what their holders earn', () => {
      expect(tierFactorOf([row], 'gold')).toBe(15_000n);
      expect(tierFactorOf([row], 'silver')).toBeNull();
      expect(tierFactorOf([{ tier_id: 'b' }], 'b')).toBeNull();
    });

    it('say how far a member is', () => {
      const tiers = tiersOf([row], reader);
      expect(
        standingOf(tiers, 'gold', { spend: '12.5', points: 3, qualified_until: '2026-12-31' }),
      ).toEqual({
        tierId: 'gold',
        spend: '12.5',
        points: 3,
        qualifiedUntil: '2026-12-31T00:00:00.000Z',
        graceUntil: '',
      });
      expect(standingOf(tiers, null, null)?.tierId).toBe('');
    });
  });

  describe('the look of the panel', () => {
    const of = (branding: object, stickyBar: unknown = {}) =>
      brandingOf({ branding, stickyBar, config: {} }, reader);

    it('is what the merchant chose', () => {
      expect(
        of({
          launcher: { color: '#112233', position: 'left', icon: 'gift', text: { es: 'Puntos' } },
          rewards_panel: {
            color: '#112244',
            logo_url: 'https://shop.example/a.png',
            welcome: { es: 'Hola' },
          },
          sticky_bar: { enabled: true, text: { es: 'Únete' }, color: '#112255', link: '/pages/a' },
          loyalty_page: { color: '#112266', title: { es: 'Mis puntos' } },
          post_purchase: { enabled: false, text: { es: 'Gracias' } },
        }),
      ).toEqual({
        launcherColor: '#112233',
        launcherPosition: 'left',
        launcherIcon: 'gift',
        launcherText: 'Puntos',
        panelColor: '#112244',
        logoUrl: 'https://shop.example/a.png',
        welcome: 'Hola',
        pageColor: '#112266',
        pageTitle: 'Mis puntos',
        hasStickyBar: true,
        stickyBarText: 'Únete',
        stickyBarColor: '#112255',
        stickyBarLink: '/pages/a',
        hasPostPurchase: false,
        postPurchaseText: 'Gracias',
      });
    });

    it('has no bar that is off or says nothing', () => {
      expect(of({ sticky_bar: { enabled: true, text: {} } }).hasStickyBar).toBe(false);
      expect(of({ sticky_bar: { enabled: false, text: { es: 'Únete' } } }).hasStickyBar).toBe(
        false,
      );
    });
  });
});
