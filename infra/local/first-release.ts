import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { root } from './paths.ts';
import { Problem, run, runOrThrow } from './process.ts';

/** From this commit on, protocol and schema only grow. Without one, why there is nothing to compare with. */
export type FirstRelease = { readonly commit: string } | { readonly missing: string };

const named = z.object({
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'the commit is named by its full hash')
    .nullable(),
});

/** What `prisma/first-release.json` names, when the history here goes back to it. */
export async function firstRelease(repository = root): Promise<FirstRelease> {
  const file = path.join(repository, 'prisma/first-release.json');
  const { commit } = named.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (commit === null) return { missing: 'prisma/first-release.json names no commit yet' };
  const { code, output } = await git(repository, ['cat-file', '-e', `${commit}^{commit}`]).catch(
    // No git on this machine.
    (error: unknown) => ({ code: 1, output: String(error) }),
  );
  if (code === 0) return { commit };
  return { missing: `the history of git here does not have ${commit} (${output.trim()})` };
}

/** Migrations of the release that are not as they were: what has run somewhere is never changed. */
export async function changedMigrations(commit: string, repository = root): Promise<string[]> {
  return asOf(commit, ['prisma/migrations'], repository, (release) => {
    const folder = 'prisma/migrations';
    const changed = readdirSync(path.join(release, folder)).filter((name) => {
      const now = path.join(repository, folder, name);
      const then = readFileSync(path.join(release, folder, name));
      return !existsSync(now) || !readFileSync(now).equals(then);
    });
    return Promise.resolve(changed.sort());
  });
}

/** What `buf breaking` says of the protocol against the release's; nothing when it only grew. */
export async function breaksOfProtocol(commit: string, repository = root): Promise<string[]> {
  return asOf(commit, ['proto', 'buf.yaml'], repository, async (release) => {
    const { code, output } = await run('buf', ['breaking', '--against', release], {
      cwd: repository,
    });
    const lines = output.split('\n').filter(Boolean);
    if (code !== 0 && lines.length === 0) throw new Problem('buf breaking failed without a word.');
    return code === 0 ? [] : lines;
  });
}

/** What a release promises its users, and that its core and app keep together with the database alone. */
const releasesOwnTests = [
  'core/ledger',
  'core/orders',
  'core/points',
  'core/rewards',
  'app/features/webhooks',
];

/**
 * Runs the release before on the schema of now: its own code and its own tests of the database, with today's migrations
 * in the place of its own. A column that was dropped or renamed too early, or became mandatory, fails them.
 * @param tests files or folders of the release's tests
 * @returns what failed, empty when the release runs on this schema
 */
export async function failuresOnThisSchema(
  commit: string,
  tests: readonly string[] = releasesOwnTests,
  repository = root,
): Promise<string> {
  return asOf(commit, ['.'], repository, async (release) => {
    // Its own schema: what its tests say of that, they said when it was released.
    if (sameMigrations(release, repository)) return '';
    rmSync(path.join(release, 'prisma/migrations'), { recursive: true });
    cpSync(path.join(repository, 'prisma/migrations'), path.join(release, 'prisma/migrations'), {
      recursive: true,
    });
    await installFor(release, repository);
    // Its tests run beside others, on what is left of the machine: one that fails by chance is tried once more.
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--retry=1'];
    const projects = ['--project', 'db', '--project', 'web'];
    const { code, output } = await run(process.execPath, [...vitest, ...projects, ...tests], {
      cwd: release,
      // A run within a run must not believe to be a part of it.
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(VITEST|LOYALNEST_TEST)/.test(name)),
      ) as NodeJS.ProcessEnv,
    });
    return code === 0 ? '' : output;
  });
}

function sameMigrations(release: string, repository: string): boolean {
  const [then, now] = [release, repository].map((checkout) => {
    const folder = path.join(checkout, 'prisma/migrations');
    return readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
  });
  return isDeepStrictEqual(then, now);
}

/** The packages of the release: those that are here when it has the same, else its own. What is generated, anew. */
async function installFor(release: string, repository: string): Promise<void> {
  const lock = (folder: string) => readFileSync(path.join(folder, 'package-lock.json'));
  if (lock(release).equals(lock(repository))) linkPackages(release, repository);
  else
    await runOrThrow('Installing the packages of the release', 'npm', ['ci', '--no-audit'], {
      cwd: release,
      env: { ...process.env, NODE_ENV: 'development' },
    });
  await runOrThrow(
    'Generating the code of the release',
    process.execPath,
    ['infra/local/cli.ts', 'generate'],
    {
      cwd: release,
    },
  );
}

/** One by one, since a folder that is a link would share its caches, too. */
function linkPackages(release: string, repository: string): void {
  const packages = path.join(release, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(path.join(repository, 'node_modules')))
    if (name !== '.cache')
      symlinkSync(path.join(repository, 'node_modules', name), path.join(packages, name));
}

/** Works on these paths as they were at a commit, in a folder that goes again. */
async function asOf<Result>(
  commit: string,
  paths: readonly string[],
  repository: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-release-'));
  try {
    const archive = path.join(folder, 'release.tar');
    const { code, output } = await git(repository, [
      'archive',
      '--output',
      archive,
      commit,
      ...paths,
    ]);
    if (code !== 0) throw new Problem(`git has no ${paths.join(', ')} of ${commit}.\n${output}`);
    await runOrThrow('Unpacking the release', 'tar', ['-xf', archive, '-C', folder]);
    rmSync(archive);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In CI the checkout may belong to another account than the one that tests. */
function git(repository: string, args: readonly string[]) {
  return run('git', ['-c', `safe.directory=${repository}`, ...args], { cwd: repository });
}
