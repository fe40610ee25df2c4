import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createChannel } from 'nice-grpc';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSecrets } from '#e2e/load/processes.ts';
import { migrate } from '#infra/local/migrate.ts';
import { findPgbouncer } from '#infra/local/optional-tools.ts';
import { startPgbouncer } from '#infra/local/pgbouncer.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from '#infra/local/postgres.ts';
import type { EmbeddedPostgres } from '#infra/local/postgres.ts';
import { startReplica } from '#infra/local/replica.ts';
import type { Replica } from '#infra/local/replica.ts';
import { parseCoreEnv } from '../env.ts';
import { startCore } from '../rpc/server.ts';
import { createCallers } from '../testing/core.ts';
import { createPool } from './pool.ts';
import { createTenantReader } from './tenant-reader.ts';
import type { TenantReader } from './tenant-reader.ts';

let dataDir: string;
let primary: EmbeddedPostgres;
let replica: Replica;
let adminUrl: string;
let appUrl: string;
let pools: { readonly primary: Pool; readonly replica: Pool };

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-primary-'));
  chmodSync(dataDir, 0o755);
  // Whatever else writes would have to be replayed too.
  primary = await startEmbeddedPostgres({ dataDir, durable: false, settings: ['autovacuum=off'] });
  const owner = new URL(primary.ownerUrl);
  adminUrl = primary.adminUrl.replace('/postgres?', `${owner.pathname}?`);
  owner.username = 'loyalnest_app';
  owner.password = 'test';
  appUrl = owner.toString();
  await migrate(primary.ownerUrl, 'up', { partitions: 2, appUrl });
  await withClient(adminUrl, (client) =>
    client.query('CREATE TABLE notes (id int); GRANT SELECT, INSERT ON notes TO loyalnest_app'),
  );
  replica = await startReplica(primary, dataDir);
}, 120_000);
afterAll(async () => {
  await replica.stop();
  await primary.stop();
  await removeCluster(dataDir);
});

beforeEach(() => {
  pools = {
    primary: createPool({ connectionString: appUrl, max: 2 }),
    replica: createPool({ connectionString: replica.of(appUrl), max: 2, timeoutMs: 1_000 }),
  };
});
afterEach(async () => {
  await replay('resume');
  await Promise.all([pools.primary.end(), pools.replica.end()]);
});

const replay = (verb: 'pause' | 'resume') =>
  withClient(replica.adminUrl, (client) => client.query(`SELECT pg_wal_replay_${verb}()`));

const write = () => withClient(adminUrl, (client) => client.query('INSERT INTO notes VALUES (1)'));

const tenant = randomUUID();

/** Which server was read, and how many notes it had. */
const look = (reader: TenantReader) =>
  reader.read(tenant, async (client) => {
    const { rows } = await client.query<{ on: string; notes: number; tenant: string }>(
      `SELECT CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END AS on,
         (SELECT count(*) FROM notes) AS notes, current_setting('app.merchant_id') AS tenant`,
    );
    return rows[0];
  });

const notes = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>('SELECT count(*) AS n FROM notes');
  return rows[0]?.n ?? -1;
};

const caughtUp = () =>
  expect
    .poll(
      async () => {
        const { rows } = await pools.primary.query<{ lsn: string }>(
          'SELECT pg_current_wal_insert_lsn()::text AS lsn',
        );
        const there = await pools.replica.query<{ isThere: boolean }>(
          'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS "isThere"',
          [rows[0]?.lsn],
        );
        return there.rows[0]?.isThere;
      },
      { timeout: 10_000 },
    )
    .toBe(true);

function createReader(options: { maxLagMs?: number; now?: () => number } = {}) {
  const fallbacks: string[] = [];
  const reader = createTenantReader({
    ...pools,
    maxLagMs: 10_000,
    onFallback: ({ message }) => fallbacks.push(message),
    ...options,
  });
  return { reader, fallbacks };
}

