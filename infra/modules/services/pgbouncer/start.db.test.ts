import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPgbouncer } from '#infra/local/optional-tools.ts';
import { fromRoot } from '#infra/local/paths.ts';
import { chooseAccount } from '#infra/local/postgres-engine.ts';
import { freePort } from '#infra/local/postgres.ts';
import { untilPrinted } from '#infra/local/redis.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';

const program = findPgbouncer();

describe.skipIf(program === undefined && process.env.CI !== 'true')('the shipped pooler', () => {
  let database: TestDatabase;
  let pooler: ChildProcess;
  let ended: Promise<void>;
  let folder: string;
  let port: number;
  const connect = async (name: string, ssl: pg.ClientConfig['ssl']) => {
    const { username, password } = new URL(database.queueUrl);
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: username,
      password: decodeURIComponent(password),
      database: name,
      ssl,
    });
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const server = new URL(database.queueUrl);
    port = await freePort();
    folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-pooler-'));
    // pgbouncer refuses to run as root.
    const { ids } = chooseAccount(folder);
    if (ids.uid !== undefined && ids.gid !== undefined) chownSync(folder, ids.uid, ids.gid);
    const authorities = path.join(folder, 'certificate.pem');
    pooler = spawn('/bin/sh', [fromRoot('infra/modules/services/pgbouncer/start.sh')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ids,
      env: {
        NODE_ENV: 'test',
        PATH: `${path.dirname(program ?? '')}:/usr/bin:/bin`,
        DB_HOST: server.hostname,
        // Like two replicas: a list of hosts.
        DB_READ_HOSTS: `${server.hostname},${server.hostname}`,
        DB_PASSWORD: decodeURIComponent(server.password),
        DEFAULT_POOL_SIZE: '2',
        POOLER_FOLDER: folder,
        DB_NAME: server.pathname.slice(1),
        DB_PORT: server.port,
        LISTEN_PORT: String(port),
        SERVER_TLS: 'disable',
        SERVER_AUTHORITIES: authorities,
      },
    });
    ended = new Promise<void>((resolve) => pooler.once('exit', () => resolve()));
    if (pooler.stderr !== null) await untilPrinted(pooler.stderr, 'process up', ended, 'pgbouncer');
  });
  afterAll(async () => {
    pooler.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  });

  it.each(['loyalnest', 'loyalnest_read'])('connects only the application to %s', async (name) => {
    const client = await connect(name, { rejectUnauthorized: false });
    const { rows } = await client.query('SELECT current_user');
    await client.end();
    expect(rows).toEqual([{ current_user: 'loyalnest_app' }]);
  });

  it('lets in 1,000 clients, by transaction, and tries a lost server again after a second', () => {
    const settings = readFileSync(path.join(folder, 'pgbouncer.ini'), 'utf8').split('\n');
    expect(settings).toEqual(
      expect.arrayContaining([
        'pool_mode = transaction',
        'max_client_conn = 1000',
        'server_login_retry = 1',
      ]),
    );
  });

  it('refuses unencrypted connections', async () => {
    await expect(connect('loyalnest', false)).rejects.toThrow(/SSL|TLS/i);
  });

  it('leaves no tenant to the next user of a connection', async () => {
    const first = await connect('loyalnest', { rejectUnauthorized: false });
    await first.query(`BEGIN; SELECT set_config('app.merchant_id', 'a', true); COMMIT`);
    const second = await connect('loyalnest', { rejectUnauthorized: false });
    const { rows } = await second.query(
      `SELECT coalesce(current_setting('app.merchant_id', true), '') AS tenant`,
    );
    await Promise.all([first.end(), second.end()]);
    expect(rows).toEqual([{ tenant: '' }]);
  });
});
