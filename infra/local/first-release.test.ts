import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { breaksOfProtocol, changedMigrations, firstRelease } from './first-release.ts';
import { runOrThrow } from './process.ts';

/** The commit of the first release; without one to compare with, the test is skipped and says why. */
async function released(context: TestContext): Promise<string> {
  const release = await firstRelease();
  if ('commit' in release) return release.commit;
  process.stderr.write(`SKIPPED: ${context.task.name}: ${release.missing}\n`);
  return context.skip(release.missing);
}

describe('since the first release', () => {
  test('the protocol only grows, so that core and app of two releases are compatible', async (context) => {
    expect(await breaksOfProtocol(await released(context))).toEqual([]);
  });

  test('migrations that a database may have run are never changed', async (context) => {
    expect(await changedMigrations(await released(context))).toEqual([]);
  });
});

describe('the comparison with a release', () => {
  let repository = '';
  let commit = '';
  const write = (file: string, content: string) => {
    const target = path.join(repository, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  const git = (...args: string[]) =>
    runOrThrow('git', 'git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
      cwd: repository,
    });
  const protocol = (fields: string) =>
    `syntax = "proto3";\npackage a.v1;\nmessage A {\n${fields}\n}\n`;

  beforeAll(async () => {
    repository = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-history-'));
    await git('init', '--quiet');
    write('buf.yaml', 'version: v2\nmodules:\n  - path: proto\nbreaking:\n  use: [FILE]\n');
    write('proto/a/v1/a.proto', protocol('  string name = 1;'));
    write('prisma/migrations/1_first.sql', 'first');
    write('prisma/migrations/2_second.sql', 'second');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'Release');
    commit = (await git('rev-parse', 'HEAD')).trim();
  });
  afterAll(() => {
    rmSync(repository, { recursive: true, force: true });
  });

  test('lets migrations be added and finds those that were changed or removed', async () => {
    write('prisma/migrations/3_third.sql', 'third');
    expect(await changedMigrations(commit, repository)).toEqual([]);
    write('prisma/migrations/1_first.sql', 'first, and more');
    rmSync(path.join(repository, 'prisma/migrations/2_second.sql'));
    expect(await changedMigrations(commit, repository)).toEqual(['1_first.sql', '2_second.sql']);
  });

  test('lets fields be added and finds one with a changed type', async () => {
    write('proto/a/v1/a.proto', protocol('  string name = 1;\n  string more = 2;'));
    expect(await breaksOfProtocol(commit, repository)).toEqual([]);
    write('proto/a/v1/a.proto', protocol('  int64 name = 1;'));
    expect(await breaksOfProtocol(commit, repository)).toEqual([
      expect.stringContaining('Field "1" with name "name" on message "A" changed type'),
    ]);
  });

  test('uses the commit that the file names', async () => {
    write('prisma/first-release.json', JSON.stringify({ commit }));
    expect(await firstRelease(repository)).toEqual({ commit });
  });

  test('says why there is nothing to compare with', async () => {
    write('prisma/first-release.json', JSON.stringify({ commit: null }));
    expect(await firstRelease(repository)).toEqual({
      missing: expect.stringContaining('names no commit yet') as string,
    });
    write('prisma/first-release.json', JSON.stringify({ commit: 'a'.repeat(40) }));
    expect(await firstRelease(repository)).toEqual({
      missing: expect.stringContaining('the history of git here does not have aaaa') as string,
    });
    rmSync(path.join(repository, '.git'), { recursive: true });
    expect(await firstRelease(repository)).toEqual({
      missing: expect.stringContaining('not a git repository') as string,
    });
  });

  test('accepts only a real commit', async () => {
    write('prisma/first-release.json', JSON.stringify({ commit: 'main' }));
    await expect(firstRelease(repository)).rejects.toThrow('named by its full hash');
  });
});
