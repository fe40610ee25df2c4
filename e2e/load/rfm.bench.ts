import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { cellsOf } from '#core/rfm/rfm.rules.ts';
import { DEFAULT_RFM_CONFIG } from '#core/rfm/rfm-config.rules.ts';
import { scoringFor } from '#core/rfm/score-members.ts';
import { countCells } from '#core/rfm/score.store.ts';
import { readSegmentCounts } from '#core/rfm/standing.store.ts';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { createPool } from '#core/database/pool.ts';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { createLedger } from '#core/ledger/index.ts';
import { markForReview } from '#core/members/mark-for-review.store.ts';
import { rescoreRange } from '#core/member-review/rescore-members.ts';
import { createReviewer } from '#core/member-review/review-members.ts';
import { createLogger } from '#core/shared/logger.ts';
import { startBenchDatabase } from './bench-database.ts';
import { median, percentile, rounded, type Metrics } from './statistics.ts';

/**
 * What it costs to score all members, against one bare statement that reads the same orders and writes the same rows; and
 * to score one member after an order, in a small shop and in a large one. `--large` adds a shop of a million members.
 */

const ROUNDS = 5;
const RANGE = 1_000;
const ORDERS_PER_MEMBER = 5;
const MERCHANTS_AT_ONCE = 1_000;

type Dependencies = Parameters<typeof createReviewer>[0];

export async function run(flags: readonly string[]): Promise<Metrics> {
  const database = await startBenchDatabase();
  const pool = createPool({ connectionString: database.appUrl, max: 16 });
  // Its end closes the connections; an earlier failure is reported on its own.
  pool.on('error', () => undefined);
  const admin = new pg.Client(database.adminUrl);
  admin.on('error', () => undefined);
  await admin.connect();
  const ledger = createLedger({ pool });
  const deps: Dependencies = {
    pool,
    ledger,
    blindIndex: createBlindIndex(randomBytes(32).toString('base64')),
    clock: () => new Date(),
    logger: createLogger({ LOG_LEVEL: 'error' }),
  };
  try {
    const small = await fill(admin, 'small', 1_000);
    const medium = await fill(admin, 'medium', 50_000);
    const values: Record<string, number> = {};
    const isLarge = flags.includes('--large');
    const large = isLarge ? await fill(admin, 'large', 1_000_000) : undefined;

    const full = await compareFull(deps, admin, medium, ROUNDS);
    values.full_50k_vs_sql = rounded(full.ratio);
    values.full_50k_seconds = rounded(full.seconds);
    values.again_50k_seconds = rounded(full.again);
    values.again_50k_vs_full = rounded(full.again / full.seconds);
    values.preview_50k_ms = rounded(await previewMs(deps, medium));
    await passSeconds(deps, small);
    values.incremental_ms_1k_shop = rounded(await incrementalMs(deps, admin, small));
    values.incremental_ms_50k_shop = rounded(await incrementalMs(deps, admin, medium));
    if (large !== undefined) {
      const once = await compareFull(deps, admin, large, 1);
      values.full_1m_vs_sql = rounded(once.ratio);
      values.full_1m_seconds = rounded(once.seconds);
      values.incremental_ms_1m_shop = rounded(await incrementalMs(deps, admin, large));
    }
    values.counts_1000_merchants_p99_ms = rounded(await countsMs(deps, admin));
    return { values, meta: { rounds: ROUNDS, range: RANGE, ordersPerMember: ORDERS_PER_MEMBER } };
  } finally {
    await ledger.close();
    await admin.end();
    await pool.end();
    await database.stop();
  }
}

