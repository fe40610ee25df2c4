import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { wholeOption } from '#e2e/load/options.ts';
import { createRandom } from '#e2e/load/random.ts';
import { type Mutant, mutate } from '#e2e/mutants/mutate.ts';
import { relatedTests } from '#e2e/mutants/related-tests.ts';
import { type Finding, readJournal, type Settings } from '#e2e/mutants/settings.ts';
import { fromRoot } from '#infra/local/paths.ts';
import { signalGroup } from '#infra/local/process.ts';

/**
 * `npm run mutants -- [--seed 1] [--count 400] [--files 'core/tiers/*.rules.ts']`: changes the rules and parsers in one
 * small place at a time and says which changes no unit test notices. The tree stays as it is: the changed text is given
 * to the tests alone.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '400' },
    files: { type: 'string', multiple: true },
  },
});
const seed = wholeOption('seed', values.seed);
const count = wholeOption('count', values.count);

const rulesAndParsers = [
  '{app,core,extensions,proto}/**/*.rules.ts',
  '{app,extensions}/**/*.schema.ts',
  'app/features/webhooks/*-{payload,fields}.ts',
  'app/features/webhooks/payload-fields.ts',
  'core/**/*-message{,s}.ts',
  'core/**/requests.ts',
  'core/call/validation.ts',
];
/** How long a test may take before its mutant counts as killed: one that never ends. */
const testTimeoutMs = 15_000;

type Outcome = 'killed' | 'survived' | 'untested';

const files = globSync(values.files ?? rulesAndParsers, {
  cwd: fromRoot(),
  exclude: (name) => /(^|\/)node_modules$|\.test\.tsx?$/.test(name),
}).sort();
const texts = new Map(files.map((file) => [file, readFileSync(fromRoot(file), 'utf8')]));

/** Of each file the id of its first mutant: ids run on from file to file. */
const firstIds = new Map<string, number>();
let total = 0;
for (const [file, text] of texts) {
  firstIds.set(file, total + 1);
  total += mutate(file, text, total + 1).mutants.length;
}
const wanted = sample(total);

const mutantsOf = new Map<string, readonly Mutant[]>();
const sources: Record<string, string> = {};
for (const [file, firstId] of firstIds) {
  const { source, mutants } = mutate(file, texts.get(file) ?? '', firstId, (id) => wanted.has(id));
  if (mutants.length === 0) continue;
  mutantsOf.set(file, mutants);
  sources[fromRoot(file)] = source;
}

process.stdout.write(
  `mutants: ${wanted.size} of ${total} in ${files.length} files, from seed ${seed}\n`,
);
const outcomes = await tryAll();
print(outcomes);

function sample(among: number): ReadonlySet<number> {
  const random = createRandom(seed);
  const ids = Array.from({ length: among }, (_, index) => index + 1);
  const taken = new Set<number>();
  while (taken.size < count && ids.length > 0) {
    const [id] = ids.splice(random.below(ids.length), 1);
    if (id !== undefined) taken.add(id);
  }
  return taken;
}

async function tryAll(): Promise<ReadonlyMap<number, Outcome>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'loyalnest-mutants-'));
  try {
    const journal = path.join(folder, 'journal');
    const settingsFile = path.join(folder, 'settings.json');
    writeFileSync(journal, '');
    let tests = relatedTests([...mutantsOf.keys()]);
    let stuck = 0;
    while (tests.length > 0 && wanted.size > 0) {
      const settings: Settings = { sources, tests, journal };
      writeFileSync(settingsFile, JSON.stringify(settings));
      const output = await runTests(settingsFile, journal);
      const finished = new Set(
        readJournal(journal).flatMap((finding) =>
          finding.kind === 'finished' || finding.kind === 'broken' ? [finding.test] : [],
        ),
      );
      const left = tests.filter((test) => !finished.has(test));
      stuck = left.length < tests.length || endTried(journal) ? 0 : stuck + 1;
      if (stuck > 1) throw new Error(`The tests do not run:\n${output}`);
      tests = left;
    }
    return outcomesOf(readJournal(journal));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the tests until they end or hang. @returns what they printed. */
async function runTests(settingsFile: string, journal: string): Promise<string> {
  const tests = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/mutants/vitest.config.ts'],
    {
      cwd: fromRoot(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MUTANTS: settingsFile },
    },
  );
  let output = '';
  for (const stream of [tests.stdout, tests.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output = (output + part).slice(-4_000);
    });
  }
  // With the workers that it has started.
  const end = () => {
    if (tests.pid !== undefined) signalGroup(tests.pid, 'SIGKILL');
  };
  process.once('exit', end);
  const watch = setInterval(() => {
    const isTrying = readJournal(journal).at(-1)?.kind === 'tried';
    if (isTrying && Date.now() - statSync(journal).mtimeMs > testTimeoutMs) end();
  }, 1_000);
  await new Promise((resolve) => tests.once('close', resolve));
  clearInterval(watch);
  process.off('exit', end);
  return output;
}

/** A mutant whose tests never ended is killed. @returns whether there was one. */
function endTried(journal: string): boolean {
  const last = readJournal(journal).at(-1);
  if (last?.kind !== 'tried') return false;
  const ended: Finding = { kind: 'killed', test: last.test, id: last.id };
  writeFileSync(journal, `${JSON.stringify(ended)}\n`, { flag: 'a' });
  return true;
}

function outcomesOf(findings: readonly Finding[]): ReadonlyMap<number, Outcome> {
  const found = new Map<number, Outcome>();
  for (const finding of findings) {
    if (finding.kind === 'broken') {
      process.stdout.write(
        `left out, it fails by itself: ${path.relative(fromRoot(), finding.test)}: ${finding.message}\n`,
      );
    }
    if (finding.kind === 'lived' && found.get(finding.id) !== 'killed') {
      found.set(finding.id, 'survived');
    }
    if (finding.kind === 'killed') found.set(finding.id, 'killed');
  }
  return found;
}

function print(found: ReadonlyMap<number, Outcome>): void {
  const all = { killed: 0, survived: 0, untested: 0 };
  const rows: string[] = [];
  for (const [file, mutants] of mutantsOf) {
    const here = { killed: 0, survived: 0, untested: 0 };
    for (const mutant of mutants) {
      const outcome = found.get(mutant.id) ?? 'untested';
      here[outcome] += 1;
      all[outcome] += 1;
      if (outcome === 'killed') continue;
      process.stdout.write(
        `${outcome.padEnd(8)} ${file}:${mutant.line}  ${short(mutant.before)}  ->  ${short(mutant.after)}\n`,
      );
    }
    rows.push(row(file, here));
  }
  process.stdout.write(`\nkilled  survived  no test\n${rows.join('')}${row('all', all)}`);
}

function row(name: string, counts: Readonly<Record<Outcome, number>>): string {
  const { killed, survived, untested } = counts;
  const share = Math.round((100 * killed) / Math.max(1, killed + survived + untested));
  const [a, b, c] = [killed, survived, untested].map(String);
  return `${a?.padStart(6)}  ${b?.padStart(8)}  ${c?.padStart(7)}  ${String(share).padStart(3)} %  ${name}\n`;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line === '' ? '(left out)' : line.length > 70 ? `${line.slice(0, 67)}...` : line;
}
