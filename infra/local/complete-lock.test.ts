import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { completeLock } from './complete-lock.mjs';
import { fromRoot } from './paths.ts';

interface Lock {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; inBundle?: boolean; link?: boolean }
  >;
}

const readLock = () => JSON.parse(readFileSync(fromRoot('package-lock.json'), 'utf8')) as Lock;

test('the lock file has an entry for every system, so that npm ci accepts it everywhere', () => {
  expect(completeLock(readLock())).toEqual([]);
});

/** For systems not built on here; the registry that the lock file was made with does not have them. */
const unpublished =
  /^node_modules\/@dbmate\/(darwin-arm64|darwin-x64|linux-arm|linux-arm64|linux-ia32|win32-x64)$/;

test('every package has a hash, so that no registry can substitute another', () => {
  const unknown = Object.entries(readLock().packages).flatMap(([name, entry]) =>
    name === '' || entry.link === true || entry.inBundle === true || unpublished.test(name)
      ? []
      : /^sha512-/.test(entry.integrity ?? '')
        ? []
        : [name],
  );
  expect(unknown).toEqual([]);
});

test('the lock file names no registry', () => {
  const named = Object.entries(readLock().packages).filter(([, entry]) =>
    entry.resolved?.startsWith('http'),
  );
  expect(named).toEqual([]);
});

test('a missing optional package is added with its system', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/rollup': {
        version: '4.0.0',
        optionalDependencies: {
          '@rollup/rollup-linux-arm64-musl': '4.0.0',
          '@rollup/rollup-win32-x64-msvc': '^4.0.0',
        },
      },
    } as Record<string, unknown>,
  };
  expect(completeLock(lock as Lock)).toHaveLength(2);
  expect(lock.packages['node_modules/@rollup/rollup-linux-arm64-musl']).toEqual({
    version: '4.0.0',
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
    optional: true,
  });
  expect(lock.packages['node_modules/@rollup/rollup-win32-x64-msvc']).toEqual({
    version: '4.0.0',
    os: ['win32'],
    cpu: ['x64'],
    optional: true,
  });
});
