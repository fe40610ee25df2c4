import { describe, expect, test } from 'vitest';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { toWidget as widgetOf } from './widget.server.ts';

const pictures = '/pictures/shop/';
const toWidget = (response: Parameters<typeof widgetOf>[0]) => widgetOf(response, pictures);

const response = GetWidgetResponse.fromPartial({
  locale: 'en',
  currency: 'USD',
  firstName: 'Ada',
  pointsName: { one: 'Star', other: 'Stars' },
  balance: { balance: 120, available: 100, held: 20, expiringPoints: 0 },
  program: {
    active: true,
    purchase: { enabled: true, pointsPerUnit: '10', points: 10, per: 1, awardOn: 'paid' },
    signup: { enabled: true, points: 200 },
  },
  earnActions: [
    { action: 'signup', points: 200, isDone: true },
    {
      action: 'social_follow',
      points: 50,
      isClaimable: true,
      networks: [{ network: 'instagram', url: 'https://instagram.com/mugs' }],
    },
    { action: 'of tomorrow', points: 5 },
  ],
  rewards: [
    { rewardId: 'r1', kind: 'amount_off', pointsCost: 500, value: '5', isEligible: true },
    {
      rewardId: 'r2',
      kind: 'gift_card',
      title: 'A card',
      pointsCost: 100,
      value: '1',
      incremental: true,
      minPoints: 150,
      maxPoints: 1050,
      tierNames: ['Gold'],
    },
  ],
  redemptions: [
    {
      redemptionId: 'x1',
      kind: 'percent_off',
      status: 'completed',
      code: 'LN-7/K',
      pointsSpent: 1000,
      value: '10',
      isPercent: true,
      isReturnable: true,
      createdAt: '2026-11-23T10:00:00.000Z',
    },
  ],
  tiers: [
    { tierId: 'b', name: 'Bronze' },
    { tierId: 's', name: 'Silver', spendThreshold: '100', pointsMultiplier: '1.5' },
    { tierId: 'g', name: 'Gold', spendThreshold: '500', pointsThreshold: 4000 },
  ],
  standing: {
    tierId: 's',
    spend: '320.5',
    points: 1000,
    qualifiedUntil: '2027-01-01T00:00:00.000Z',
  },
  campaigns: [
    {
      campaignId: 'c1',
      type: 'double_points',
      name: 'Double week',
      multiplier: '2',
      endsAt: '2026-12-01T00:00:00.000Z',
    },
    { campaignId: 'c2', type: 'of tomorrow', name: 'Later' },
  ],
  expiries: [{ points: 30, expiresAt: '2026-12-24T00:00:00.000Z' }],
  quote: { pointsPerUnit: '10', points: 10, per: 1, multiplier: '2', excludedProductIds: ['7'] },
  branding: { panelColor: '#aa3300', pageTitle: 'Mug club' },
  recent: [
    {
      transactionId: 't1',
      type: 'earn',
      points: 120,
      balanceAfter: 120,
      orderName: '#1001',
      occurredAt: '2026-11-23T10:00:00Z',
      reason: 'for staff',
      explanation: {
        reasonCode: 'order_paid',
        base: { amount: '12.00', currency: 'USD' },
        rate: '10',
        multiplier: '1',
      },
    },
  ],
});

