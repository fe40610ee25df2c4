import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withTenant } from '../database/tenant-transaction.ts';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { DEFAULT_RFM_CONFIG, DEFAULT_SEGMENTS } from './rfm-config.rules.ts';
import type { RfmConfig } from './rfm-config.rules.ts';
import { scoreMember, thresholdsOf } from './rfm.rules.ts';
import { scoringBy } from './score-members.ts';
import { countCells, findOutdated, writeScores } from './score.store.ts';

let test: TestCore;
let merchantId: string;
beforeAll(async () => {
  test = await startTestCore();
  ({ merchantId } = await test.installShop());
});
afterAll(() => test.stop());

const DAY = 86_400_000;
const now = new Date('2026-11-25T12:00:00.000Z');
const stages = ['new_lead', 'repeat_buyer', 'churned', 'vip', null] as const;

const order = fc.record({
  // Edges of days are where scores differ, so most orders lie on one or a moment beside it.
  agoMs: fc
    .tuple(
      fc.oneof(fc.constantFrom(0, 7, 8, 30, 31, 60, 61, 90, 91, 366), fc.nat(400)),
      fc.constantFrom(-1, 0, 1),
    )
    .map(([days, ms]) => days * DAY + ms),
  gross: fc.oneof(fc.constantFrom(250_000, 500_000, 2_500_000, 100_000_001), fc.nat(3_000_000)),
  refunded: fc.constantFrom(0, 0, 0.5, 1),
  isCancelled: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  isSnapshot: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
});
const member = fc.record({
  orders: fc.array(order, { maxLength: 13 }),
  stage: fc.constantFrom(...stages),
});
type Person = typeof member extends fc.Arbitrary<infer One> ? One : never;
const config: fc.Arbitrary<RfmConfig> = fc.constantFrom(
  DEFAULT_RFM_CONFIG,
  {
    ...DEFAULT_RFM_CONFIG,
    recency: [14, 60, 90, 180],
    weights: { recency: 2_500, frequency: 2_500, monetary: 5_000 },
  },
  {
    ...DEFAULT_RFM_CONFIG,
    monetary: [
      { kind: 'min_spend', value: 2_000_000n },
      { kind: 'aov_multiple', value: 23_333n },
      { kind: 'aov_multiple', value: 10_000n },
      { kind: 'aov_multiple', value: 1n },
    ],
    segments: [
      { id: 'own', recency: [5, 5], frequency: [1, 5], monetary: [1, 5], name: { en: 'Own' } },
      ...DEFAULT_SEGMENTS,
    ],
  },
);

interface Stored {
  customer_id: string;
  rfm_score: Record<string, number>;
  lifecycle_stage: string;
  segment_id: string;
  segment_ids: string[];
}

it('the SQL statement scores random orders as the rules do, and a second run changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { minLength: 1, maxLength: 25 }),
      config,
      fc.bigInt({ min: 1n, max: 1_000_000n }),
      fc.constantFrom('orders', 'kept'),
      async (members, rules, aov, sums) => {
        const people = members.map((one) => ({ ...one, id: randomUUID() }));
        await fill(people);
        if (sums === 'kept') await keepSums(people.map(({ id }) => id));
        const estimate = {
          aov,
          basis: 'orders',
          orders: 100,
          version: 1,
          estimatedAt: now,
        } as const;
        const scoring = { ...scoringBy(rules, estimate, 'USD', now, 'order'), sums } as const;
        const stored = await withTenant(test.pool, merchantId, async (client) => {
          const ids = people.map(({ id }) => id);
          const first = await findOutdated(client, merchantId, nil, 1_000, scoring, 'all');
          expect(first.looked).toBe(people.length);
          expect([...first.outdated].sort()).toEqual([...ids].sort());
          const { changes, changed } = await writeScores(client, merchantId, ids, scoring);
          expect(changed).toBe(people.length);
          expect(changes).toHaveLength(people.length);
          for (const pass of ['all', 5] as const) {
            const again = await findOutdated(client, merchantId, nil, 1_000, scoring, pass);
            expect(again).toMatchObject({ outdated: [], anyOff: false, looked: people.length });
          }
          const cells = await countCells(client, merchantId, scoring);
          expect(cells.reduce((sum, cell) => sum + cell.members, 0)).toBe(people.length);
          const { rows } = await client.query<Stored>(
            `SELECT c.customer_id, c.rfm_score, c.lifecycle_stage, s.segment_id, s.segment_ids
             FROM customers c JOIN customer_segments s USING (merchant_id, customer_id)`,
          );
          return new Map(rows.map((row) => [row.customer_id, row]));
        });
        const thresholds = thresholdsOf(rules, aov, 1n);
        for (const person of people) {
          const valid = person.orders.filter(counts);
          const expected = scoreMember(
            {
              orders: valid.length,
              spend: valid.reduce((sum, one) => sum + BigInt(one.gross - refundOf(one)), 0n),
              lastOrderAt:
                valid.length === 0
                  ? null
                  : new Date(now.getTime() - Math.min(...valid.map((one) => one.agoMs))),
            },
            now,
            rules,
            thresholds,
            person.stage,
          );
          expect(stored.get(person.id)).toMatchObject({
            rfm_score: {
              recency: expected.recency,
              frequency: expected.frequency,
              monetary: expected.monetary,
              score: expected.tenths / 10,
            },
            lifecycle_stage: expected.stage,
            segment_id: expected.segmentId,
            segment_ids: expected.segmentIds,
          });
        }
      },
    ),
    { numRuns: 25 },
  );
});

