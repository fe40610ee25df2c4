import { describe, expect, it } from 'vitest';
import { PLAIN_ORDER, type OrderFacts } from '../orders/settlement-facts.rules.ts';
import { NO_CONTEXT } from '../program/multipliers.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import { contextThen, replay, SimulationSums, worthOf, type PastOrder } from './simulator.rules.ts';

const money = (units: number): bigint => BigInt(units * 100) * 100n;
const facts = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  ...PLAIN_ORDER,
  orderId: '1001',
  gross: money(50),
  currency: 'USD',
  orderedAt: '2026-11-01T10:00:00Z',
  ...changes,
});
const past = (changes: Partial<PastOrder> = {}): PastOrder => ({
  facts: facts(),
  customerId: 'ada',
  recorded: 500,
  terms: {},
  hasAccount: true,
  isFirst: false,
  ...changes,
});
const rules = (changes: Partial<Program> = {}): Program => ({ ...DEFAULT_PROGRAM, ...changes });
const forAccounts = rules({ earning: { ...DEFAULT_PROGRAM.earning, participants: 'accounts' } });
const forFirst = rules({
  earning: { ...DEFAULT_PROGRAM.earning, firstPurchase: { isEnabled: true, factor: 30_000n } },
});

describe('an order of the past, tried on other rules', () => {
  it('gives what those rules give: the same by the same rules, twice as much by twice the rate', () => {
    expect(replay(past(), rules(), rules())).toBe(500);
    expect(replay(past(), rules({ rate: 200_000n }), rules())).toBe(1_000);
    expect(replay(past(), rules({ per: 4n }), rules())).toBe(125);
  });

  it.each([
    ['a cancelled order', { facts: facts({ isCancelled: true }) }],
    ['an order that was never paid', { facts: facts({ isPaid: false }) }],
    ['an order without a customer', { facts: facts({ owner: null }) }],
    ['an order of nothing', { facts: facts({ gross: 0n }) }],
  ] as [string, Partial<PastOrder>][])('%s gives nothing', (_what, changes) => {
    expect(replay(past(changes), rules(), rules())).toBe(0);
  });

  it('loses what was refunded, as it did then', () => {
    const refunds = [
      {
        refundId: '1',
        at: '2026-11-02T00:00:00Z',
        lines: {},
        goods: money(20),
        stated: money(20),
        tax: 0n,
        other: 0n,
        adjustments: [],
        transactions: [],
      },
    ];
    expect(replay(past({ facts: facts({ refunds }) }), rules(), rules())).toBe(300);
  });

  it('is multiplied by the tier that the member had then, and by the campaign that ran then', () => {
    const silver = past({ terms: { tier_id: 's', tier_multiplier: '1.5' } });
    expect(replay(silver, rules(), rules())).toBe(750);
    const doubled = past({ terms: { campaign_ids: ['c1', 'c2'], campaign_multiplier: '2' } });
    expect(replay(doubled, rules(), rules())).toBe(1_000);
  });

  it('by a draft that rewards first purchases, gives more to those that were first', () => {
    const first = past({ isFirst: true });
    expect(replay(first, forFirst, rules())).toBe(1_500);
    expect(replay(past(), forFirst, rules())).toBe(500);
  });
});

