import { describe, expect, test } from 'vitest';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { toWidget } from './widget.server.ts';

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

  test('of a guest has no balance; of a paused program, no ways to earn', () => {
    const guest = toWidget({ ...response, balance: undefined, program: undefined });
    expect(guest).toMatchObject({ customer: null, earn: [], program: { active: false } });
  });
});