describe('the widget of a member', () => {
  test('has balance, ways to earn and the latest entries with their reasons', () => {
    expect(toWidget(response)).toEqual({
      version: 1,
      customer: { balance: 120, available: 100, held: 20, debt: 0, name: 'Ada' },
      points_name: { one: 'Star', other: 'Stars' },
      locale: 'en',
      program: { active: true },
      earn: [
        { action: 'purchase', points: 10, per: { amount: '1', currency: 'USD' }, done: false },
        { action: 'signup', points: 200, done: true },
        {
          action: 'social_follow',
          points: 50,
          done: false,
          claimable: true,
          networks: [{ network: 'instagram', url: 'https://instagram.com/mugs', done: false }],
        },
      ],
      recent: [
        {
          id: 't1',
          type: 'earn',
          points: 120,
          balance_after: 120,
          at: '2026-11-23T10:00:00Z',
          reason_code: 'order_paid',
          params: { base: '12.00', currency: 'USD', rate: '10' },
          order_name: '#1001',
          explanation: 'Purchase, order #1001: $12.00 × 10 Stars.',
        },
      ],
      expiring: null,
      expiries: [{ points: 30, at: '2026-12-24T00:00:00.000Z' }],
      rewards: [
        {
          id: 'r1',
          kind: 'amount_off',
          title: '$5 off',
          points_cost: 500,
          value: { amount: '5', currency: 'USD' },
          eligible: true,
        },
        {
          id: 'r2',
          kind: 'gift_card',
          title: 'A card',
          points_cost: 100,
          value: { amount: '1', currency: 'USD' },
          steps: { min: 200, max: 1000 },
          tiers: ['Gold'],
          eligible: false,
        },
      ],
      redemptions: [
        {
          id: 'x1',
          kind: 'percent_off',
          title: '10% off',
          status: 'completed',
          code: 'LN-7/K',
          points_spent: 1000,
          value: { percent: '10' },
          apply_url: '/discount/LN-7%2FK?redirect=/cart',
          used: false,
          returnable: true,
          at: '2026-11-23T10:00:00.000Z',
        },
      ],
      tier: {
        tiers: [
          { id: 'b', name: 'Bronze' },
          { id: 's', name: 'Silver', spend: { amount: '100', currency: 'USD' }, multiplier: '1.5' },
          { id: 'g', name: 'Gold', spend: { amount: '500', currency: 'USD' }, points: 4000 },
        ],
        takes: 'either',
        current: 's',
        next: 'g',
        progress: {
          spend: {
            have: { amount: '320.50', currency: 'USD' },
            need: { amount: '500.00', currency: 'USD' },
            missing: { amount: '179.50', currency: 'USD' },
          },
          points: { have: 1000, need: 4000, missing: 3000 },
          percent: 64,
        },
        until: '2027-01-01T00:00:00.000Z',
      },
      campaigns: [
        {
          id: 'c1',
          type: 'double_points',
          name: 'Double week',
          multiplier: '2',
          ends_at: '2026-12-01T00:00:00.000Z',
        },
      ],
      referrals: false,
      quote: { rate: '10', multiplier: '2', currency: 'USD', excluded: ['7'] },
      branding: { color: '#aa3300', page: { title: 'Mug club' } },
      sign_in_url: '/account/login',
      register_url: '/account/register',
    });
  });

  test('a reward has the merchant’s description', () => {
    const rewards = [{ ...response.rewards[0]!, description: 'On anything in the shop' }];
    expect(toWidget({ ...response, rewards }).rewards[0]).toMatchObject({
      title: '$5 off',
      description: 'On anything in the shop',
    });
  });

  test.each([
    ['Flexible discount', { value: '15', isPercent: false }, 'Flexible discount · $15'],
    ['Flexible discount', { value: '12.5', isPercent: false }, 'Flexible discount · $12.50'],
    ['A treat', { value: '10', isPercent: true }, 'A treat · 10%'],
    ['$5.00 off', { value: '5', isPercent: false }, '$5.00 off'],
    ['A free mug', { value: '', isPercent: false }, 'A free mug'],
  ])('a code named %s shows its value', (title, worth, shown) => {
    const redemptions = [{ ...response.redemptions[0]!, kind: 'amount_off', title, ...worth }];
    expect(toWidget({ ...response, redemptions }).redemptions[0]?.title).toBe(shown);
  });

  test('a goal shows the member’s progress, and is done once reached', () => {
    const goal = {
      ...response.campaigns[0]!,
      type: 'goal_spend',
      multiplier: '',
      goalAmount: '100',
      rewardPoints: 250,
    };
    const shown = (more: { spent: string; isReached: boolean }) =>
      toWidget({ ...response, campaigns: [{ ...goal, ...more }] }).campaigns[0];
    expect(shown({ spent: '99.99', isReached: false })).toMatchObject({
      progress: { spent: { amount: '99.99', currency: 'USD' }, percent: 99 },
    });
    expect(shown({ spent: '99.99', isReached: false })).not.toHaveProperty('done');
    expect(shown({ spent: '120', isReached: true })).toMatchObject({
      progress: { percent: 100 },
      done: true,
    });
    expect(shown({ spent: '', isReached: false })).not.toHaveProperty('progress');
    const rule = { ...response.earnActions[0]!, action: 'goal_spend', isDone: false };
    const earnActions = [{ ...rule, amount: '50', spent: '20' }];
    expect(toWidget({ ...response, earnActions }).earn.at(-1)).toMatchObject({
      action: 'goal_spend',
      per: { amount: '50' },
      progress: { spent: { amount: '20' }, percent: 40 },
      done: false,
    });
  });

  test('of a guest lists the tiers and no current tier', () => {
    const { tier } = toWidget({ ...response, balance: undefined, standing: undefined });
    expect(tier).toMatchObject({ current: null, next: null, progress: null });
    expect(tier?.tiers).toHaveLength(3);
  });

  test('names an unnamed reward in the language of the page', () => {
    const titles = (locale: string) => toWidget({ ...response, locale }).rewards[0]?.title;
    expect(titles('es')).toMatch(/^5\sUS\$ de descuento$/);
    expect(titles('fr')).toMatch(/^5\s\$US de réduction$/);
  });

  test('says why the shopper gets nothing from the program, and nothing while they do', () => {
    const noticeOf = (changes: object) => toWidget({ ...response, ...changes }).program.notice;
    expect(noticeOf({})).toBeUndefined();
    expect(noticeOf({ absence: 'tag' })).toBe('not_participating');
    expect(noticeOf({ absence: 'tag', program: undefined })).toBe('paused');
  });

  test('of a guest has no balance; of a paused program, no ways to earn', () => {
    const guest = toWidget({ ...response, balance: undefined, program: undefined });
    expect(guest).toMatchObject({ customer: null, earn: [], program: { active: false } });
  });
});