it('a sum that is not that of the orders is found within sixteen passes, and at once where all are checked', async () => {
  const scoring = scoringBy(
    DEFAULT_RFM_CONFIG,
    { aov: 500_000n, basis: 'orders', orders: 100, version: 1, estimatedAt: now },
    'USD',
    now,
    'schedule',
  );
  const order = {
    agoMs: DAY,
    gross: 250_000,
    refunded: 0 as const,
    isCancelled: false,
    isSnapshot: true,
  };
  const people = Array.from({ length: 40 }, () => ({
    orders: [order],
    stage: null,
    id: randomUUID(),
  }));
  const ids = people.map(({ id }) => id);
  await fill(people);
  await withTenant(test.pool, merchantId, async (client) => {
    await writeScores(client, merchantId, ids, scoring);
    await client.query('UPDATE customers SET order_count = 3 WHERE merchant_id = $1', [merchantId]);
    const kept = { ...scoring, sums: 'kept' } as const;
    await writeScores(client, merchantId, ids, kept);
    const look = (pass: number | 'all') => findOutdated(client, merchantId, nil, 1_000, kept, pass);
    const found: string[] = [];
    for (let pass = 20_000; pass < 20_016; pass += 1) found.push(...(await look(pass)).outdated);
    expect(found.sort()).toEqual([...ids].sort());
    const all = await look('all');
    expect(all.anyOff).toBe(true);
    expect([...all.outdated].sort()).toEqual([...ids].sort());
    await writeScores(client, merchantId, ids, scoring);
    expect(await look('all')).toMatchObject({ outdated: [], anyOff: false });
  });
});

const nil = '00000000-0000-0000-0000-000000000000';
const refundOf = (one: { gross: number; refunded: number }) => Math.floor(one.gross * one.refunded);
/** As the statement that records orders decides it: a snapshot, not cancelled, and not refunded whole. */
const counts = (one: Person['orders'][number]) =>
  one.isSnapshot && !one.isCancelled && !(refundOf(one) > 0 && refundOf(one) >= one.gross);
const amount = (tenThousandths: number) => `${tenThousandths}e-4`;

/** The shop holds these people alone. */
async function fill(people: readonly (Person & { readonly id: string })[]): Promise<void> {
  const client: pg.PoolClient = await test.outside.connect();
  try {
    for (const table of [
      'rfm_score_history',
      'rfm_segment_deltas',
      'customer_segments',
      'orders',
      'customers',
    ])
      await client.query(`DELETE FROM ${table} WHERE merchant_id = $1`, [merchantId]);
    await client.query(
      `INSERT INTO customers (merchant_id, customer_id, shopify_customer_id, lifecycle_stage)
       SELECT $1, id, id::text, stage FROM unnest($2::uuid[], $3::text[]) AS p(id, stage)`,
      [merchantId, people.map(({ id }) => id), people.map(({ stage }) => stage)],
    );
    const orders = people.flatMap(({ id, orders: list }) => list.map((one) => ({ id, ...one })));
    await client.query(
      `INSERT INTO orders (merchant_id, customer_id, shopify_order_id, gross_subtotal, refunded, ordered_at, cancelled_at,
                           source_updated_at, counts)
       SELECT $1, o.id, o.n::text, o.gross::numeric, o.refunded::numeric, o.at,
              CASE WHEN o.cancelled THEN o.at END, CASE WHEN o.snapshot THEN o.at END, o.counts
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::boolean[], $7::boolean[],
                   $8::boolean[])
            WITH ORDINALITY AS o(id, gross, refunded, at, cancelled, snapshot, counts, n)`,
      [
        merchantId,
        orders.map(({ id }) => id),
        orders.map((one) => amount(one.gross)),
        orders.map((one) => amount(refundOf(one))),
        orders.map((one) => new Date(now.getTime() - one.agoMs)),
        orders.map((one) => one.isCancelled),
        orders.map((one) => one.isSnapshot),
        orders.map(counts),
      ],
    );
  } finally {
    client.release();
  }
}

/** As every statement that changes an order leaves them. */
async function keepSums(ids: readonly string[]): Promise<void> {
  await test.outside.query('SELECT orders_sum_up($1, $2)', [merchantId, ids]);
  await test.outside.query('UPDATE customers SET review_due_at = NULL WHERE merchant_id = $1', [
    merchantId,
  ]);
}
