import { describe, expect, it } from 'vitest';
import { isSignupDue } from '../members/customers.rules.ts';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { DEFAULT_EARNING } from '../program/earning.rules.ts';
import { floorPoints, parseAmount } from '../shared/money.rules.ts';
import { multiply, NO_CONTEXT } from '../program/multipliers.rules.ts';
import { DEFAULT_PROGRAM } from '../program/program.rules.ts';
import { PLAIN_ORDER, type OrderFacts } from './settlement-facts.rules.ts';
import { settle } from './settlement.rules.ts';

/** The product's table of earning rules, cell by cell; actions other than purchases are in claim.rules.test.ts. */

const amount = (text: string) => parseAmount(text) ?? 0n;
const order = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  ...PLAIN_ORDER,
  orderId: '1001',
  gross: amount('50.00'),
  lines: [],
  currency: 'USD',
  orderedAt: '2026-11-01T10:00:00Z',
  country: '',
  isPaid: true,
  isCancelled: false,
  isHistorical: false,
  refunds: [],
  ...changes,
});
const pointsOf = (facts: OrderFacts, program = DEFAULT_PROGRAM): number => {
  const settlement = settle(facts, [], program, NO_CONTEXT);
  return settlement.kind === 'post'
    ? settlement.entries.reduce((sum, entry) => sum + entry.points, 0)
    : 0;
};

describe('purchase', () => {
  it('purchase: 10 points for each $1 of the goods', () => {
    expect(pointsOf(order())).toBe(500);
  });
  it('purchase: when it is paid, or when it is placed where award_on is created', () => {
    expect(pointsOf(order({ isPaid: false }))).toBe(0);
    expect(pointsOf(order({ isPaid: false }), { ...DEFAULT_PROGRAM, awardOn: 'created' })).toBe(
      500,
    );
  });
  it('purchase: excluded products earn nothing', () => {
    const lines = [
      { lineId: '1', productId: '7', worth: amount('30.00') },
      { lineId: '2', productId: '8', worth: amount('20.00') },
    ];
    const earning = { ...DEFAULT_EARNING, excludedProducts: [{ productId: '7', title: '' }] };
    expect(pointsOf(order({ lines }), { ...DEFAULT_PROGRAM, earning })).toBe(200);
  });
  it('purchase: rounded down to a whole point', () => {
    expect(floorPoints(amount('0.19'), DEFAULT_PROGRAM.rate, 10_000n)).toBe(1n);
  });
});

describe('signup', () => {
  it('signup: 200 points, for an account that was enabled or created with one', () => {
    expect(DEFAULT_PROGRAM).toMatchObject({ isSignupEnabled: true, signupPoints: 200 });
    expect(isSignupDue('enabled', 'enabled')).toBe(true);
    expect(isSignupDue('created', 'enabled')).toBe(true);
    expect(isSignupDue('created', 'invited')).toBe(false);
    expect(isSignupDue('synced', 'enabled')).toBe(false);
  });
});

describe('actions', () => {
  it.each([
    ['newsletter', 100],
    ['review', 100],
    ['birthday', 200],
    ['social_follow', 50],
    ['social_share', 50],
    ['goal_spend', 200],
  ] as const)('%s: %i points once the merchant switches it on', (action, points) => {
    expect(DEFAULT_EARNING.actions[action]).toMatchObject({ points, isEnabled: false });
  });
  it('social_share: 5 times for each member', () => {
    expect(DEFAULT_EARNING.actions.social_share.limit).toBe(5);
  });
  it('goal_spend: for $100', () => {
    expect(DEFAULT_EARNING.actions.goal_spend.amount).toBe(amount('100'));
  });
  it('birthday: entered at least 30 days before', () => {
    expect(DEFAULT_EARNING.actions.birthday.daysBefore).toBe(30);
  });
});

describe('multipliers', () => {
  const purchase = { orderedAt: '2026-11-20T12:00:00Z', country: 'FR', base: amount('50') };
  const on = (name: 'firstPurchase' | 'champions') => ({
    ...DEFAULT_EARNING,
    [name]: { ...DEFAULT_EARNING[name], isEnabled: true },
  });
  it('first_purchase_24h: ×2 for the first purchase within 24 hours', () => {
    const context = { ...NO_CONTEXT, isFirstPurchase: true };
    expect(multiply(on('firstPurchase'), context, purchase)).toMatchObject({ factor: 20_000n });
    expect(multiply(on('firstPurchase'), NO_CONTEXT, purchase)).toMatchObject({ factor: 10_000n });
  });
  it('rfm_champion: ×1.5 for champions', () => {
    const context = { ...NO_CONTEXT, segments: ['champions'] };
    expect(multiply(on('champions'), context, purchase)).toMatchObject({ factor: 15_000n });
  });
  it('active campaign: × its multiplier, the highest alone', () => {
    const campaign = (multiplier: string) =>
      campaignFromRow({
        campaign_id: multiplier,
        name: 'A week',
        type: 'double_points',
        status: 'active',
        start_date: null,
        end_date: null,
        multiplier,
        conditions: {},
        reward: {},
      });
    const context = { ...NO_CONTEXT, campaigns: [campaign('2'), campaign('1.5')] };
    expect(multiply(DEFAULT_EARNING, context, purchase)).toMatchObject({
      factor: 20_000n,
      source: 'campaign',
    });
  });
});