type Response = typeof response;
const withFirst = <
  Key extends 'rewards' | 'redemptions' | 'tiers' | 'campaigns' | 'earnActions' | 'recent',
>(
  key: Key,
  more: Partial<Response[Key][number]>,
) => toWidget({ ...response, [key]: [{ ...response[key][0]!, ...more }] });

describe('a reward in the widget', () => {
  const shown = (more: Partial<Response['rewards'][number]>) =>
    withFirst('rewards', more).rewards[0];

  test('tells all that a merchant chose', () => {
    expect(
      shown({
        minPurchase: '20',
        maxShipping: '15',
        expiresAfterDays: 30,
        iconUrl: 'https://cdn.example/a.png',
        isOffer: true,
        endsAt: '2026-12-01T00:00:00.000Z',
      }),
    ).toEqual({
      id: 'r1',
      kind: 'amount_off',
      title: '$5 off',
      points_cost: 500,
      value: { amount: '5', currency: 'USD' },
      min_purchase: { amount: '20', currency: 'USD' },
      max_shipping: { amount: '15', currency: 'USD' },
      expires_after_days: 30,
      icon_url: 'https://cdn.example/a.png',
      eligible: true,
      offer: true,
      ends_at: '2026-12-01T00:00:00.000Z',
    });
  });

  test('is shown with the picture that the shop uploaded', () => {
    expect(shown({ iconUrl: `picture:${'0a'.repeat(16)}` })?.icon_url).toBe(
      `/pictures/shop/${'0a'.repeat(16)}.webp`,
    );
  });

  test('is of a percentage, of no value, or of a kind that has no name yet', () => {
    expect(shown({ kind: 'percent_off', value: '10' })?.value).toEqual({ percent: '10' });
    expect(shown({ kind: 'free_shipping', value: '' })).not.toHaveProperty('value');
    expect(shown({ kind: 'of tomorrow', title: 'Later' })).toMatchObject({
      kind: 'custom',
      title: 'Later',
    });
  });

  test.each([
    [100, 0, 0, { min: 100, max: 10_000 }],
    [100, 100, 100, { min: 100, max: 100 }],
    [100, 101, 999, { min: 200, max: 900 }],
    [100, 300, 250, { min: 300, max: 300 }],
    [7, 0, 20, { min: 7, max: 14 }],
  ])(
    'of steps of %i from %i to %i points goes from least to most',
    (pointsCost, minPoints, maxPoints, steps) => {
      expect(shown({ incremental: true, pointsCost, minPoints, maxPoints })?.steps).toEqual(steps);
    },
  );
});

