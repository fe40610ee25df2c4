import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from './lock.mjs';
import { fromRoot } from './paths.ts';
import { freePort, removeCluster, startEmbeddedPostgres, withClient } from './postgres.ts';

let folder = '';
let dataDir = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'embedded-'));
  chmodSync(folder, 0o755);
  dataDir = path.join(folder, 'postgres');
});

afterEach(async () => {
  await removeCluster(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

const start = () => startEmbeddedPostgres({ dataDir, durable: false });

async function one(url: string, query: string): Promise<unknown> {
  const { rows } = await withClient(url, (client) => client.query<{ value: unknown }>(query));
  return rows[0]?.value;
}

test('the owner is no superuser, as on RDS, and what is written survives a restart', async () => {
  const first = await start();
  await withClient(first.ownerUrl, (client) =>
    client.query('create table kept as select 7 as value'),
  );
  expect(
    await one(first.ownerUrl, 'select usesuper as value from pg_user where usename = current_user'),
  ).toBe(false);
  expect(await one(first.ownerUrl, "select current_setting('server_encoding') as value")).toBe(
    'UTF8',
  );
  await first.stop();
  const second = await start();
  expect(await one(second.ownerUrl, 'select value from kept')).toBe(7);
  await second.stop();
});

test('a server left behind by a killed process is stopped, and its data is kept', async () => {
  const script = `
    const { startEmbeddedPostgres, withClient } = await import(${JSON.stringify(fromRoot('infra/local/postgres.ts'))});
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    await withClient(server.ownerUrl, (client) => client.query('create table kept as select 7 as value'));
    process.stdout.write(String(server.pid));
    process.kill(process.pid, 'SIGKILL');`;
  const left = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', () => {
      resolve(Number(output));
    });
  });
  expect(isAlive(left)).toBe(true);
  const server = await start();
  expect(isAlive(left)).toBe(false);
  expect(await one(server.ownerUrl, 'select value from kept')).toBe(7);
  await server.stop();
});

test('a second process on the same folder is refused, naming the first', async () => {
  const server = await start();
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(fromRoot('infra/local/postgres.ts'))});
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} }).catch((error) => process.stdout.write(error.message));`;
  const output = await new Promise<string>((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => {
      resolve(text);
    });
  });
  expect(output).toContain(`is in use by another LoyalNest process (${process.pid})`);
  await server.stop();
});

test('a fixed port that is taken is named', async () => {
  const port = await freePort();
  const squatter = net.createServer();
  await new Promise<void>((resolve) => {
    squatter.listen(port, '127.0.0.1', () => {
      resolve();
    });
  });
  await expect(startEmbeddedPostgres({ dataDir, port, durable: false })).rejects.toThrow(
    `PostgreSQL cannot listen on port ${port}: it is taken.`,
  );
  squatter.close();
});

test('works in a folder that only its user may enter', async () => {
  const locked = path.join(folder, 'locked');
  mkdirSync(locked, { mode: 0o700 });
  dataDir = path.join(locked, 'postgres');
  const server = await start();
  expect(await one(server.ownerUrl, 'select 1 as value')).toBe(1);
  await server.stop();
  await removeCluster(dataDir);
});
