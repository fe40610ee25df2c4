import { readFileSync } from 'node:fs';

/** What the run of tests is told by the command, in the file that the environment's MUTANTS names. */
export interface Settings {
  /** Absolute path of a source file to what stands in its place. */
  readonly sources: Readonly<Record<string, string>>;
  /** Absolute paths of the tests, the nearest to those files first. */
  readonly tests: readonly string[];
  /** Where what was found is written, line by line: a run that hangs is ended, and goes on after it. */
  readonly journal: string;
}

/** A line of the journal. */
export type Finding =
  | { readonly kind: 'broken'; readonly test: string; readonly message: string }
  | { readonly kind: 'tried'; readonly test: string; readonly id: number }
  | { readonly kind: 'killed' | 'lived'; readonly test: string; readonly id: number }
  | { readonly kind: 'finished'; readonly test: string };

export function readSettings(): Settings {
  const file = process.env.MUTANTS;
  if (file === undefined) throw new Error('MUTANTS names no file: this runs by `npm run mutants`.');
  return JSON.parse(readFileSync(file, 'utf8')) as Settings;
}

export function readJournal(file: string): Finding[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
}