describe('a code in the widget', () => {
  const shown = (more: Partial<Response['redemptions'][number]>) =>
    withFirst('redemptions', more).redemptions[0];

  test('says until when it is good, and leads to the cart', () => {
    expect(shown({ expiresAt: '2026-12-01T00:00:00.000Z', isUsed: true })).toMatchObject({
      expires_at: '2026-12-01T00:00:00.000Z',
      used: true,
      apply_url: '/discount/LN-7%2FK?redirect=/cart',
    });
    expect(shown({ expiresAt: '' })).not.toHaveProperty('expires_at');
  });

  test('that is not there yet leads nowhere, nor does a gift card’s', () => {
    const waiting = shown({ code: '', status: 'pending' });
    expect(waiting).not.toHaveProperty('code');
    expect(waiting).not.toHaveProperty('apply_url');
    expect(waiting?.status).toBe('pending');
    const card = shown({ kind: 'gift_card' });
    expect(card).toMatchObject({ code: 'LN-7/K' });
    expect(card).not.toHaveProperty('apply_url');
  });

  test('whose state this release does not know is one that is waited for', () => {
    expect(shown({ status: 'of tomorrow' })?.status).toBe('pending');
    expect(shown({ status: 'returned' })?.status).toBe('returned');
  });

  test('that says its worth itself does not say it twice', () => {
    const title = (name: string, value: string) =>
      shown({ kind: 'amount_off', isPercent: false, title: name, value })?.title;
    expect(title('12,50 off', '12.5')).toBe('12,50 off');
    expect(title('Save 15 from 100', '15')).toBe('Save 15 from 100');
    expect(title('Save 150', '15')).toBe('Save 150 · $15');
    expect(title('', '15')).toBe('$15 off');
  });
});

describe('the tiers in the widget', () => {
  const shown = (more: Partial<Response>) => toWidget({ ...response, ...more }).tier;
  const standing = (more: Partial<NonNullable<Response['standing']>>) => ({
    standing: { ...response.standing!, ...more },
  });

  test('is none where the shop has none', () => {
    expect(shown({ tiers: [] })).toBeNull();
  });

  test('tells all that a tier gives', () => {
    const tier = {
      ...response.tiers[0]!,
      entryPoints: 100,
      hasFreeShipping: true,
      entryReward: 'A mug',
      hasEarlyAccess: true,
      perks: 'A card',
    };
    expect(shown({ tiers: [tier] })?.tiers).toEqual([
      {
        id: 'b',
        name: 'Bronze',
        entry_points: 100,
        free_shipping: true,
        entry_reward: 'A mug',
        early_access: true,
        perks: 'A card',
      },
    ]);
  });

  test.each([
    ['spend', 'either', ['spend', 'percent'], 64],
    ['points', 'either', ['points', 'percent'], 25],
    ['any', 'either', ['spend', 'points', 'percent'], 64],
    ['all', 'both', ['spend', 'points', 'percent'], 25],
    ['of tomorrow', 'either', ['spend', 'points', 'percent'], 64],
  ])('by %s takes %s, and says how far the next tier is', (tierBasis, takes, parts, percent) => {
    const tier = shown({ tierBasis });
    expect(tier?.takes).toBe(takes);
    expect(Object.keys(tier?.progress ?? {})).toEqual(parts);
    expect(tier?.progress?.percent).toBe(percent);
  });

  test('by one of the two does not tell of the other', () => {
    expect(shown({ tierBasis: 'points' })?.tiers[2]).toEqual({
      id: 'g',
      name: 'Gold',
      points: 4000,
    });
    expect(shown({ tierBasis: 'spend' })?.tiers[2]).not.toHaveProperty('points');
  });

  test('begins below its first tier, and ends at its last', () => {
    expect(shown(standing({ tierId: '' }))).toMatchObject({ current: null, next: 'b' });
    expect(shown(standing({ tierId: 'g' }))).toMatchObject({
      current: 'g',
      next: null,
      progress: null,
    });
  });

  test('never says more than all, and nothing of a tier that asks for nothing', () => {
    expect(shown(standing({ spend: '900', points: 9_000 }))?.progress).toEqual({
      spend: {
        have: { amount: '900.00', currency: 'USD' },
        need: { amount: '500.00', currency: 'USD' },
        missing: { amount: '0.00', currency: 'USD' },
      },
      points: { have: 9_000, need: 4_000, missing: 0 },
      percent: 100,
    });
    expect(shown(standing({ spend: '499.99', points: 0 }))?.progress?.percent).toBe(99);
    expect(shown(standing({ spend: '', points: 3_999 }))?.progress).toMatchObject({
      spend: { missing: { amount: '500.00' } },
      percent: 99,
    });
    expect(shown(standing({ spend: '500', points: 0 }))?.progress?.percent).toBe(100);
    expect(shown(standing({ tierId: '' }))?.progress).toEqual({ percent: 0 });
  });

  test('says until when a tier is kept, and when it expires', () => {
    const graceUntil = '2026-12-24T00:00:00.000Z';
    expect(shown(standing({ graceUntil }))).toMatchObject({ expires: graceUntil });
    const neither = shown(standing({ qualifiedUntil: '' }));
    expect(neither).not.toHaveProperty('until');
    expect(neither).not.toHaveProperty('expires');
  });
});

