import type { TFunction } from 'i18next';
import type { TrendPoint } from '#proto/analytics/v1/analytics.ts';
import type { Format } from '../../dashboard/shop.ts';
import { changeFrom, changeOfRate, rateOf, type Change } from './change.ts';
import type { Figures, HomeFigures } from './home.server.ts';

export type MetricName = 'revenue' | 'redemption' | 'outstanding' | 'gained' | 'slipping';

interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly isBefore?: boolean;
}

/** A figure of the first page, with what it is compared with and how it went. */
export interface Metric {
  readonly name: MetricName;
  readonly value: string;
  readonly note: string;
  readonly change: Change;
  readonly spark: readonly number[];
  readonly series: readonly Series[];
  /** As its values are written. */
  readonly format: (value: number) => string;
}

/** What the points outstanding are worth, and how many are on their way. */
function outstandingNote(
  { pointsWorth, pointsPending }: HomeFigures,
  t: TFunction,
  format: Format,
): string {
  const worth =
    pointsWorth === undefined
      ? t('home.figures.outstanding.worthless')
      : t('home.figures.outstanding.note', { worth: format.money(pointsWorth) });
  return pointsPending === 0
    ? worth
    : `${worth} · ${t('home.figures.outstanding.pending', { points: format.number(pointsPending) })}`;
}

export function metricsOf(figures: HomeFigures, t: TFunction, format: Format): readonly Metric[] {
  const { current, previous } = figures;
  const before = t('home.chart.before');
  const whole = (value: number) => format.number(value);
  const now = (of: (point: TrendPoint) => number) => figures.trend.map(of);
  const compared = (name: string, of: (point: TrendPoint) => number): readonly Series[] => [
    { name, values: now(of) },
    { name: before, values: figures.previousTrend.map(of), isBefore: true },
  ];
  return [
    revenue(figures, t, format, before),
    {
      name: 'redemption',
      value: rateText(current, t, format),
      note: t('home.figures.redemption.note', {
        redeemed: format.number(current.pointsRedeemed),
        issued: format.number(current.pointsIssued),
      }),
      change: changeOfRate(redemptionRate(current), redemptionRate(previous)),
      spark: now(({ pointsRedeemed }) => pointsRedeemed),
      series: [
        { name: t('home.chart.issued'), values: now(({ pointsIssued }) => pointsIssued) },
        { name: t('home.chart.redeemed'), values: now(({ pointsRedeemed }) => pointsRedeemed) },
      ],
      format: whole,
    },
    {
      name: 'outstanding',
      value: format.number(current.pointsOutstanding),
      note: outstandingNote(figures, t, format),
      change: changeFrom(current.pointsOutstanding, previous.pointsOutstanding),
      spark: now(({ pointsOutstanding }) => pointsOutstanding),
      series: compared(
        t('home.figures.outstanding.title'),
        ({ pointsOutstanding }) => pointsOutstanding,
      ),
      format: whole,
    },
    {
      name: 'gained',
      value: format.number(current.membersGained),
      note: t('home.figures.gained.note', {
        count: figures.members,
        formatted: format.number(figures.members),
      }),
      change: changeFrom(current.membersGained, previous.membersGained),
      spark: now(({ membersGained }) => membersGained),
      series: compared(t('home.figures.gained.title'), ({ membersGained }) => membersGained),
      format: whole,
    },
    {
      name: 'slipping',
      value: format.number(figures.membersSlipping),
      note: t('home.figures.slipping.note', {
        count: current.membersSlipped,
        formatted: format.number(current.membersSlipped),
      }),
      change: changeFrom(current.membersSlipped, previous.membersSlipped),
      spark: now(({ membersSlipped }) => membersSlipped),
      series: compared(t('home.chart.slipped'), ({ membersSlipped }) => membersSlipped),
      format: whole,
    },
  ];
}

function revenue(
  { current, previous, trend, previousTrend }: HomeFigures,
  t: TFunction,
  format: Format,
  before: string,
): Metric {
  const currency = current.revenue.currency;
  // For lines and percentages alone; what is written is the decimal itself.
  const ofMembers = (point: TrendPoint) => Number(point.memberRevenue);
  const share = rateOf(Number(current.memberRevenue.amount), Number(current.revenue.amount));
  return {
    name: 'revenue',
    value: format.money(current.memberRevenue),
    note: t('home.figures.revenue.note', {
      share: format.percent(share ?? 0),
      total: format.money(current.revenue),
    }),
    change: changeFrom(Number(current.memberRevenue.amount), Number(previous.memberRevenue.amount)),
    spark: trend.map(ofMembers),
    series: [
      { name: t('home.chart.members'), values: trend.map(ofMembers) },
      { name: t('home.chart.everyone'), values: trend.map((point) => Number(point.revenue)) },
      {
        name: t('home.chart.membersBefore', { before }),
        values: previousTrend.map(ofMembers),
        isBefore: true,
      },
    ],
    format: (value) => format.money({ amount: String(value), currency }),
  };
}

const redemptionRate = ({ pointsRedeemed, pointsIssued }: Figures) =>
  rateOf(pointsRedeemed, pointsIssued);

function rateText(current: Figures, t: TFunction, format: Format): string {
  const rate = redemptionRate(current);
  return rate === null ? t('home.figures.none') : format.percent(rate);
}
