import type {
  DailyPoints,
  GetAnalyticsResponse,
  PeriodFigures,
  TrendPoint,
} from '#proto/analytics/v1/analytics.ts';
import { worthOfPoints } from '../program/point-value.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';

/** What a shop's figures are made of, by days that are counted back from today: today is 0. */
export interface DaysCounted {
  readonly currency: string;
  /** YYYY-MM-DD in the shop's time zone. */
  readonly today: string;
  /** Points outstanding now. */
  readonly outstanding: number;
  /** Earned by orders whose points do not count yet. */
  readonly pending: number;
  /** [day, revenue, of members, orders, of members]; amounts are decimals. */
  readonly sales: readonly (readonly [number, string, string, number, number])[];
  /** [day, issued, redeemed, expired, change of the points outstanding] */
  readonly ledger: readonly (readonly [number, number, number, number, number])[];
  /** [day, customers who became members] */
  readonly joined: readonly (readonly [number, number])[];
  /** [day, members who entered an at-risk segment] */
  readonly slipped: readonly (readonly [number, number])[];
  /** [points, decimal] of each active reward that gives money. */
  readonly rewards: readonly (readonly [number, string])[];
}

type Reported = Pick<
  GetAnalyticsResponse,
  'current' | 'previous' | 'trend' | 'previousTrend' | 'daily' | 'pointsWorth'
>;

/** Longer periods are drawn by the week: a year of days is a blur. */
const longestByDay = 90;
const WEEK = 7;
const DAY_MS = 86_400_000;

/** Sums of a stretch of days; money in ten-thousandths. */
interface Sums {
  revenue: bigint;
  memberRevenue: bigint;
  orders: number;
  memberOrders: number;
  gained: number;
  issued: number;
  redeemed: number;
  expired: number;
  slipped: number;
  change: number;
}

const nothing = (): Sums => ({
  revenue: 0n,
  memberRevenue: 0n,
  orders: 0,
  memberOrders: 0,
  gained: 0,
  issued: 0,
  redeemed: 0,
  expired: 0,
  slipped: 0,
  change: 0,
});

/**
 * The figures of the last `days` days, of as many days before them, and the way of both.
 * @param counted of at least twice as many days; later ones are left out
 */
export function reportOf(counted: DaysCounted, days: number): Reported {
  const byDay = sumByDay(counted, 2 * days);
  const now = stretches(byDay, days, 0, counted.outstanding);
  const before = stretches(byDay, days, days, now.before);
  const daily = byDay
    .slice(0, days)
    .map((sums, day): DailyPoints => ({
      day: dayBack(counted.today, day),
      issued: sums.issued,
      redeemed: sums.redeemed,
    }))
    .reverse();
  return {
    current: periodOf(counted, now.whole, 0, days, counted.outstanding),
    previous: periodOf(counted, before.whole, days, days, now.before),
    trend: now.points.map((point) => trendPoint(counted.today, point)),
    previousTrend: before.points.map((point) => trendPoint(counted.today, point)),
    daily,
    pointsWorth: worthOf(counted),
  };
}

function sumByDay(counted: DaysCounted, days: number): Sums[] {
  const byDay = Array.from({ length: days }, nothing);
  const each = <Row extends readonly [number, ...unknown[]]>(
    rows: readonly Row[],
    add: (sums: Sums, row: Row) => void,
  ) => {
    for (const row of rows) {
      const sums = byDay[row[0]];
      if (sums !== undefined) add(sums, row);
    }
  };
  each(counted.sales, (sums, [, revenue, ofMembers, orders, memberOrders]) => {
    sums.revenue += parseAmount(revenue) ?? 0n;
    sums.memberRevenue += parseAmount(ofMembers) ?? 0n;
    sums.orders += orders;
    sums.memberOrders += memberOrders;
  });
  each(counted.ledger, (sums, [, issued, redeemed, expired, change]) => {
    sums.issued += issued;
    sums.redeemed += redeemed;
    sums.expired += expired;
    sums.change += change;
  });
  each(counted.joined, (sums, [, members]) => (sums.gained += members));
  each(counted.slipped, (sums, [, members]) => (sums.slipped += members));
  return byDay;
}

interface Stretch {
  /** Days back of its first and last day: the first is the greater number. */
  readonly from: number;
  readonly to: number;
  readonly sums: Sums;
  readonly outstanding: number;
}

/**
 * The days of a period in the stretches that it is drawn by, oldest first.
 * @param offset days back of its last day
 * @param outstanding points outstanding at its end
 * @returns also its whole, and the points outstanding before it
 */
function stretches(
  byDay: readonly Sums[],
  days: number,
  offset: number,
  outstanding: number,
): { readonly points: Stretch[]; readonly whole: Sums; readonly before: number } {
  const step = days > longestByDay ? WEEK : 1;
  const count = Math.floor(days / step);
  const points: Stretch[] = [];
  let left = outstanding;
  for (let nth = 0; nth < count; nth += 1) {
    const to = offset + nth * step;
    // The days that make no week are of the oldest.
    const end = nth === count - 1 ? offset + days : to + step;
    const sums = byDay.slice(to, end).reduce(added, nothing());
    points.push({ from: end - 1, to, sums, outstanding: left });
    left -= sums.change;
  }
  const whole = points.reduce((sum, { sums }) => added(sum, sums), nothing());
  return { points: points.reverse(), whole, before: left };
}

const added = (one: Sums, other: Sums): Sums => ({
  revenue: one.revenue + other.revenue,
  memberRevenue: one.memberRevenue + other.memberRevenue,
  orders: one.orders + other.orders,
  memberOrders: one.memberOrders + other.memberOrders,
  gained: one.gained + other.gained,
  issued: one.issued + other.issued,
  redeemed: one.redeemed + other.redeemed,
  expired: one.expired + other.expired,
  slipped: one.slipped + other.slipped,
  change: one.change + other.change,
});

function periodOf(
  { today, currency }: DaysCounted,
  sums: Sums,
  offset: number,
  days: number,
  outstanding: number,
): PeriodFigures {
  return {
    firstDay: dayBack(today, offset + days - 1),
    lastDay: dayBack(today, offset),
    revenue: { amount: formatAmount(sums.revenue), currency },
    memberRevenue: { amount: formatAmount(sums.memberRevenue), currency },
    orders: sums.orders,
    memberOrders: sums.memberOrders,
    membersGained: sums.gained,
    pointsIssued: sums.issued,
    pointsRedeemed: sums.redeemed,
    pointsExpired: sums.expired,
    pointsOutstanding: outstanding,
    membersSlipped: sums.slipped,
  };
}

const trendPoint = (today: string, { from, to, sums, outstanding }: Stretch): TrendPoint => ({
  firstDay: dayBack(today, from),
  lastDay: dayBack(today, to),
  revenue: formatAmount(sums.revenue),
  memberRevenue: formatAmount(sums.memberRevenue),
  membersGained: sums.gained,
  pointsIssued: sums.issued,
  pointsRedeemed: sums.redeemed,
  pointsOutstanding: outstanding,
  membersSlipped: sums.slipped,
});

function worthOf({ outstanding, rewards, currency }: DaysCounted): Reported['pointsWorth'] {
  const worth = worthOfPoints(
    BigInt(outstanding),
    rewards.map(([pointsCost, value]) => ({ pointsCost, value })),
  );
  return worth === undefined ? undefined : { amount: formatAmount(worth), currency };
}

/** @param today YYYY-MM-DD; days of the calendar have no time zone */
function dayBack(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}
