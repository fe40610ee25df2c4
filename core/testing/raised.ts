import type { OwnAlarm } from '#infra/terraform-alarms.ts';
import type { Point } from './collector.ts';

/** Whether points that were sent are beyond an alarm's threshold; how long they must be is left to CloudWatch. */
export function isRaised(alarm: OwnAlarm, points: readonly Point[]): boolean {
  const its = points.filter(
    ({ metric, dimensions }) =>
      metric === alarm.metric &&
      Object.entries(alarm.dimensions).every(([name, value]) => dimensions[name] === value),
  );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const values = (of: (point: Point) => number | undefined) => its.map((point) => of(point) ?? 0);
  if (its.length === 0) return false;
  if (alarm.isBelow)
    // The lowest of a minute is as low as an average that stays there.
    return its.some(({ min = Number.POSITIVE_INFINITY }) => min < alarm.threshold);
  if (alarm.statistic === 'Sum') return sum(values(({ value }) => value)) > alarm.threshold;
  if (alarm.statistic === 'SampleCount') return sum(values(({ count }) => count)) > alarm.threshold;
  const highest = Math.max(...values(({ value, max }) => value ?? max));
  return highest > alarm.threshold;
}
