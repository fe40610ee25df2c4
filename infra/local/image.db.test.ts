import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromRoot } from './paths.ts';
import { productionPackages } from './production-packages.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

/** The account `nobody`, which can write as little as the image's user. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
let image: string;
let database: TestDatabase;

/** What the Dockerfile copies into the image, without tests and with production packages only. */
beforeAll(async () => {
  image = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-image-'));
  const dockerfile = readFileSync(fromRoot('Dockerfile'), 'utf8');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const copied = [...last.matchAll(/^COPY --from=\w+ (?:--chown=\S+ )?(.+) \S+$/gm)]
    .flatMap(([, sources = '']) => sources.split(' '))
    .map((source) => source.replace('/srv/loyalnest/', ''));
  expect(copied).toContain('infra/local');
  for (const source of copied) {
    if (source === 'node_modules' || !existsSync(fromRoot(source))) continue;
    cpSync(fromRoot(source), path.join(image, source), {
      recursive: true,
      filter: (file) => !/\.(test|spec)\.tsx?$/.test(file),
    });
  }
  for (const name of productionPackages()) {
    const isTop = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name);
    if (!isTop || !existsSync(fromRoot(name))) continue;
    mkdirSync(path.dirname(path.join(image, name)), { recursive: true });
    symlinkSync(fromRoot(name), path.join(image, name));
  }
  mkdirSync(path.join(image, 'node_modules/.bin'));
  symlinkSync(fromRoot('node_modules/.bin/dbmate'), path.join(image, 'node_modules/.bin/dbmate'));
  spawnSync('chmod', ['-R', 'a+rX,a-w', image]);
  chmodSync(image, 0o555);
  database = await createTestDatabase();
}, 120_000);
afterAll(async () => {
  spawnSync('chmod', ['-R', 'u+w', image]);
  rmSync(image, { recursive: true, force: true });
  await database.drop();
});

function inImage(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['infra/local/run.mjs', ...args], {
    cwd: image,
    encoding: 'utf8',
    ...user,
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      NODE_ENV: 'production',
      DATABASE_OWNER_URL: database.ownerUrl,
      DATABASE_URL: database.queueUrl,
      REDIS_URL: 'redis://127.0.0.1:1',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      BLIND_INDEX_KEY: Buffer.alloc(32, 8).toString('base64'),
    },
  });
  return { status, output: `${stdout}${stderr}` };
}

test('migrations run in the image as its user, who has no write access', () => {
  const { status, output } = inImage('migrate', 'status');
  expect(status, output).toBe(0);
  expect(output).toContain('Pending: 0');
  expect(inImage('migrate').status).toBe(0);
});

test('migrating down in production requires --yes', () => {
  const { status, output } = inImage('migrate', 'down');
  expect(status).toBe(1);
  expect(output).toContain('--yes');
  expect(inImage('migrate', 'status').output).toContain('Pending: 0');
});

test('a console account is created in the image as its user', () => {
  const { status, output } = inImage('console:admin', '--email', 'ada@example.com');
  expect(status, output).toBe(0);
  expect(output).toMatch(/One-time password\s+\S+/);
});

test('shops are seeded in the image as its user', () => {
  const { status, output } = inImage(
    'seed',
    '--merchants',
    '2',
    '--customers',
    '4',
    '--orders',
    '6',
  );
  expect(status, output).toBe(0);
  expect(output).toContain('the ledger is sound');
});
