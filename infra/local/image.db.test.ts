import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from './build.ts';
import { fromRoot } from './paths.ts';
import { freePort } from './postgres.ts';
import { productionPackages } from './production-packages.ts';
import { entries } from './services.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

/** The account `nobody`, which can write as little as the image's user. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const dockerfile = readFileSync(fromRoot('Dockerfile'), 'utf8');
let folder: string;
let image: string;
/** The image's /tmp. */
let scratch: string;
let database: TestDatabase;
let env: Record<string, string>;

/** What the Dockerfile copies into the image: without tests, with production packages only, without what it deletes of them. */
beforeAll(async () => {
  await build();
  folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-image-'));
  image = path.join(folder, 'srv');
  scratch = path.join(folder, 'tmp');
  mkdirSync(scratch);
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const copied = [...last.matchAll(/^COPY --from=\w+ (?:--chown=\S+ )?(.+) \S+$/gm)]
    .flatMap(([, sources = '']) => sources.split(' '))
    .map((source) => source.replace('/srv/loyalnest/', ''));
  expect(copied).toContain('infra/local');
  expect(copied).toContain('build');
  for (const source of copied) {
    if (source === 'node_modules') continue;
    cpSync(fromRoot(source), path.join(image, source), {
      recursive: true,
      filter: (file) => !/\.(test|spec)\.tsx?$|\/kept-assets$/.test(file),
    });
  }
  copyPackages();
  const deleting = [...dockerfile.matchAll(/^RUN (find node_modules.* -delete)$/gm)];
  expect(deleting).toHaveLength(2);
  for (const [, command = ''] of deleting)
    expect(spawnSync(command, { cwd: image, shell: true, encoding: 'utf8' }).stderr).toBe('');
  // Not the packages' files, which are those of this checkout.
  spawnSync('find', [image, '-type', 'd', '-exec', 'chmod', 'a+rx,a-w', '{}', '+']);
  for (const entry of readdirSync(image).filter((name) => name !== 'node_modules'))
    spawnSync('chmod', ['-R', 'a+rX,a-w', path.join(image, entry)]);
  for (const open of [folder, scratch]) chmodSync(open, 0o777);
  database = await createTestDatabase();
  env = await environment();
}, 300_000);
afterAll(async () => {
  spawnSync('find', [folder, '-type', 'd', '-exec', 'chmod', 'u+w', '{}', '+']);
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

/** No symbolic links: they lead back to where the packages of development are. */
function copyPackages(): void {
  for (const name of productionPackages()) {
    if (!existsSync(fromRoot(name))) continue;
    const target = path.join(image, name);
    mkdirSync(path.dirname(target), { recursive: true });
    // Packages within it are listed for themselves, after it.
    const inner = readdirSync(fromRoot(name)).filter((entry) => entry !== 'node_modules');
    mkdirSync(target);
    const from = inner.map((entry) => fromRoot(name, entry));
    // Another name of the same file where that can be, since there are thirty thousand; else a copy.
    if (spawnSync('cp', ['-rl', ...from, target]).status !== 0)
      spawnSync('cp', ['-rf', ...from, target]);
  }
  mkdirSync(path.join(image, 'node_modules/.bin'));
  symlinkSync('../dbmate/dist/cli.js', path.join(image, 'node_modules/.bin/dbmate'));
}

/** Of all processes; each takes what it needs. */
async function environment(): Promise<Record<string, string>> {
  const secret = () => randomBytes(32).toString('base64');
  const core = String(await freePort());
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    TMPDIR: scratch,
    NODE_ENV: 'production',
    NODE_OPTIONS: /NODE_OPTIONS=(\S+)/.exec(dockerfile)?.[1] ?? '',
    DATABASE_OWNER_URL: database.ownerUrl,
    DATABASE_URL: database.queueUrl,
    ENCRYPTION_KEYS: `k1:${secret()}`,
    BLIND_INDEX_KEY: secret(),
    CORE_SIGNING_KEY: secret(),
    CORE_PORT: core,
    CORE_URL: `127.0.0.1:${core}`,
    PORT: String(await freePort()),
    SHOPIFY_API_KEY: randomBytes(16).toString('hex'),
    SHOPIFY_API_SECRET: secret(),
    SHOPIFY_APP_URL: 'https://app.example.com',
    FILES_DIR: path.join(scratch, 'files'),
  };
}

function inImage(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: image,
    encoding: 'utf8',
    ...user,
    env: env as NodeJS.ProcessEnv,
  });
  return { status, output: `${stdout}${stderr}` };
}

const command = (...args: string[]) => inImage('infra/local/run.mjs', ...args);

test('the image adds at most 350 MB to its base', () => {
  const { stdout } = spawnSync('du', ['-s', '--block-size=1000000', image], { encoding: 'utf8' });
  const megabytes = Number(stdout.split('\t')[0]);
  expect(megabytes).toBeGreaterThan(50);
  expect(megabytes).toBeLessThanOrEqual(350);
});