describe('who the member was then', () => {
  it('is read from the line of the award', () => {
    const terms = {
      segments: ['champions', 7],
      tier_id: 's',
      tier_multiplier: '1.25',
      first_purchase: true,
      campaign_ids: ['c1', 'c2'],
      campaign_multiplier: '3',
    };
    const then = contextThen(past({ terms, hasAccount: true }), forFirst);
    expect(then).toMatchObject({
      hasAccount: true,
      segments: ['champions'],
      tierId: 's',
      tierFactor: 12_500n,
      isFirstPurchase: true,
      campaigns: [{ campaignId: 'c1', multiplier: 30_000n, type: 'double_points' }],
    });
    expect(then.campaigns).toHaveLength(1);
  });

  it('is an average customer where the line says nothing readable', () => {
    const nobody = { ...NO_CONTEXT, hasAccount: true };
    expect(contextThen(past({ terms: {} }), rules())).toEqual(nobody);
    const malformed = { segments: 'champions', tier_id: 7, tier_multiplier: 'lots' };
    expect(contextThen(past({ terms: malformed }), rules())).toEqual(nobody);
    expect(contextThen(past({ terms: null, isFirst: true }), rules())).toEqual({
      ...nobody,
      isFirstPurchase: true,
    });
  });

  it.each([
    ['their first order by the award, while first purchases count', forFirst, true, false, true],
    ['not their first by the award, whatever their orders say', forFirst, undefined, true, false],
    ['their first by their orders, before first purchases counted', rules(), undefined, true, true],
    ['not their first by their orders, before that', rules(), true, false, false],
  ] as [string, Program, boolean | undefined, boolean, boolean][])(
    'it was %s',
    (_what, current, first_purchase, isFirst, expected) => {
      const then = contextThen(past({ terms: { first_purchase }, isFirst }), current);
      expect(then.isFirstPurchase).toBe(expected);
    },
  );

  it.each([
    ['has one today, where all customers earn', rules(), {}, true, true],
    ['has none today, where all customers earn', rules(), {}, false, false],
    ['earned, where only accounts earn', forAccounts, {}, false, true],
    ['earned nothing, where only accounts earn', forAccounts, null, true, false],
    ['earned nothing, where all customers earn', rules(), null, true, true],
  ] as [string, Program, unknown, boolean, boolean][])(
    'an account is taken from whether they had points by it: who %s',
    (_what, current, terms, hasAccount, expected) => {
      expect(contextThen(past({ terms, hasAccount }), current).hasAccount).toBe(expected);
    },
  );
});

describe('what points are worth in money', () => {
  it.each([
    [500, 100, money(1), money(5)],
    [250, 100, money(1), 25_000n],
    [1, 3, money(1), 3_333n],
    [-250, 100, money(1), -25_000n],
    [0, 100, money(1), 0n],
    [500, 0, money(1), 0n],
    [500, -100, money(1), 0n],
    [7, 1, money(2), money(14)],
  ])('%i points at %i for so much', (points, cost, amount, worth) => {
    expect(worthOf(points, cost, amount)).toBe(worth);
  });
});

describe('the sums of a trial', () => {
  const sums = new SimulationSums();
  sums.add('2026-10', past({ customerId: 'ada', recorded: 100 }), 150);
  sums.add('2026-11', past({ customerId: 'ada', recorded: 10 }), 30);
  sums.add('2026-11', past({ customerId: 'bob', recorded: 300 }), 200);
  sums.add('2026-11', past({ customerId: 'cyd', recorded: 40 }), 110);
  sums.add('2026-11', past({ customerId: 'eve', recorded: 5 }), 5);
  sums.add('2026-12', past({ customerId: null, recorded: 1 }), 1_000);

  it('are of all orders, of each month and of each member', () => {
    expect([sums.orders, sums.recorded, sums.simulated]).toEqual([6, 456, 1_495]);
    expect(Object.fromEntries(sums.months)).toEqual({
      '2026-10': { orders: 1, recorded: 100, simulated: 150 },
      '2026-11': { orders: 4, recorded: 355, simulated: 345 },
      '2026-12': { orders: 1, recorded: 1, simulated: 1_000 },
    });
    expect(sums.members.get('ada')).toEqual({ customerId: 'ada', recorded: 110, simulated: 180 });
    expect(sums.members.size).toBe(4);
  });

  it('name those who gain and those who lose most, alike ones by their id, and count the rest', () => {
    const named = (direction: 1 | -1, atMost: number) => {
      const { count, top } = sums.moved(direction, atMost);
      return [count, top.map(({ customerId }) => customerId)];
    };
    expect(named(1, 10)).toEqual([2, ['ada', 'cyd']]);
    expect(named(1, 1)).toEqual([2, ['ada']]);
    expect(named(-1, 10)).toEqual([1, ['bob']]);
    sums.add('2026-12', past({ customerId: 'zoe', recorded: 0 }), 71);
    expect(named(1, 10)).toEqual([3, ['zoe', 'ada', 'cyd']]);
    sums.add('2026-12', past({ customerId: 'aaa', recorded: 0 }), 70);
    expect(named(1, 2)).toEqual([4, ['zoe', 'aaa']]);
  });
});
