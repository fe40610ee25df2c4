import { describe, expect, it } from 'vitest';
import { reportOf, type DaysCounted } from './figures.rules.ts';

const nothing: DaysCounted = {
  currency: 'USD',
  today: '2026-03-02',
  outstanding: 0,
  pending: 0,
  sales: [],
  ledger: [],
  joined: [],
  slipped: [],
  rewards: [],
};

describe('the figures of a period', () => {
  it('count today and the days before it, and compare them with as many days before those', () => {
    const { current, previous, trend, daily } = reportOf(
      {
        ...nothing,
        sales: [
          [0, '10.0000', '4.0000', 2, 1],
          [6, '0.5000', '0', 1, 0],
          [7, '3.0000', '3.0000', 1, 1],
          [14, '100.0000', '100.0000', 9, 9],
        ],
        joined: [
          [6, 2],
          [13, 5],
        ],
      },
      7,
    );
    expect(current).toMatchObject({
      firstDay: '2026-02-24',
      lastDay: '2026-03-02',
      revenue: { amount: '10.50', currency: 'USD' },
      memberRevenue: { amount: '4.00', currency: 'USD' },
      orders: 3,
      memberOrders: 1,
      membersGained: 2,
    });
    expect(previous).toMatchObject({
      firstDay: '2026-02-17',
      lastDay: '2026-02-23',
      revenue: { amount: '3.00' },
      membersGained: 5,
    });
    expect(trend.map(({ revenue }) => revenue)).toEqual([
      ...['0.50', '0.00', '0.00', '0.00', '0.00', '0.00', '10.00'],
    ]);
    expect(daily[0]?.day).toBe('2026-02-24');
  });

  it('draw a year by the week, and lose no day of it', () => {
    const everyDay = Array.from({ length: 730 }, (_, day) => [day, 1] as const);
    const { current, previous, trend, previousTrend } = reportOf(
      { ...nothing, joined: everyDay },
      365,
    );
    expect(trend).toHaveLength(52);
    expect(previousTrend).toHaveLength(52);
    expect(trend[0]).toMatchObject({ firstDay: current?.firstDay, membersGained: 8 });
    expect(trend.at(-1)).toMatchObject({
      firstDay: '2026-02-24',
      lastDay: '2026-03-02',
      membersGained: 7,
    });
    expect(current?.membersGained).toBe(365);
    expect(previous?.membersGained).toBe(365);
    expect(previous?.lastDay).toBe('2025-03-02');
  });

  it('follow the points outstanding back from what they are now', () => {
    const { current, previous, trend } = reportOf(
      {
        ...nothing,
        outstanding: 1_000,
        ledger: [
          [0, 300, 50, 0, 250],
          [1, 0, 200, 0, -200],
          [7, 400, 0, 100, 300],
        ],
      },
      7,
    );
    expect(trend.map(({ pointsOutstanding }) => pointsOutstanding)).toEqual([
      ...[950, 950, 950, 950, 950, 750, 1_000],
    ]);
    expect(current).toMatchObject({
      pointsOutstanding: 1_000,
      pointsIssued: 300,
      pointsRedeemed: 250,
    });
    expect(previous).toMatchObject({
      pointsOutstanding: 950,
      pointsIssued: 400,
      pointsExpired: 100,
    });
  });

  it('say what the points are worth by the reward that gives most, and nothing without one', () => {
    const worth = (rewards: DaysCounted['rewards'], currency = 'USD') =>
      reportOf({ ...nothing, currency, outstanding: 1_000, rewards }, 7).pointsWorth;
    expect(
      worth([
        [500, '5.0000'],
        [100, '2.0000'],
      ]),
    ).toEqual({ amount: '20.00', currency: 'USD' });
    expect(worth([[3, '1.0000']], 'JPY')).toEqual({ amount: '333.3334', currency: 'JPY' });
    expect(worth([])).toBeUndefined();
  });
});