test('migrations run in the image as its user, who has no write access', () => {
  const { status, output } = command('migrate', 'status');
  expect(status, output).toBe(0);
  expect(output).toContain('Pending: 0');
  expect(command('migrate').status).toBe(0);
});

test('the guide’s --partition=create migrates up, and takes nothing else', () => {
  expect(command('migrate', '--partition=create').status).toBe(0);
  const { status, output } = command('migrate', '--partition=drop');
  expect(status).toBe(1);
  expect(output).toContain('--partition takes nothing but create');
});

test('migrating down in production requires --yes', () => {
  const { status, output } = command('migrate', 'down');
  expect(status).toBe(1);
  expect(output).toContain('--yes');
  expect(command('migrate', 'status').output).toContain('Pending: 0');
});

test('a console account is created in the image as its user', () => {
  const { status, output } = command('console:admin', '--email', 'ada@example.com');
  expect(status, output).toBe(0);
  expect(output).toMatch(/One-time password\s+\S+/);
});

test('shops are seeded in the image as its user', () => {
  const { status, output } = command(
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

test('the steps after a restore run in the image as its user', () => {
  expect(command('recover', 'counts').output).toContain('Refreshed');
  const { status, output } = command('recover', 'check');
  expect(status, output).toBe(0);
  expect(output).toContain('The database is whole.');
  expect(command('recover', 'orders').output).toContain('--since <time>');
  // It needs the worker's environment, and says what of it is missing.
  const { SHOPIFY_API_SECRET, ...rest } = env;
  env = rest;
  const unset = command('recover', '--since', '2026-11-30T10:00:00Z');
  env = { ...rest, SHOPIFY_API_SECRET: SHOPIFY_API_SECRET ?? '' };
  expect(unset.status).toBe(1);
  expect(unset.output).toContain('SHOPIFY_API_SECRET');
});

describe('a process in the image, as its user and with nothing to write to but /tmp', () => {
  /** The whole answer: a process that ends waits for those who have not read theirs. */
  async function get(address: string) {
    const response = await fetch(address);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  const probe = (name: keyof typeof entries) => inImage('infra/local/probe.mjs', name);

  /** Starts a process, waits until its own probe calls it well, uses it, and ends it as the platform does. */
  async function running(name: 'web' | 'worker' | 'core', use: () => Promise<void> | void) {
    expect(probe(name).status, `${name} before it is there`).toBe(1);
    const child: ChildProcess = spawn(process.execPath, [entries[name]], {
      cwd: image,
      ...user,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    try {
      let last = probe(name);
      for (let attempt = 0; attempt < 60 && last.status !== 0; attempt += 1) {
        expect(child.exitCode, said).toBeNull();
        await sleep(500);
        last = probe(name);
      }
      expect(last.status, `${last.output}\n${said}`).toBe(0);
      await use();
    } finally {
      child.kill('SIGTERM');
      expect(await ended, said).toBe(0);
    }
    expect(probe(name).status, `${name} after it is gone`).toBe(1);
  }

  test('core, worker and web start, work together, are seen to be well, and end', async () => {
    await running('core', () =>
      running('worker', () =>
        running('web', async () => {
          const web = `http://127.0.0.1:${env['PORT']}`;
          expect((await get(`${web}/healthz`)).status).toBe(200);
          const page = await get(`${web}/console/sign-in`);
          expect(page.status).toBe(200);
          const asset = /\/assets\/[\w.-]+\.js/.exec(page.text)?.[0];
          expect((await get(`${web}${asset}`)).status).toBe(200);
        }),
      ),
    );
  }, 240_000);

  test('answers for files of the release before it and after it, when both share a folder', async () => {
    const kept = path.join(scratch, 'kept');
    mkdirSync(kept);
    chmodSync(kept, 0o777);
    writeFileSync(path.join(kept, 'before-1.js'), 'before');
    env['KEPT_ASSETS_DIR'] = kept;
    await running('web', async () => {
      const assets = `http://127.0.0.1:${env['PORT']}/assets`;
      const before = await get(`${assets}/before-1.js`);
      expect(before.text).toBe('before');
      expect(before.headers.get('cache-control')).toContain('immutable');
      expect((await get(`${assets}/nowhere-1.js`)).status).toBe(404);
      writeFileSync(path.join(kept, 'after-1.js'), 'after');
      expect((await get(`${assets}/after-1.js`)).status).toBe(200);
      const own = readdirSync(fromRoot('build/client/assets')).filter((name) =>
        name.endsWith('.js'),
      );
      expect(readdirSync(kept)).toEqual(expect.arrayContaining(own));
    });
  }, 120_000);
});
