/** What a benchmark found: metric to number, and the settings under which it was found. */
export interface Metrics {
  readonly values: Readonly<Record<string, number>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

export function percentile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => percentile(sample, 0.5);

/** Three significant digits, enough for a measurement on a shared machine. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** Runs `work` by `callers` at once until the time is over. @returns calls made per second and each one's milliseconds. */
export async function load(
  callers: number,
  milliseconds: number,
  work: () => Promise<unknown>,
): Promise<{ perSecond: number; latencies: number[] }> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + milliseconds;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let at = performance.now(); at < end; at = performance.now()) {
        await work();
        latencies.push(performance.now() - at);
      }
    }),
  );
  return { perSecond: (latencies.length * 1000) / (performance.now() - started), latencies };
}
