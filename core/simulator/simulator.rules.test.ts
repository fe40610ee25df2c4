import { describe, expect, it } from 'vitest';
import { NO_CONTEXT } from '../program/multipliers.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import { PLAIN_ORDER } from '../orders/settlement-facts.rules.ts';
import { contextThen, replay, SimulationSums, worthOf, type PastOrder } from './simulator.rules.ts';

/** An order of 50.00 that gave 500 points by ten a dollar. */
const past = (changes: Partial<PastOrder> = {}): PastOrder => ({
  facts: { ...PLAIN_ORDER, orderId: '1', gross: 500_000n, orderedAt: '2026-11-01T10:00:00Z' },
  customerId: 'ada',
  recorded: 500,
  terms: { reason_code: 'order_paid' },
  hasAccount: true,
  isFirst: false,
  ...changes,
});
const program = (earning: Partial<Program['earning']>, more: Partial<Program> = {}): Program => ({
  ...DEFAULT_PROGRAM,
  ...more,
  earning: { ...DEFAULT_PROGRAM.earning, ...earning },
});

describe('an order of the past by other rules', () => {
  it('gives what it gave by the rules of today, and what other rules say by others', () => {
    expect(replay(past(), DEFAULT_PROGRAM, DEFAULT_PROGRAM)).toBe(500);
    expect(replay(past(), program({}, { rate: 50_000n }), DEFAULT_PROGRAM)).toBe(250);
    expect(replay(past(), program({}, { isActive: false }), DEFAULT_PROGRAM)).toBe(0);
  });

  it('counts its campaign and its tier as they counted then', () => {
    const terms = {
      tier_id: 'gold',
      tier_multiplier: '1.5',
      campaign_ids: ['black-friday', 'autumn'],
      campaign_multiplier: '3',
    };
    expect(replay(past({ terms }), DEFAULT_PROGRAM, DEFAULT_PROGRAM)).toBe(1_500);
    const together = program({ stacking: 'multiply' });
    expect(replay(past({ terms }), together, DEFAULT_PROGRAM)).toBe(2_250);
    expect(contextThen(past({ terms }), DEFAULT_PROGRAM)).toMatchObject({
      tierId: 'gold',
      tierFactor: 15_000n,
      campaigns: [
        {
          campaignId: 'black-friday',
          name: '',
          type: 'double_points',
          status: 'ended',
          multiplier: 30_000n,
          startsAt: null,
          endsAt: null,
        },
      ],
    });
  });
});

describe('who a member was then', () => {
  it('is told by the award: segments, tier, and whether it was their first purchase', () => {
    const on = program({ firstPurchase: { isEnabled: true, factor: 20_000n } });
    const terms = { segments: ['champions', 7], tier_id: 7, first_purchase: true };
    expect(contextThen(past({ terms }), on)).toEqual({
      hasAccount: true,
      segments: ['champions'],
      tierId: null,
      tierFactor: null,
      isFirstPurchase: true,
      campaigns: [],
    });
    expect(contextThen(past({ terms: {}, isFirst: true }), on).isFirstPurchase).toBe(false);
  });

  it('is told by the orders where the rule for first purchases was off', () => {
    const terms = { first_purchase: true };
    expect(contextThen(past({ terms }), DEFAULT_PROGRAM).isFirstPurchase).toBe(false);
    expect(contextThen(past({ terms, isFirst: true }), DEFAULT_PROGRAM).isFirstPurchase).toBe(true);
  });

  it('is told by the orders where nothing was awarded', () => {
    expect(contextThen(past({ terms: null, isFirst: true }), DEFAULT_PROGRAM)).toEqual({
      ...NO_CONTEXT,
      hasAccount: true,
      isFirstPurchase: true,
    });
    expect(contextThen(past({ terms: null, hasAccount: false }), DEFAULT_PROGRAM).hasAccount).toBe(
      false,
    );
  });

  it('had an account if the order earned where only accounts do', () => {
    const closed = program({ participants: 'accounts' });
    expect(contextThen(past({ hasAccount: false }), closed).hasAccount).toBe(true);
    expect(contextThen(past({ terms: null, hasAccount: true }), closed).hasAccount).toBe(false);
    expect(contextThen(past({ hasAccount: false }), DEFAULT_PROGRAM).hasAccount).toBe(false);
  });
});

it('points are worth the money that a reward gives for them, rounded down', () => {
  expect(worthOf(1_000, 500, 50_000n)).toBe(100_000n);
  expect(worthOf(999, 500, 50_000n)).toBe(99_900n);
  expect(worthOf(1, 3, 10_000n)).toBe(3_333n);
  expect(worthOf(1_000, 0, 50_000n)).toBe(0n);
  expect(worthOf(1_000, -1, 50_000n)).toBe(0n);
  expect(worthOf(7, 1, 10_000n)).toBe(70_000n);
});

describe('what the trial comes to', () => {
  const sums = new SimulationSums();
  const add = (month: string, customerId: string | null, recorded: number, simulated: number) =>
    sums.add(month, past({ customerId, recorded }), simulated);
  add('2026-10', 'ada', 100, 150);
  add('2026-11', 'ada', 100, 120);
  add('2026-11', 'bob', 300, 100);
  add('2026-11', 'cyd', 50, 130);
  add('2026-11', 'dan', 10, 10);
  add('2026-11', 'bea', 5, 75);
  add('2026-11', null, 1_000, 7);

  it('is counted in all and by month', () => {
    expect(sums).toMatchObject({ orders: 7, recorded: 1_565, simulated: 592 });
    expect([...sums.months]).toEqual([
      ['2026-10', { orders: 1, recorded: 100, simulated: 150 }],
      ['2026-11', { orders: 6, recorded: 1_465, simulated: 442 }],
    ]);
  });

  it('names those who gain and those who lose most, and says how many there are', () => {
    expect(sums.moved(1, 2)).toEqual({
      count: 3,
      top: [
        { customerId: 'cyd', recorded: 50, simulated: 130 },
        { customerId: 'ada', recorded: 200, simulated: 270 },
      ],
    });
    expect(sums.moved(1, 9).top.map(({ customerId }) => customerId)).toEqual(['cyd', 'ada', 'bea']);
    expect(sums.moved(-1, 9)).toEqual({
      count: 1,
      top: [{ customerId: 'bob', recorded: 300, simulated: 100 }],
    });
  });
});