async function fill(admin: pg.Client, name: string, members: number): Promise<string> {
  const { rows } = await admin.query<{ merchant_id: string }>(
    `INSERT INTO merchants (shopify_domain, name, currency) VALUES ($1 || '.myshopify.com', $1, 'USD') RETURNING merchant_id`,
    [name],
  );
  const merchantId = rows[0]?.merchant_id ?? '';
  await admin.query('INSERT INTO program_settings (merchant_id) VALUES ($1)', [merchantId]);
  await admin.query(
    `INSERT INTO customers (merchant_id, customer_id, shopify_customer_id)
     SELECT $1, gen_random_uuid(), n::text FROM generate_series(1, $2::integer) n`,
    [merchantId, members],
  );
  await admin.query('ANALYZE customers');
  await admin.query(
    `INSERT INTO orders (merchant_id, customer_id, shopify_order_id, gross_subtotal, currency, ordered_at, source_updated_at)
     SELECT $1, c.customer_id, c.shopify_customer_id || '-' || i, (10 + random() * 90)::numeric(10, 2), 'USD', at, at
     FROM customers c,
          generate_series(1, 1 + (c.shopify_customer_id::integer % ${2 * ORDERS_PER_MEMBER - 1})) i,
          LATERAL (SELECT now() - random() * interval '300 days' AS at) o
     WHERE c.merchant_id = $1`,
    [merchantId],
  );
  // As whatever records orders leaves them.
  await admin.query(
    `SELECT orders_sum_up($1, array_agg(customer_id)) FROM customers WHERE merchant_id = $1`,
    [merchantId],
  );
  await admin.query('UPDATE customers SET review_due_at = NULL WHERE merchant_id = $1', [
    merchantId,
  ]);
  await admin.query('VACUUM ANALYZE customers, orders');
  return merchantId;
}

/** As before any member was scored. */
async function forget(admin: pg.Client, merchantId: string): Promise<void> {
  for (const table of ['customer_segments', 'rfm_score_history', 'rfm_segment_deltas'])
    await admin.query(`DELETE FROM ${table} WHERE merchant_id = $1`, [merchantId]);
  await admin.query(
    `DELETE FROM outbox_events WHERE merchant_id = $1 AND kind = 'segment.changed'`,
    [merchantId],
  );
  await admin.query(
    'UPDATE customers SET rfm_score = DEFAULT, lifecycle_stage = NULL WHERE merchant_id = $1',
    [merchantId],
  );
  await admin.query(
    `UPDATE program_settings SET rfm_state = rfm_state - 'full_pass_at' WHERE merchant_id = $1`,
    [merchantId],
  );
  await admin.query(
    'VACUUM ANALYZE customers, customer_segments, rfm_score_history, rfm_segment_deltas, outbox_events',
  );
}

async function passSeconds(deps: Dependencies, merchantId: string): Promise<number> {
  const started = performance.now();
  for (let after = ''; ;) {
    const range = { after, limit: RANGE, trigger: 'schedule', onlyIfDue: false } as const;
    const { last } = await rescoreRange(deps, merchantId, range);
    if (last === '') return (performance.now() - started) / 1_000;
    after = last;
  }
}

async function compareFull(
  deps: Dependencies,
  admin: pg.Client,
  merchantId: string,
  rounds: number,
): Promise<{ ratio: number; seconds: number; again: number }> {
  const ours: number[] = [];
  const again: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await forget(admin, merchantId);
    ours.push(await passSeconds(deps, merchantId));
    again.push(await passSeconds(deps, merchantId));
    await forget(admin, merchantId);
    bare.push(await bareSeconds(deps, merchantId));
  }
  return { ratio: median(ours) / median(bare), seconds: median(ours), again: median(again) };
}

