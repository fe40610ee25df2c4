import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pMap from 'p-map';
import { build } from './build.ts';
import { findChromium, findPgbouncer, findRedis, howToGet } from './optional-tools.ts';
import { firstRelease } from './first-release.ts';
import { generate } from './generate.ts';
import { fromRoot } from './paths.ts';
import { Problem, run } from './process.ts';

interface Count {
  passed: number;
  failed: number;
  /** What failed, by name: said once more at the end, where a long log is read first. */
  names?: readonly string[];
}

interface Stage {
  name: string;
  work: () => Promise<Count>;
}

const inCi = process.env.CI === 'true' || process.env.CI === '1';

/** `npm run check`: what needs no service and ends in about a minute. */
export async function check(): Promise<void> {
  await runStages([
    { name: 'generate', work: () => succeeds(() => generate({ log: say })) },
    staticStages(),
    { name: 'unit and property tests', work: () => vitest(['unit']) },
  ]);
}

/** `npm test`: everything, ending with the one line `N passed, N failed`. */
export async function test(): Promise<void> {
  await runStages([
    { name: 'generate', work: () => succeeds(() => generate({ log: say })) },
    staticStages(),
    { name: 'unit, property, database and web tests', work: directTests },
    { name: 'database tests through pgbouncer', work: pooledTests },
    { name: 'build', work: () => succeeds(() => build({ log: say })) },
    { name: 'browser tests', work: browserTests },
  ]);
}

const surfaces = ['checkout-ui', 'customer-account-ui', 'pos-ui'];

function staticStages(): Stage[] {
  const folders = ['app', 'core', 'e2e', 'extensions', 'infra', 'prisma'].filter((folder) =>
    existsSync(fromRoot(folder)),
  );
  const rules = ['--config', '.dependency-cruiser.cjs', ...folders];
  return [
    // The longest, so it goes first.
    {
      name: 'lint',
      work: () =>
        program(
          'eslint',
          [
            '--max-warnings',
            '0',
            '--cache',
            '--cache-location',
            'node_modules/.cache/loyalnest/eslint',
            '.',
          ],
          // All types of all files at once: a little more than Node.js allows itself.
          { NODE_OPTIONS: '--max-old-space-size=7168' },
        ),
    },
    { name: 'types', work: () => program('tsc', ['--noEmit', '--project', 'tsconfig.json']) },
    // Shopify's surfaces have different elements with the same names.
    ...surfaces.map((name) => ({
      name: `types of ${name}`,
      work: () => program('tsc', ['--noEmit', '--project', `extensions/${name}`]),
    })),
    // Runs in k6, where Node.js's globals are not.
    { name: 'types of k6', work: () => program('tsc', ['--noEmit', '--project', 'infra/k6']) },
    { name: 'import rules', work: () => program('depcruise', rules) },
    { name: 'unused code', work: () => program('knip', ['--no-progress', '--no-config-hints']) },
    {
      name: 'format',
      work: () =>
        program('prettier', [
          '--check',
          '--log-level',
          'warn',
          '--cache',
          '--cache-location',
          'node_modules/.cache/loyalnest/prettier',
          '.',
        ]),
    },
    { name: 'protocol lint', work: () => program('buf', ['lint']) },
  ];
}

