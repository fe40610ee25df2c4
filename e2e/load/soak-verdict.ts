/** Memory of one process at one moment. */
export interface Reading {
  /** Since the process was started. */
  readonly minutes: number;
  readonly bytes: number;
}

export type SoakVerdict = 'flat' | 'grows' | 'too short to tell';

export interface Slope {
  readonly verdict: SoakVerdict;
  /** MB an hour by which it grows, and the bounds of a 95 % confidence interval; infinite where too few were taken. */
  readonly perHour: number;
  readonly low: number;
  readonly high: number;
  /** Readings after the warm-up. */
  readonly readings: number;
}

/** What is promised, in MB an hour. */
export const mostPerHour = 5;
const megabyte = 1_000_000;
/** Fewer say nothing about how much a reading varies. */
const fewestReadings = 20;
/** Minutes; compilers and caches are not done before. */
const shortestWarmUp = 10;

/** The first quarter of a run, at most 20 minutes: compilers, connections and caches fill. */
export const warmUpMinutes = (minutes: number): number => Math.min(20, minutes / 4);

/**
 * How fast memory grows: least squares over the readings after the warm-up. Readings that follow one another resemble
 * each other, so that they are worth fewer: the interval is widened by their correlation. Flat is what is below the
 * promise with its whole interval, growing what is above with all of it; in between the run was too short to tell.
 */
export function slopeOf(all: readonly Reading[], warmUp: number): Slope {
  const points = all
    .filter(({ minutes }) => minutes >= warmUp)
    .map(({ minutes, bytes }) => ({ x: minutes / 60, y: bytes / megabyte }));
  const n = points.length;
  const unknown: Slope = {
    verdict: 'too short to tell',
    perHour: Number.NaN,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    readings: n,
  };
  if (n < fewestReadings) return unknown;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (spread === 0) return unknown;
  const perHour = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const residuals = points.map(({ x, y }) => y - meanY - perHour * (x - meanX));
  const worth = effectiveCount(residuals);
  if (worth <= 3) return { ...unknown, perHour };
  const variance = sum(residuals.map((residual) => residual ** 2)) / (n - 2);
  const error = Math.sqrt((variance / spread) * (n / worth));
  const margin = studentQuantile(worth - 2) * error;
  const low = perHour - margin;
  const high = perHour + margin;
  const told = high <= mostPerHour ? 'flat' : low > mostPerHour ? 'grows' : 'too short to tell';
  // What still warms up grows, and says nothing about the hours that follow.
  const verdict = warmUp < shortestWarmUp ? 'too short to tell' : told;
  return { verdict, perHour, low, high, readings: n };
}

/** How many independent readings as many correlated ones are worth, by the correlation of neighbors. */
function effectiveCount(residuals: readonly number[]): number {
  const power = sum(residuals.map((residual) => residual ** 2));
  if (power === 0) return residuals.length;
  const shared = sum(
    residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)),
  );
  const correlation = Math.min(0.99, Math.max(0, shared / power));
  return (residuals.length * (1 - correlation)) / (1 + correlation);
}

/** Two-sided 95 % of Student's t, by its expansion around the normal distribution. */
export function studentQuantile(degrees: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}

/** Of a whole run: one that grows decides, and one that cannot be told leaves all untold. */
export function verdictOf(slopes: readonly Slope[]): SoakVerdict {
  if (slopes.some(({ verdict }) => verdict === 'grows')) return 'grows';
  return slopes.length > 0 && slopes.every(({ verdict }) => verdict === 'flat')
    ? 'flat'
    : 'too short to tell';
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
