/**
 * The performance score of Lighthouse, from what a browser observed, by Lighthouse's own curves and weights for phones.
 * Its speed index needs video of the page and is left out; the others share its weight.
 */
export interface Observed {
  /** Milliseconds. */
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly blocking: number;
  /** Cumulative layout shift. */
  readonly shift: number;
}

interface Curve {
  readonly weight: number;
  /** What scores 0.9, and what scores 0.5. */
  readonly p10: number;
  readonly median: number;
}

const curves: Record<keyof Observed, Curve> = {
  firstPaint: { weight: 10, p10: 1_800, median: 3_000 },
  largestPaint: { weight: 25, p10: 2_500, median: 4_000 },
  blocking: { weight: 30, p10: 200, median: 600 },
  shift: { weight: 25, p10: 0.1, median: 0.25 },
};

/** Of erfc, at a fifth: where a log-normal curve through p10 and median has its p10. */
const inverseErfcOfOneFifth = 0.9061938024368232;

/** @returns 0 to 100 */
export function pageScore(observed: Observed): number {
  const names = Object.keys(curves) as (keyof Observed)[];
  const weights = names.reduce((sum, name) => sum + curves[name].weight, 0);
  const score = names.reduce(
    (sum, name) => sum + curves[name].weight * part(observed[name], curves[name]),
    0,
  );
  return (100 * score) / weights;
}

function part(value: number, { p10, median }: Curve): number {
  if (value <= 0) return 1;
  const x = (Math.log(value / median) * inverseErfcOfOneFifth) / -Math.log(p10 / median);
  return (1 - erf(x)) / 2;
}

/** Abramowitz and Stegun 7.1.26, as Lighthouse has it. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const y =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - y * Math.exp(-x * x));
}
