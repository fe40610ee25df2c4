import { chmodSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Metadata, Status, createChannel, createClientFactory } from 'nice-grpc';
import type { Channel, ClientMiddleware } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { losable } from '#e2e/load/losable-postgres.ts';
import type { LosablePostgres } from '#e2e/load/losable-postgres.ts';
import { makeSecrets, startCoreProcess } from '#e2e/load/processes.ts';
import type { RunningProcess } from '#e2e/load/processes.ts';
import { migrate } from '#infra/local/migrate.ts';
import { findPgbouncer } from '#infra/local/optional-tools.ts';
import { startPgbouncer } from '#infra/local/pgbouncer.ts';
import type { Pgbouncer } from '#infra/local/pgbouncer.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from '#infra/local/postgres.ts';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { signToken } from './token.ts';

const secrets = makeSecrets();
/** What may be answered while the database is away: worth repeating, and nothing else. */
const worthRepeating = new Set([Status.UNAVAILABLE, Status.ABORTED]);

let dataDir: string;
let server: LosablePostgres;
let adminUrl: string;
let appUrl: string;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-loss-'));
  chmodSync(dataDir, 0o755);
  const started = await startEmbeddedPostgres({ dataDir, durable: true });
  const url = new URL(started.ownerUrl);
  url.username = 'loyalnest_app';
  url.password = 'test';
  appUrl = url.toString();
  await migrate(started.ownerUrl, 'up', { partitions: 2, appUrl });
  const admin = new URL(started.adminUrl);
  admin.pathname = url.pathname;
  adminUrl = admin.toString();
  server = losable(started, { dataDir, durable: true });
});
afterAll(async () => {
  await server.stop();
  await removeCluster(dataDir);
});

function clientsOf(channel: Channel, merchant?: string) {
  const identified: ClientMiddleware = async function* (call, options) {
    const metadata = new Metadata(options.metadata);
    const token = signToken(secrets.CORE_SIGNING_KEY, {
      merchant,
      actor: 'system',
      scopes: [merchant === undefined ? 'platform' : 'system'],
      exp: Math.floor(Date.now() / 1000) + 240,
    });
    metadata.set('authorization', `Bearer ${token}`);
    const signal = AbortSignal.timeout(30_000);
    return yield* call.next(call.request, { ...options, metadata, signal });
  };
  const factory = createClientFactory().use(identified);
  return {
    admin: factory.create(AdminServiceDefinition, channel),
    points: factory.create(PointsServiceDefinition, channel),
  };
}

interface Load {
  /** Calls that were answered. */
  readonly answered: () => number;
  /** Keys of the awards that were acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** Statuses of refused calls. */
  readonly refusals: ReadonlySet<number>;
  end(): Promise<void>;
}

let rounds = 0;

/** Awards, orders, customers and settings, from many callers that never rest: every kind of transaction is under way. */
async function startLoad(channel: Channel): Promise<Load> {
  const { merchant } = await clientsOf(channel).admin.installMerchant({
    shopDomain: `loss-${++rounds}.myshopify.com`,
    name: 'A shop',
    currency: 'USD',
    timezone: 'UTC',
    locale: 'en',
  });
  const { admin, points } = clientsOf(channel, merchant?.merchantId ?? '');
  const { customerId } = await admin.upsertCustomer({
    customer: { shopifyCustomerId: '1', email: 'busy@example.com' },
    trigger: 'created',
  });
  const round = rounds;
  const acknowledged = new Set<string>();
  const refusals = new Set<number>();
  let answered = 0;
  let isOver = false;
  const kinds = [
    async (key: string) => {
      await points.earnPoints({ award: { customerId, points: 1, idempotencyKey: key } });
      acknowledged.add(key);
    },
    (_key: string, nth: number) =>
      points.recordOrder({
        order: {
          orderId: String(1_000_000 * round + nth),
          name: '#1',
          currency: 'USD',
          subtotal: '10.00',
          currentSubtotal: '10.00',
          total: '12.00',
          financialStatus: 'paid',
          channel: 'online',
          orderedAt: new Date().toISOString(),
          updatedAt: new Date().toISOString(),
          customer: { shopifyCustomerId: String(1 + (nth % 7)), email: '' },
        },
        trigger: 'paid',
      }),
    (_key: string, nth: number) =>
      admin.upsertCustomer({
        customer: { shopifyCustomerId: String(100 + (nth % 50)), email: 'x@example.com' },
        trigger: 'updated',
      }),
    () => admin.getSettings({}),
  ];
  let nth = 0;
  const callers = Array.from({ length: 48 }, async (_, caller) => {
    const act = kinds[caller % kinds.length];
    while (!isOver) {
      const number = nth++;
      try {
        await act?.(`loss/${round}/${number}`, number);
        answered += 1;
      } catch (error) {
        refusals.add(
          typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : -1,
        );
        await pause(50);
      }
    }
  });
  return {
    answered: () => answered,
    acknowledged,
    refusals,
    async end() {
      isOver = true;
      await Promise.all(callers);
    },
  };
}