/** One stage after the other; those of an inner list two at a time. */
async function runStages(stages: readonly (Stage | readonly Stage[])[]): Promise<void> {
  const total: Count = { passed: 0, failed: 0 };
  const missing = missingTools();
  const failures: string[] = [];
  const names: string[] = [];
  const runStage = async (stage: Stage) => {
    const started = Date.now();
    say(`\n── ${stage.name}`);
    const count = await stage.work().catch((error: unknown): Count => {
      say(error instanceof Problem ? error.message : String(error));
      return { passed: 0, failed: 1 };
    });
    total.passed += count.passed;
    total.failed += count.failed;
    if (count.failed > 0) {
      failures.push(`${stage.name} (${count.failed})`);
      names.push(...(count.names ?? []));
    }
    const took = ((Date.now() - started) / 1000).toFixed(1);
    say(`── ${stage.name}: ${count.passed} passed, ${count.failed} failed, ${took} s`);
  };
  for (const stage of stages) await pMap([stage].flat(), runStage, { concurrency: 2 });
  say('');
  for (const tool of missing) {
    say(`${inCi ? 'FAILED' : 'SKIPPED'}: ${tool}`);
    if (inCi) total.failed += 1;
  }
  const release = await firstRelease();
  if ('missing' in release)
    say(`SKIPPED: the comparison with the first release: ${release.missing}`);
  if (failures.length > 0) say(`Failed: ${failures.join(', ')}`);
  for (const name of names) say(`  ${name}`);
  say(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
}

/** Programs that some tests need and npm does not provide: printed if missing. */
function missingTools(): string[] {
  return [
    ...(findChromium() === undefined
      ? [`browser tests, for want of Chromium. ${howToGet('chromium')}`]
      : []),
    ...(findPgbouncer() === undefined
      ? [`tests through pgbouncer, for want of it. ${howToGet('pgbouncer')}`]
      : []),
    ...(findRedis() === undefined
      ? [`tests on Redis, for want of redis-server. ${howToGet('redis-server')}`]
      : []),
  ];
}

async function program(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Count> {
  const { code, output } = await run(name, args, { env: { ...process.env, ...env } });
  if (code !== 0 || output.trim() !== '') say(output.trim());
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function succeeds(work: () => Promise<void>): Promise<Count> {
  await work();
  return { passed: 1, failed: 0 };
}

/** The part of vitest's JSON report that is counted. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
}

/** What talks to the database as the application does so through the pooler that production has, if there is one. */
const pooledFolders = ['core/', 'app/sessions/', 'app/jobs/'];

async function directTests(): Promise<Count> {
  const elsewhere = findPgbouncer() === undefined ? [] : pooledFolders;
  return vitest(['unit', 'db', 'web'], [], { LOYALNEST_TEST_DB_LEAVE: elsewhere.join(',') });
}

async function pooledTests(): Promise<Count> {
  if (findPgbouncer() === undefined) return { passed: 0, failed: 0 };
  return vitest(['db'], pooledFolders, { LOYALNEST_TEST_POOLER: '1' });
}

async function vitest(
  projects: readonly string[],
  filters: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Count> {
  return withReport(async (report) => {
    const { code } = await run(
      'vitest',
      [
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...filters,
      ],
      { show: true, env: { ...process.env, ...env } },
    );
    if (!existsSync(report)) return { passed: 0, failed: 1 };
    const result = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
    // A file that does not load, or whose preparation failed, has no test that failed.
    const broken = result.testResults.filter(
      (file) =>
        file.status === 'failed' &&
        file.assertionResults.every(({ status }) => status !== 'failed'),
    ).length;
    const failed = result.numFailedTests + broken;
    return {
      passed: result.numPassedTests,
      // Errors outside of tests (an unhandled rejection) show in the exit code alone.
      failed: code !== 0 && failed === 0 ? 1 : failed,
      names: failedTests(result),
    };
  });
}

/** Each failed test with the first line of its message; a file that failed as a whole under its own name. */
function failedTests({ testResults }: VitestReport): string[] {
  return testResults.flatMap((file) => {
    const name = path.relative(fromRoot('.'), file.name);
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    if (tests.length === 0)
      return file.status === 'failed' ? [`${name}: ${firstLine(file.message)}`] : [];
    return tests.map(
      ({ fullName, failureMessages }) =>
        `${name} > ${fullName}: ${firstLine(failureMessages?.[0])}`,
    );
  });
}

function firstLine(text: string | undefined): string {
  return (text ?? '').split('\n', 1)[0] ?? '';
}

/** The part of Playwright's JSON report that is counted. */
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

async function browserTests(): Promise<Count> {
  if (!existsSync(fromRoot('e2e')) || !hasSpecs()) {
    say('there are no browser tests yet');
    return { passed: 0, failed: 0 };
  }
  if (findChromium() === undefined) return { passed: 0, failed: 0 };
  return withReport(async (report) => {
    const { code } = await run('playwright', ['test', '--reporter=list,json'], {
      show: true,
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    });
    if (!existsSync(report)) return { passed: 0, failed: 1 };
    const { stats } = JSON.parse(readFileSync(report, 'utf8')) as PlaywrightReport;
    const failed = stats.unexpected;
    return {
      passed: stats.expected + stats.flaky,
      failed: code !== 0 && failed === 0 ? 1 : failed,
    };
  });
}

function hasSpecs(): boolean {
  return readdirSync(fromRoot('e2e'), { recursive: true }).some((file) =>
    String(file).endsWith('.spec.ts'),
  );
}

async function withReport<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-report-'));
  try {
    return await work(path.join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