/** The same orders read and the same rows written, all in one statement. */
async function bareSeconds(deps: Dependencies, merchantId: string): Promise<number> {
  const cells = cellsOf(DEFAULT_RFM_CONFIG).map((cell) => ({
    r: cell.recency,
    f: cell.frequency,
    m: cell.monetary,
    s: cell.tenths,
    id: cell.segmentId,
    ids: cell.segmentIds,
  }));
  const started = performance.now();
  await withTenant(deps.pool, merchantId, (client) =>
    client.query(
      `WITH aov AS MATERIALIZED (SELECT avg(gross_subtotal) AS aov FROM orders WHERE merchant_id = $1),
       sums AS (SELECT customer_id, count(*) AS n, sum(gross_subtotal - refunded) AS spend, max(ordered_at) AS last_at
                FROM orders WHERE merchant_id = $1 AND cancelled_at IS NULL GROUP BY customer_id),
       scored AS MATERIALIZED (
         SELECT s.customer_id, c.id AS segment_id, c.ids AS segment_ids,
                jsonb_build_object('recency', c.r, 'frequency', c.f, 'monetary', c.m, 'score', c.s / 10.0) AS score
         FROM (SELECT customer_id,
                 CASE WHEN last_at > now() - interval '8 days' THEN 5 WHEN last_at > now() - interval '31 days' THEN 4
                      WHEN last_at > now() - interval '61 days' THEN 3 WHEN last_at > now() - interval '91 days' THEN 2
                      ELSE 1 END AS r,
                 CASE WHEN n > 10 THEN 5 WHEN n > 5 THEN 4 WHEN n > 3 THEN 3 WHEN n > 1 THEN 2 ELSE 1 END AS f,
                 CASE WHEN spend > 5 * aov THEN 5 WHEN spend >= 2 * aov THEN 4 WHEN spend >= aov THEN 3
                      WHEN spend >= aov / 2 THEN 2 ELSE 1 END AS m
               FROM sums, aov) s
         JOIN jsonb_to_recordset($2::jsonb) AS c(r integer, f integer, m integer, s integer, id text, ids jsonb) USING (r, f, m)),
       a AS (UPDATE customers c SET rfm_score = s.score, lifecycle_stage = 'new_lead'
             FROM scored s WHERE c.merchant_id = $1 AND c.customer_id = s.customer_id),
       b AS (INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
             SELECT $1, customer_id, segment_id, segment_ids FROM scored),
       d AS (INSERT INTO rfm_score_history (merchant_id, customer_id, rfm_score, segment_ids)
             SELECT $1, customer_id, score, segment_ids FROM scored),
       e AS (INSERT INTO rfm_segment_deltas (merchant_id, customer_id, segment_change, rfm_score, operation)
             SELECT $1, customer_id, jsonb_build_object('to', segment_id), score, 'insert' FROM scored)
       INSERT INTO outbox_events (merchant_id, kind, payload)
       SELECT $1, 'segment.changed', jsonb_build_object('customer_id', customer_id, 'to', segment_ids) FROM scored`,
      [merchantId, JSON.stringify(cells)],
    ),
  );
  return (performance.now() - started) / 1_000;
}

async function previewMs(deps: Dependencies, merchantId: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await withTenant(deps.pool, merchantId, async (client) => {
      const scoring = await scoringFor(client, merchantId, deps.clock(), 'config');
      await countCells(client, merchantId, scoring);
    });
    times.push(performance.now() - started);
  }
  return median(times);
}

/** One member at a time, as in a shop with occasional orders. */
async function incrementalMs(
  deps: Dependencies,
  admin: pg.Client,
  merchantId: string,
): Promise<number> {
  const { rows } = await admin.query<{ customer_id: string }>(
    'SELECT customer_id FROM customers WHERE merchant_id = $1 ORDER BY customer_id LIMIT 50',
    [merchantId],
  );
  const reviewer = createReviewer(deps);
  const times: number[] = [];
  for (const { customer_id: customerId } of rows) {
    await admin.query(
      `UPDATE orders SET ordered_at = now() - random() * interval '300 days'
       WHERE merchant_id = $1 AND customer_id = $2`,
      [merchantId, customerId],
    );
    await withTenant(deps.pool, merchantId, (client) =>
      markForReview(client, merchantId, [customerId]),
    );
    const started = performance.now();
    await reviewer.round(1_000);
    times.push(performance.now() - started);
  }
  return median(times);
}

/** A thousand shops ask for their counts at once. */
async function countsMs(deps: Dependencies, admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ merchant_id: string }>(
    `INSERT INTO merchants (shopify_domain, name, currency)
     SELECT 'counts-' || n || '.myshopify.com', 'Counts', 'USD' FROM generate_series(1, $1::integer) n
     RETURNING merchant_id`,
    [MERCHANTS_AT_ONCE],
  );
  await admin.query(
    `WITH m AS (INSERT INTO customers (merchant_id, customer_id, shopify_customer_id)
                SELECT merchant_id, gen_random_uuid(), n::text
                FROM merchants, generate_series(1, 8) n WHERE shopify_domain LIKE 'counts-%'
                RETURNING merchant_id, customer_id)
     INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
     SELECT merchant_id, customer_id, id, jsonb_build_array(id)
     FROM m, LATERAL (SELECT (ARRAY['champions', 'loyal', 'new', 'other'])[1 + floor(random() * 4)::integer] AS id) s`,
  );
  await deps.pool.query('SELECT refresh_rfm_segment_counts()');
  await admin.query('ANALYZE rfm_segment_counts');
  const times = await Promise.all(
    rows.map(async ({ merchant_id: merchantId }) => {
      const started = performance.now();
      await withTenant(deps.pool, merchantId, (client) => readSegmentCounts(client));
      return performance.now() - started;
    }),
  );
  return percentile(times, 0.99);
}