describe('a campaign in the widget', () => {
  const shown = (more: Partial<Response['campaigns'][number]>) =>
    withFirst('campaigns', more).campaigns[0];

  test('tells what must be spent and what is given', () => {
    const goal = {
      type: 'goal_spend',
      minSpend: '20',
      goalAmount: '100',
      rewardPoints: 250,
      endsAt: '',
    };
    expect(shown(goal)).toEqual({
      id: 'c1',
      type: 'goal_spend',
      name: 'Double week',
      min_spend: { amount: '20', currency: 'USD' },
      goal: { amount: '100', currency: 'USD' },
      points: 250,
    });
  });

  test('that is a surprise, or a reward beside the others, is not among them', () => {
    for (const type of ['lifecycle', 'discount']) expect(shown({ type })).toBeUndefined();
  });

  test.each([
    ['-5', 0],
    ['0', 0],
    ['0.99', 0],
    ['50', 50],
    ['99.99', 99],
    ['100', 100],
    ['150', 100],
  ])('of a goal of 100, of which %s are spent, is reached to %i per cent', (spent, percent) => {
    const goal = { type: 'goal_spend', goalAmount: '100', spent };
    expect(shown(goal)?.progress).toEqual({ spent: { amount: spent, currency: 'USD' }, percent });
    expect(shown({ ...goal, goalAmount: '' })).not.toHaveProperty('progress');
  });
});

describe('ways to earn in the widget', () => {
  const program = response.program!;
  const purchase = (more: object) =>
    toWidget({ ...response, program: { ...program, purchase: { ...program.purchase!, ...more } } })
      .earn[0]?.action;

  test('begin with purchases, while these earn something', () => {
    expect(purchase({})).toBe('purchase');
    expect(purchase({ points: 1 })).toBe('purchase');
    expect(purchase({ enabled: false })).toBe('signup');
    expect(purchase({ points: 0 })).toBe('signup');
    expect(
      toWidget({ ...response, program: { ...program, purchase: undefined } }).earn[0]?.action,
    ).toBe('signup');
    expect(toWidget({ ...response, program: { ...program, active: false } })).toMatchObject({
      earn: [],
      program: { active: false },
    });
  });

  test('say how often they can be done, where, and nothing that they have not', () => {
    const share = {
      action: 'social_share',
      isDone: false,
      isClaimable: true,
      remaining: 2,
      networks: [{ network: 'x', url: '', isDone: true }],
    };
    expect(withFirst('earnActions', share).earn.at(-1)).toEqual({
      action: 'social_share',
      points: 200,
      done: false,
      claimable: true,
      remaining: 2,
      networks: [{ network: 'x', done: true }],
    });
    expect(withFirst('earnActions', { remaining: 1 }).earn.at(-1)).toMatchObject({ remaining: 1 });
  });

  test('to a goal say how far it is only where that is known', () => {
    const goal = { action: 'goal_spend', amount: '50', spent: '' };
    expect(withFirst('earnActions', goal).earn.at(-1)).not.toHaveProperty('progress');
    expect(
      withFirst('earnActions', { ...goal, amount: '', spent: '5' }).earn.at(-1),
    ).not.toHaveProperty('per');
  });
});