describe('what may be a little old', () => {
  it('is read as one tenant from a replica that has caught up', async () => {
    const { reader } = createReader();
    await write();
    await caughtUp();
    expect(await look(reader)).toMatchObject({ on: 'replica', tenant });
  });

  it('is read from the primary once the replica lags more than the limit, and from the replica when it has caught up', async () => {
    let now = Date.now();
    const { reader, fallbacks } = createReader({ maxLagMs: 10_000, now: () => now });
    await caughtUp();
    expect(await look(reader)).toMatchObject({ on: 'replica' });
    await replay('pause');
    await write();
    // Behind, by less than the limit.
    now += 9_000;
    expect(await look(reader)).toMatchObject({ on: 'replica' });
    now += 9_000;
    expect(await look(reader)).toMatchObject({ on: 'primary', notes: await notes(pools.primary) });
    expect(fallbacks).toEqual(['the replica is behind']);
    await replay('resume');
    await caughtUp();
    now += 2_000;
    expect(await look(reader)).toMatchObject({ on: 'replica' });
  });

  it('includes what was written before, by who wrote it', async () => {
    const { reader } = createReader();
    await caughtUp();
    await look(reader);
    await replay('pause');
    await write();
    reader.afterWrite();
    expect(await look(reader)).toMatchObject({ on: 'primary', notes: await notes(pools.primary) });
  });

  it('is read from the primary while the replica does not answer, without waiting for it each time', async () => {
    await pools.replica.end();
    const away = createPool({ connectionString: 'postgresql://x@127.0.0.1:1/x', max: 2 });
    pools = { ...pools, replica: away };
    const { reader, fallbacks } = createReader();
    for (let times = 0; times < 3; times++)
      expect(await look(reader)).toMatchObject({ on: 'primary' });
    expect(fallbacks).toHaveLength(1);
  });

  it('is never written, on neither server', async () => {
    const { reader } = createReader();
    await caughtUp();
    await expect(
      reader.read(tenant, (client) => client.query('INSERT INTO notes VALUES (2)')),
    ).rejects.toThrow(/read-only transaction/);
  });

  it('needs no replica', async () => {
    const reader = createTenantReader({ primary: pools.primary, maxLagMs: 10_000 });
    expect(await look(reader)).toMatchObject({ on: 'primary' });
  });
});

it.skipIf(findPgbouncer() === undefined && process.env.CI !== 'true')(
  'a replica behind the pooler’s second database is read by segment counts, and left alone by everything else',
  async () => {
    const pooler = await startPgbouncer(appUrl, {
      environment: { DB_PORT: new URL(replica.adminUrl).port },
    });
    const through = new URL(pooler?.through(appUrl) ?? appUrl);
    through.pathname = '/loyalnest_read';
    const secrets = makeSecrets();
    const core = await startCore(
      parseCoreEnv({
        NODE_ENV: 'test',
        DATABASE_URL: appUrl,
        DATABASE_READ_URL: through.toString(),
        CORE_PORT: '0',
        LOG_LEVEL: 'fatal',
        ...secrets,
      }),
    );
    const channel = createChannel(`127.0.0.1:${core.port}`);
    try {
      const callers = createCallers(channel, secrets.CORE_SIGNING_KEY);
      const shop = await callers.installShop();
      await shop.admin.upsertCustomer({
        customer: { shopifyCustomerId: '1', email: 'a@example.com' },
        trigger: 'created',
      });
      await callers.clients().admin.refreshSegmentCounts({});
      const { countedAt } = await shop.analytics.getSegments({});
      await expect
        .poll(
          async () => {
            await shop.analytics.getSegments({});
            return readsOfReplica();
          },
          { timeout: 15_000 },
        )
        .toBeGreaterThan(0);
      const answer = await shop.analytics.getSegments({});
      expect(answer.countedAt).toBe(countedAt);
    } finally {
      channel.close();
      await core.stop();
      await pooler?.stop();
    }
  },
);

/** Connections of the application whose last transaction there ended well. */
async function readsOfReplica(): Promise<number> {
  const { rows } = await withClient(replica.adminUrl, (client) =>
    client.query<{ n: string }>(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'loyalnest_app' AND query = 'COMMIT'`,
    ),
  );
  return Number(rows[0]?.n);
}
