import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createChannel, createClientFactory, Metadata, type Channel } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { PointsServiceDefinition, type Award } from '#proto/points/v1/points.ts';
import { creditMany, creditOne, type AwardItem } from '#core/ledger/index.ts';
import { createTokenSource } from '#app/core-client/token.server.ts';
import { startBenchDatabase } from './bench-database.ts';
import { makeSecrets, startCoreProcess } from './processes.ts';
import { load, median, percentile, rounded, type Metrics } from './statistics.ts';

/**
 * How fast durable awards are through gRPC, against the one-transaction-per-award baseline: in process, on the driver,
 * through the same function into the same tables and indexes, at the best of 8, 16 and 32 connections.
 */

const ROUNDS = 5;
const SLICE_MS = 3_000;
const MERCHANTS = 100;
const MEMBERS_PER_MERCHANT = 200;

interface Member {
  readonly merchantId: string;
  readonly customerId: string;
}

export async function run(): Promise<Metrics> {
  const database = await startBenchDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-core-'));
  const secrets = makeSecrets();
  try {
    const core = await startCoreProcess(database.appUrl, secrets, folder);
    try {
      const members = await populate(database.adminUrl);
      return await measure(
        database.appUrl,
        database.adminUrl,
        core.address,
        secrets.CORE_SIGNING_KEY,
        members,
      );
    } finally {
      await core.stop();
    }
  } finally {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function populate(adminUrl: string): Promise<Member[]> {
  const client = new pg.Client(adminUrl);
  await client.connect();
  const { rows } = await client.query<{ merchant_id: string; customer_id: string }>(
    `WITH m AS (
       INSERT INTO merchants (shopify_domain, name, currency)
       SELECT 'bench-' || n || '.myshopify.com', 'Bench ' || n, 'USD' FROM generate_series(1, $1::int) n RETURNING merchant_id)
     INSERT INTO customers (merchant_id, customer_id, shopify_customer_id)
     SELECT m.merchant_id, gen_random_uuid(), n::text FROM m, generate_series(1, $2::int) n
     RETURNING merchant_id, customer_id`,
    [MERCHANTS, MEMBERS_PER_MERCHANT],
  );
  await client.query('ANALYZE');
  await client.end();
  return rows.map((row) => ({ merchantId: row.merchant_id, customerId: row.customer_id }));
}

async function measure(
  appUrl: string,
  adminUrl: string,
  address: string,
  signingKey: string,
  members: readonly Member[],
): Promise<Metrics> {
  const channels = Array.from({ length: 2 }, () => createChannel(address));
  const byMerchant = Map.groupBy(members, (member) => member.merchantId);
  const tenants = [...byMerchant.entries()].map(([merchantId, list]) => ({
    merchantId,
    members: list,
  }));
  // Created per call, like the product: tokens expire during a long run.
  const tokenOf = createTokenSource(signingKey);
  const metadataOf = (merchantId: string) =>
    Metadata({
      authorization: `Bearer ${tokenOf({ merchantId, actor: 'system', scopes: ['system'] })}`,
    });
  const points = channels.map((channel: Channel) =>
    createClientFactory().create(PointsServiceDefinition, channel),
  );
  const health = channels.map((channel: Channel) =>
    createClientFactory().create(HealthDefinition, channel),
  );
  let turn = 0;
  const next = <T>(list: readonly T[]): T => list[turn++ % list.length] as T;
  const some = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

  let acknowledged = 0;
  const award = (member: Member): Award => ({
    customerId: member.customerId,
    points: 10,
    idempotencyKey: `order/${randomUUID()}/paid`,
    type: '',
    source: 'order',
    reason: '',
    orderId: '',
    expiresAt: '',
    occurredAt: '',
  });
  const item = (member: Member): AwardItem => ({
    ...member,
    points: 10,
    key: `order/${randomUUID()}/paid`,
    source: 'order',
  });

  async function singleTransactions(connections: number): Promise<number> {
    const pool = new pg.Pool({ connectionString: appUrl, max: connections });
    const one = async () => {
      await creditOne(pool, item(some(members)));
      acknowledged++;
    };
    // A new connection plans each statement once; a warm process does not.
    for (let time = 0; time < 10; time++) {
      await Promise.all(Array.from({ length: connections }, one));
    }
    const { perSecond } = await load(connections, SLICE_MS, one);
    await pool.end();
    return perSecond;
  }

  async function bulkSql(): Promise<number> {
    const pool = new pg.Pool({ connectionString: appUrl, max: 2 });
    const { perSecond } = await load(2, SLICE_MS, async () => {
      await creditMany(
        pool,
        Array.from({ length: 1_000 }, () => item(some(members))),
      );
      acknowledged += 1_000;
    });
    await pool.end();
    return perSecond * 1_000;
  }

  async function awardMany(): Promise<number> {
    const size = 250;
    const { perSecond } = await load(4, SLICE_MS, async () => {
      const tenant = some(tenants);
      const { results } = await next(points).awardMany(
        { awards: Array.from({ length: size }, () => award(some(tenant.members))) },
        { metadata: metadataOf(tenant.merchantId) },
      );
      acknowledged += results.filter((result) => result.status === 'awarded').length;
    });
    return perSecond * size;
  }

  async function stream(): Promise<number> {
    const started = performance.now();
    const end = started + SLICE_MS;
    const counts = await Promise.all(
      [0, 1].map(async (nth) => {
        const tenant = some(tenants);
        let reference = 0;
        const step = () =>
          performance.now() < end
            ? {
                done: false as const,
                value: { reference: reference++, award: award(some(tenant.members)) },
              }
            : { done: true as const, value: undefined };
        const requests = {
          [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(step()) }),
        };
        let count = 0;
        for await (const answer of (points[nth] ?? next(points)).awardStream(requests, {
          metadata: metadataOf(tenant.merchantId),
        })) {
          if (answer.result?.status === 'awarded') count++;
        }
        return count;
      }),
    );
    const total = counts.reduce((sum, count) => sum + count, 0);
    acknowledged += total;
    return (total * 1000) / (performance.now() - started);
  }

  async function unary(callers: number, milliseconds = SLICE_MS) {
    return load(callers, milliseconds, async () => {
      const tenant = some(tenants);
      const { result } = await next(points).earnPoints(
        { award: award(some(tenant.members)) },
        { metadata: metadataOf(tenant.merchantId) },
      );
      if (result?.status === 'awarded') acknowledged++;
    });
  }

  const emptyUnary = () => load(256, SLICE_MS, () => next(health).check({ service: '' }));

  // Warm caches, plans and the compiler before anything counts.
  await singleTransactions(8);
  await awardMany();
  await unary(64, 1_000);

  const rounds: Record<'single' | 'bulk' | 'many' | 'stream' | 'unary256' | 'empty', number[]> = {
    single: [],
    bulk: [],
    many: [],
    stream: [],
    unary256: [],
    empty: [],
  };
  const unary1: number[] = [];
  const unary32: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.single.push(
      Math.max(
        await singleTransactions(8),
        await singleTransactions(16),
        await singleTransactions(32),
      ),
    );
    rounds.many.push(await awardMany());
    rounds.stream.push(await stream());
    rounds.bulk.push(await bulkSql());
    rounds.empty.push((await emptyUnary()).perSecond);
    rounds.unary256.push((await unary(256)).perSecond);
    unary1.push(median((await unary(1, 1_000)).latencies));
    unary32.push(percentile((await unary(32, 1_500)).latencies, 0.99));
    process.stdout.write(
      `  round ${round + 1}: single ${Math.round(rounds.single.at(-1) ?? 0)}/s, AwardMany ${Math.round(rounds.many.at(-1) ?? 0)}/s, ` +
        `stream ${Math.round(rounds.stream.at(-1) ?? 0)}/s, bulk ${Math.round(rounds.bulk.at(-1) ?? 0)}/s, ` +
        `unary256 ${Math.round(rounds.unary256.at(-1) ?? 0)}/s of ${Math.round(rounds.empty.at(-1) ?? 0)}/s\n`,
    );
  }
  const ratio = (a: readonly number[], b: readonly number[]) =>
    median(a.map((value, index) => value / (b[index] ?? Number.NaN)));

  const storm = await duplicates(next(tenants));
  const { entries, broken } = await count(adminUrl);
  for (const channel of channels) channel.close();
  return {
    values: {
      award_many_vs_single_tx: rounded(ratio(rounds.many, rounds.single)),
      stream_vs_single_tx: rounded(ratio(rounds.stream, rounds.single)),
      award_many_vs_bulk_sql: rounded(ratio(rounds.many, rounds.bulk)),
      unary256_vs_empty_unary: rounded(ratio(rounds.unary256, rounds.empty)),
      unary1_p50_ms: rounded(median(unary1)),
      unary32_p99_ms: rounded(median(unary32)),
      awards_per_second: Math.round(median(rounds.many)),
      single_tx_per_second: Math.round(median(rounds.single)),
      stream_per_second: Math.round(median(rounds.stream)),
      bulk_sql_per_second: Math.round(median(rounds.bulk)),
      unary256_per_second: Math.round(median(rounds.unary256)),
      empty_unary_per_second: Math.round(median(rounds.empty)),
      duplicates_entries_extra: storm,
      acknowledged,
      entries_missing: acknowledged + 100 - entries,
      chain_breaks: broken,
    },
    meta: {
      rounds: ROUNDS,
      slice_ms: SLICE_MS,
      merchants: MERCHANTS,
      members: members.length,
      synchronous_commit: 'on',
      award_many_size: 250,
    },
  };

  /** 10,000 calls over 100 keys. @returns entries beyond the 100 that there should be. */
  async function duplicates(tenant: {
    merchantId: string;
    members: readonly Member[];
  }): Promise<number> {
    const metadata = metadataOf(tenant.merchantId);
    const awards = Array.from({ length: 100 }, (_, index) => ({
      ...award(tenant.members[index] as Member),
      idempotencyKey: `storm/${index}`,
    }));
    let left = 10_000;
    let made = 0;
    await Promise.all(
      Array.from({ length: 256 }, async () => {
        while (left-- > 0) {
          const { result } = await next(points).earnPoints({ award: some(awards) }, { metadata });
          if (result?.status === 'awarded') made++;
        }
      }),
    );
    const client = new pg.Client(adminUrl);
    await client.connect();
    const { rows } = await client.query<{ n: string }>(
      `SELECT count(*) AS n FROM points_transactions WHERE merchant_id = $1 AND idempotency_key LIKE 'storm/%'`,
      [tenant.merchantId],
    );
    await client.end();
    return Number(rows[0]?.n) - 100 + Math.abs(made - 100);
  }
}

/** The client counts what was acknowledged, SQL what exists. */
async function count(adminUrl: string): Promise<{ entries: number; broken: number }> {
  const client = new pg.Client(adminUrl);
  await client.connect();
  const { rows } = await client.query<{ entries: string; broken: string }>(
    `SELECT (SELECT count(*) FROM points_transactions) AS entries, (SELECT count(*) FROM ledger_broken_invariants()) AS broken`,
  );
  await client.end();
  return { entries: Number(rows[0]?.entries), broken: Number(rows[0]?.broken) };
}
