import { describe, expect, it } from 'vitest';
import { evaluate, thresholds } from './guide-scenarios.ts';
import type { Figure, Finding } from './guide-scenarios.ts';

/** Everything exactly as promised, but for what is given. */
function findings(changes: Partial<Record<Figure, Finding>> = {}): Record<Figure, Finding> {
  const exact = Object.fromEntries(
    Object.entries(thresholds).map(([figure, threshold]) => [
      figure,
      { value: 'atMost' in threshold ? threshold.atMost : threshold.atLeast, failed: 0 },
    ]),
  ) as Record<Figure, Finding>;
  return { ...exact, ...changes };
}
const verdictOn = (figure: Figure, finding: Finding) => {
  const found = evaluate(findings({ [figure]: finding })).find((one) => one.figure === figure);
  if (found === undefined) throw new Error(`${figure} was not judged`);
  return found;
};

describe('the promises of the guide', () => {
  it('are all judged, and met by what is exactly as promised', () => {
    const verdicts = evaluate(findings());
    expect(verdicts.map(({ figure }) => figure)).toEqual(Object.keys(thresholds));
    expect(verdicts.filter(({ met }) => !met)).toEqual([]);
  });

  it('say how many times better it was', () => {
    expect(verdictOn('redactions_seconds', { value: 0.5, failed: 0 })).toMatchObject({
      met: true,
      ratio: 10,
      line: expect.stringMatching(/^met .* 0\.5 s, at most 5 promised \(10 times\)$/) as string,
    });
    expect(verdictOn('orders_per_hour_stretch', { value: 25_000, failed: 0 })).toMatchObject({
      met: true,
      ratio: 2.5,
    });
  });

  it.each([
    ['slower than promised', 'segment_counts_seconds', { value: 1.01, failed: 0 }],
    ['fewer than promised', 'inserts_per_second', { value: 999, failed: 0 }],
    ['fast, with one refused', 'segment_counts_seconds', { value: 0.1, failed: 1 }],
    ['never measured', 'customer_list_seconds', { value: Number.NaN, failed: 0 }],
    ['never over', 'redactions_seconds', { value: Number.POSITIVE_INFINITY, failed: 0 }],
  ] as const)('are missed by what is %s', (_, figure, finding) => {
    const verdict = verdictOn(figure, finding);
    expect(verdict.met).toBe(false);
    expect(verdict.line).toMatch(/^missed /);
  });
});
