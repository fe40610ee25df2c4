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

interface Row {
  readonly name: string;
  readonly lines: number;
  readonly branches: number;
}

const packages = ['app', 'core', 'extensions', 'e2e', 'infra', 'prisma', 'proto'];

/**
 * `npm run coverage -- [--project unit]`: runs the tests and prints what they come by, in percent of lines and branches,
 * by package. Files that no test loads count as well.
 */
export async function coverage(args: readonly string[]): Promise<void> {
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
    process.stdout.write(tableOf(rowsOf(summary, fromRoot())));
    if (code !== 0) process.exitCode = code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  const row = (name: string, isIn: (folder: string) => boolean): Row => {
    const own = files.filter(([file]) => isIn(path.relative(root, file).split(path.sep)[0] ?? ''));
    const share = (what: 'lines' | 'branches') => {
      const sum = (part: keyof Count) => own.reduce((all, [, one]) => all + one[what][part], 0);
      return sum('total') === 0 ? 100 : (100 * sum('covered')) / sum('total');
    };
    return { name, lines: share('lines'), branches: share('branches') };
  };
  return [
    ...packages.map((name) => row(name, (folder) => folder === name)),
    row('all', (folder) => packages.includes(folder)),
  ];
}

function tableOf(rows: readonly Row[]): string {
  const percent = (share: number) => `${share.toFixed(1)} %`.padStart(10);
  return ['\npackage       lines   branches', ...rows.map(rowText), ''].join('\n');

  function rowText({ name, lines, branches }: Row): string {
    return `${name.padEnd(10)}${percent(lines)} ${percent(branches)}`;
  }
}