describe('what else the widget tells', () => {
  test('the next points to expire', () => {
    const balance = {
      ...response.balance!,
      expiringPoints: 30,
      expiringAt: '2026-12-24T00:00:00.000Z',
    };
    expect(toWidget({ ...response, balance }).expiring).toEqual({
      points: 30,
      at: '2026-12-24T00:00:00.000Z',
    });
    expect(toWidget({ ...response, balance: undefined }).expiring).toBeNull();
  });

  test('no name of a member whose name is not known', () => {
    expect(toWidget({ ...response, firstName: '' }).customer).toEqual({
      balance: 120,
      available: 100,
      held: 20,
      debt: 0,
    });
  });

  test('what purchases earn, as a decimal or as so many for so much', () => {
    const quote = (more: object) =>
      toWidget({ ...response, quote: { ...response.quote!, ...more } }).quote;
    expect(quote({ pointsPerUnit: '', points: 10, per: 3 })).toEqual({
      rate: '10',
      per: '3',
      multiplier: '2',
      currency: 'USD',
      excluded: ['7'],
    });
    expect(quote({ points: 0 })).toBeNull();
    expect(toWidget({ ...response, quote: undefined }).quote).toBeNull();
  });

  test('the shop’s color and words: the panel’s own color, else the launcher’s', () => {
    const branding = (more: object) =>
      toWidget({ ...response, branding: { ...response.branding!, ...more } }).branding;
    expect(
      branding({
        panelColor: '',
        launcherColor: '#112233',
        logoUrl: 'https://cdn.example/a.png',
        welcome: 'Hello',
        pageColor: '#223344',
      }),
    ).toEqual({
      color: '#112233',
      logo_url: 'https://cdn.example/a.png',
      welcome: 'Hello',
      page: { color: '#223344', title: 'Mug club' },
    });
    expect(branding({ panelColor: '', pageTitle: '' })).toEqual({});
    expect(toWidget({ ...response, branding: undefined }).branding).toEqual({});
  });

  test('five entries at most, of the time that they are of, with what they were made of', () => {
    const entry = response.recent[0]!;
    const recent = Array.from({ length: 6 }, (_, index) => ({
      ...entry,
      transactionId: String(index),
    }));
    expect(toWidget({ ...response, recent }).recent.map(({ id }) => id)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
    const shown = (more: Partial<typeof entry>) => withFirst('recent', more).recent[0];
    expect(shown({ occurredAt: '', createdAt: '2026-11-24T00:00:00Z' })?.at).toBe(
      '2026-11-24T00:00:00Z',
    );
    expect(shown({ orderName: '' })).not.toHaveProperty('order_name');
    expect(shown({ type: 'of tomorrow' })?.type).toBe('adjust');
    const explanation = {
      ...entry.explanation!,
      rate: '',
      base: undefined,
      refunded: { amount: '3.00', currency: 'USD' },
    };
    expect(shown({ explanation })?.params).toEqual({ refunded: '3.00' });
    expect(shown({ explanation: undefined })).toMatchObject({ reason_code: 'awarded', params: {} });
  });

  test('plain words for points where the shop has none', () => {
    expect(toWidget({ ...response, pointsName: undefined }).points_name).toEqual({
      one: 'point',
      other: 'points',
    });
  });
});
