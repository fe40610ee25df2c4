import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generate } from './generate.ts';
import { fromRoot } from './paths.ts';
import { Problem, run } from './process.ts';

interface Count {
  readonly total: number;
  readonly covered: number;
}

/** As coverage-summary.json has it: by a file's absolute path, and `total`. */
type Summary = Readonly<Record<string, { readonly lines: Count; readonly branches: Count }>>;

export interface Row {
  readonly name: string;
  readonly lines: number;
  readonly branches: number;
}

const packages = ['app', 'core', 'extensions', 'e2e', 'infra', 'prisma', 'proto'];

/** What the browser runs is covered by the browser's journeys, which are not counted here. */
const serverSide = 'app, server side';
/** Of which lines a share is asked for. */
const gated = ['core', serverSide];

/**
 * `npm run coverage -- [--project unit] [--at-least 90]`: runs the tests and prints what they come by, in percent of
 * lines and branches, by package. Files that no test loads count as well. With `--at-least` it fails when fewer lines
 * of core or of the app's server side are covered.
 */
export async function coverage(all: readonly string[]): Promise<void> {
  const { atLeast, args } = gateOf(all);
  await generate();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-coverage-'));
  try {
    const { code } = await run(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--coverage.enabled',
        '--coverage.provider=v8',
        '--coverage.reporter=json-summary',
        `--coverage.reportsDirectory=${folder}`,
        `--coverage.include={${packages.join(',')}}/**/*.{ts,tsx}`,
        '--coverage.exclude=**/{gen,generated,node_modules,build}/**',
        '--coverage.exclude=**/*.{test,spec}.{ts,tsx}',
        '--coverage.exclude=**/*.d.ts',
        '--coverage.reportOnFailure',
        ...args,
      ],
      { show: true },
    );
    const summary = readSummary(path.join(folder, 'coverage-summary.json'));
    const rows = rowsOf(summary, fromRoot());
    process.stdout.write(tableOf(rows));
    if (code !== 0) process.exitCode = code;
    const missed = rowsBelow(rows, atLeast);
    if (missed.length > 0)
      throw new Problem(`Fewer than ${atLeast} % of the lines are covered: ${missed.join(', ')}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows that are asked for a share of lines and do not have it, with what they have. */
export function rowsBelow(rows: readonly Row[], atLeast: number): string[] {
  return rows
    .filter(({ name, lines }) => gated.includes(name) && lines < atLeast)
    .map(({ name, lines }) => `${name} ${lines.toFixed(1)} %`);
}

/** Takes `--at-least` out of the arguments, which are Vitest's otherwise. */
function gateOf(all: readonly string[]): { atLeast: number; args: readonly string[] } {
  const place = all.indexOf('--at-least');
  if (place < 0) return { atLeast: 0, args: all };
  const atLeast = Number(all[place + 1]);
  if (!(atLeast > 0 && atLeast <= 100)) throw new Problem('--at-least takes percent, such as 90.');
  return { atLeast, args: all.filter((_, at) => at !== place && at !== place + 1) };
}

function readSummary(file: string): Summary {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Summary;
  } catch (error) {
    throw new Problem(`The tests left no figures: ${String(error)}`);
  }
}

/** By top-level folder, and of all of them. @param root absolute */
export function rowsOf(summary: Summary, root: string): Row[] {
  const files = Object.entries(summary).filter(([file]) => file !== 'total');
  const row = (name: string, isIn: (folder: string, file: string) => boolean): Row => {
    const own = files.filter(([file]) => {
      const relative = path.relative(root, file);
      return isIn(relative.split(path.sep)[0] ?? '', relative);
    });
    const share = (what: 'lines' | 'branches') => {
      const sum = (part: keyof Count) => own.reduce((all, [, one]) => all + one[what][part], 0);
      return sum('total') === 0 ? 100 : (100 * sum('covered')) / sum('total');
    };
    return { name, lines: share('lines'), branches: share('branches') };
  };
  return [
    ...packages.map((name) => row(name, (folder) => folder === name)),
    row(
      serverSide,
      (folder, file) => folder === 'app' && /\.ts$/.test(file) && !/\.client\.ts$/.test(file),
    ),
    row('all', (folder) => packages.includes(folder)),
  ];
}

function tableOf(rows: readonly Row[]): string {
  const percent = (share: number) => `${share.toFixed(1)} %`.padStart(10);
  return ['\npackage              lines   branches', ...rows.map(rowText), ''].join('\n');

  function rowText({ name, lines, branches }: Row): string {
    return `${name.padEnd(17)}${percent(lines)} ${percent(branches)}`;
  }
}
