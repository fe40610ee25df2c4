import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failuresOnThisSchema, firstRelease } from './first-release.ts';
import { fromRoot } from './paths.ts';
import { runOrThrow } from './process.ts';

test('the release that is in place runs on the schema of the next one', async (context) => {
  const release = await firstRelease();
  if ('missing' in release) {
    process.stderr.write(`SKIPPED: ${context.task.name}: ${release.missing}\n`);
    return context.skip(release.missing);
  }
  expect(await failuresOnThisSchema(release.commit)).toBe('');
}, 900_000);

/** What the next release does to the schema, tried with this checkout in the place of the one before. */
describe('a change of the schema', () => {
  let repository = '';
  let commit = '';
  /** A small one of the release, which writes members. */
  const tests = ['core/customers/name-search.db.test.ts'];
  const git = (...args: string[]) =>
    runOrThrow('git', 'git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
      cwd: repository,
    });
  const next = (statement: string) =>
    writeFileSync(
      path.join(repository, 'prisma/migrations/20990101000001_next.sql'),
      `-- migrate:up\n${statement};\n-- migrate:down\n`,
    );

  beforeAll(async () => {
    repository = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-next-'));
    const listed = await runOrThrow('git', 'git', ['ls-files', '-z'], { cwd: fromRoot() });
    for (const file of listed.split('\0')) {
      if (file === '' || file.startsWith('docs/') || !existsSync(fromRoot(file))) continue;
      mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
      cpSync(fromRoot(file), path.join(repository, file));
    }
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'Release');
    commit = (await git('rev-parse', 'HEAD')).trim();
    symlinkSync(fromRoot('node_modules'), path.join(repository, 'node_modules'));
  }, 60_000);
  afterAll(() => rmSync(repository, { recursive: true, force: true }));

  test('that only adds lets the release before go on', async () => {
    next('ALTER TABLE customers ADD COLUMN nickname text');
    expect(await failuresOnThisSchema(commit, tests, repository)).toBe('');
  }, 240_000);

  test('that asks for more than the release before writes is found', async () => {
    next('ALTER TABLE customers ADD COLUMN nickname text NOT NULL');
    expect(await failuresOnThisSchema(commit, tests, repository)).toContain(tests[0]);
  }, 240_000);
});