/** Loses the database in every way, several times, under load. */
async function survive(
  core: RunningProcess & { readonly address: string },
  losses: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const channel = createChannel(core.address);
  try {
    const load = await startLoad(channel);
    for (const lose of losses) {
      await pause(150 + Math.random() * 300);
      await lose();
      const before = load.answered();
      await expect
        .poll(load.answered, { timeout: 25_000, interval: 50 })
        .toBeGreaterThan(before + 40);
    }
    await load.end();
    expect(core.child.exitCode ?? core.child.signalCode, core.output()).toBeNull();
    expect([...load.refusals].filter((status) => !worthRepeating.has(status))).toEqual([]);
    expect(load.refusals.size).toBeGreaterThan(0);
    const { rows } = await withClient(adminUrl, (client) =>
      client.query<{ key: string; broken: string }>(
        `SELECT idempotency_key AS key, (SELECT count(*) FROM ledger_broken_invariants()) AS broken
         FROM points_transactions WHERE idempotency_key LIKE $1`,
        [`loss/${rounds}/%`],
      ),
    );
    const stored = new Set(rows.map(({ key }) => key));
    expect([...load.acknowledged].filter((key) => !stored.has(key))).toEqual([]);
    expect(stored.size).toBe(rows.length);
    expect(Number(rows[0]?.broken)).toBe(0);
  } finally {
    channel.close();
  }
}

const terminateAll = () =>
  withClient(adminUrl, (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    ),
  );

describe('a core that is busy', () => {
  test('lives on when its connections are terminated, again and again, and says UNAVAILABLE meanwhile', async () => {
    const core = await startCoreProcess(appUrl, secrets, dataDir);
    try {
      await survive(
        core,
        Array.from({ length: 20 }, () => terminateAll),
      );
    } finally {
      await core.stop();
    }
  }, 120_000);

  test('lives on when the server is stopped, crashes or is killed, and serves again when it is back', async () => {
    const core = await startCoreProcess(appUrl, secrets, dataDir);
    try {
      await survive(
        core,
        (['fast', 'immediate', 'killed', 'fast', 'immediate', 'killed'] as const).map(
          (how) => async () => {
            await server.lose(how);
            await pause(300);
            await server.revive();
          },
        ),
      );
    } finally {
      await core.stop();
    }
  }, 180_000);

  test.skipIf(findPgbouncer() === undefined && process.env.CI !== 'true')(
    'lives on when its pooler dies, and when the server dies behind the pooler',
    async () => {
      let pooler = (await startPgbouncer(appUrl)) as Pgbouncer;
      const core = await startCoreProcess(pooler.through(appUrl), secrets, dataDir);
      const losePooler = async () => {
        const { port } = pooler;
        await pooler.kill();
        await pause(200);
        pooler = (await startPgbouncer(appUrl, { port })) as Pgbouncer;
      };
      const loseServer = async () => {
        await server.lose('killed');
        await server.revive();
      };
      try {
        await survive(core, [losePooler, losePooler, loseServer, losePooler, terminateAll]);
      } finally {
        await core.stop();
        await pooler.stop();
      }
    },
    180_000,
  );
});
