/** What a run of chaos came to. */
export interface ChaosFindings {
  readonly minutes: number;
  /** By process: how often it was killed, and how often with work in flight that the kill interrupted. */
  readonly kills: Readonly<Record<string, number>>;
  readonly killsInFlight: Readonly<Record<string, number>>;
  /** Counts that must be zero. */
  readonly failures: Readonly<Record<string, number>>;
  /** Counts that must not be zero: an audit of nothing proves nothing. */
  readonly acknowledged: Readonly<Record<string, number>>;
}

const killsPerMinute = 6;
const killsOfEachInTenMinutes = 10;

/** Kills of each process with work in flight that a run of so many minutes needs. */
export const killsOfEach = (minutes: number): number =>
  Math.min(killsOfEachInTenMinutes, Math.max(1, Math.ceil(minutes)));

/** Kills that a run of so many minutes needs, 60 for ten minutes and more. */
export const killsInAll = (minutes: number): number =>
  Math.min(killsPerMinute * 10, Math.ceil(killsPerMinute * minutes));

/** What is not as it must be; empty when the product has passed. */
export function faultsOf(findings: ChaosFindings): string[] {
  const { minutes, kills, killsInFlight, failures, acknowledged } = findings;
  const all = Object.values(kills).reduce((sum, count) => sum + count, 0);
  const few = all < killsInAll(minutes) ? [`${all} kills, ${killsInAll(minutes)} needed`] : [];
  const idle = Object.keys(kills)
    .filter((name) => (killsInFlight[name] ?? 0) < killsOfEach(minutes))
    .map(
      (name) =>
        `${killsInFlight[name] ?? 0} kills of ${name} with work in flight, ${killsOfEach(minutes)} needed`,
    );
  const failed = Object.entries(failures)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${name} ${count}`);
  const absent = Object.entries(acknowledged)
    .filter(([, count]) => count === 0)
    .map(([name]) => `no ${name} were acknowledged`);
  return [...few, ...idle, ...failed, ...absent];
}
