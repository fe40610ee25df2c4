import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#infra/local/test-database.ts';
import { createPool } from '../database/pool.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { createMember, createMerchant } from '../testing/tenants.ts';
import { createLedger, newEntryId, type Ledger } from './index.ts';
import { ModelMember } from './ledger.model.ts';

/**
 * The invariants of the ledger, checked after every step of random histories:
 *  (a) balance = sum of entries = sum of lots left - debt
 *  (b) every lot has 0 <= left <= original
 *  (c) the same key twice changes nothing
 *  (d) a refused command changes nothing
 *  (e) the soonest to expire go first
 *  (f) other tenants' sums do not move
 *  (g) parallel debits never overspend
 */

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

type Step =
  | {
      do: 'credit';
      points: number;
      expiresInDays: number | null;
      order: number | null;
      repeat: boolean;
      /** Through the set-based statement instead of the single one. */
      inBatch: boolean;
    }
  | {
      do: 'debit';
      points: number;
      whenShort: 'refuse' | 'debt' | 'clip';
      order: number | null;
      repeat: boolean;
    }
  | { do: 'reverse'; entry: number }
  | { do: 'hold'; points: number }
  | { do: 'confirm' | 'release'; hold: number }
  | { do: 'expire'; days: number }
  | { do: 'extend'; within: number; days: number; repeat: boolean }
  | { do: 'insertThreeColumns'; points: number };

const points = fc.integer({ min: 1, max: 400 });
const maybeOrder = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('credit' as const),
      points,
      expiresInDays: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
      order: maybeOrder,
      repeat: fc.boolean(),
      inBatch: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('debit' as const),
      points,
      whenShort: fc.constantFrom('refuse', 'debt', 'clip'),
      order: maybeOrder,
      repeat: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reverse' as const), entry: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold' as const), points }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('confirm', 'release'), hold: fc.nat(5) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('expire' as const),
      days: fc.integer({ min: 1, max: 90 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('extend' as const),
      within: fc.integer({ min: 1, max: 60 }),
      days: fc.integer({ min: 1, max: 60 }),
      repeat: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('insertThreeColumns' as const),
      points: fc.integer({ min: -200, max: 200 }).filter((n) => n !== 0),
    }),
  },
);

let database: TestDatabase;
let pool: pg.Pool;
let ledger: Ledger;
let bystander: { merchantId: string; customerId: string };

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ connectionString: database.appUrl, max: 12 });
  ledger = createLedger({ pool });
  const merchantId = await createMerchant(pool);
  bystander = { merchantId, customerId: await createMember(pool, merchantId) };
  await ledger.award([{ ...bystander, points: 777, key: 'bystander' }]);
});

afterAll(async () => {
  await ledger.close();
  await pool.end();
  await database.drop();
});

interface State {
  balance: { balance: number; held: number; debt: number; version: number };
  lots: { sequence: number; remaining: number; points: number; expires_at: Date | null }[];
  broken: unknown[];
}

function readState(merchantId: string, customerId: string): Promise<State> {
  return withTenant(pool, merchantId, async (client) => {
    const balance = await client.query<State['balance']>(
      'SELECT balance, held, debt, version FROM points_balances WHERE customer_id = $1',
      [customerId],
    );
    const lots = await client.query<State['lots'][number]>(
      'SELECT sequence, remaining, points, expires_at FROM point_lots WHERE customer_id = $1 ORDER BY sequence',
      [customerId],
    );
    const broken = await client.query('SELECT * FROM ledger_broken_invariants($1)', [merchantId]);
    return {
      balance: balance.rows[0] ?? { balance: 0, held: 0, debt: 0, version: 0 },
      lots: lots.rows,
      broken: broken.rows,
    };
  });
}

function insertThreeColumns(
  merchantId: string,
  customerId: string,
  amount: number,
): Promise<string> {
  return withTenant(pool, merchantId, async (client) => {
    const { rows } = await client.query<{ transaction_id: string }>(
      'INSERT INTO points_transactions (customer_id, merchant_id, points) VALUES ($1, $2, $3) RETURNING transaction_id',
      [customerId, merchantId, amount],
    );
    return rows[0]?.transaction_id ?? '';
  });
}

/** The id of the entry with that number. */
function entryAt(merchantId: string, customerId: string, sequence: number): Promise<string> {
  return withTenant(pool, merchantId, async (client) => {
    const { rows } = await client.query<{ transaction_id: string }>(
      'SELECT transaction_id FROM points_transactions WHERE customer_id = $1 AND sequence = $2',
      [customerId, sequence],
    );
    return rows[0]?.transaction_id ?? '';
  });
}

/** The id of a member's newest entry. */
function newestEntry(merchantId: string, customerId: string): Promise<string> {
  return withTenant(pool, merchantId, async (client) => {
    const { rows } = await client.query<{ transaction_id: string }>(
      'SELECT transaction_id FROM points_transactions WHERE customer_id = $1 ORDER BY sequence DESC LIMIT 1',
      [customerId],
    );
    return rows[0]?.transaction_id ?? '';
  });
}

describe('whatever happens to a member', () => {
  it('the ledger agrees with the model after every step, and its invariants hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const merchantId = await createMerchant(pool);
        const customerId = await createMember(pool, merchantId);
        const model = new ModelMember();
        const holds: string[] = [];
        let now = START;
        /** What is due expires before what is available is spent or held: by an entry of its own. */
        const expireFirst = async () => {
          const id = await entryAt(merchantId, customerId, model.entries.length + 1);
          model.expire(id, now);
        };
        for (const [index, one] of steps.entries()) {
          const key = `step/${index}`;
          const order = 'order' in one && one.order !== null ? String(one.order) : null;
          switch (one.do) {
            case 'credit': {
              const expiresAt = one.expiresInDays === null ? null : now + one.expiresInDays * DAY;
              const item = {
                merchantId,
                customerId,
                points: one.points,
                key,
                orderId: order,
                expiresAt: expiresAt === null ? null : new Date(expiresAt),
              };
              const outcome = one.inBatch
                ? (await ledger.award([item]))[0]
                : await ledger.awardOne(item);
              if (outcome?.status !== 'awarded') throw new Error(outcome?.status);
              model.credit(outcome.transactionId, one.points, expiresAt, order);
              if (one.repeat)
                expect(await ledger.awardOne(item)).toEqual({ ...outcome, status: 'duplicate' });
              break;
            }
            case 'debit': {
              const item = {
                merchantId,
                customerId,
                points: one.points,
                key,
                type: 'redeem',
                source: 'test',
                whenShort: one.whenShort,
                orderId: order,
              } as const;
              const outcome = await ledger.debit({ ...item, occurredAt: new Date(now) });
              if (one.whenShort === 'refuse') await expireFirst();
              const id = outcome.status === 'posted' ? outcome.transactionId : '';
              expect(outcome.status === 'posted').toBe(
                model.debit(id, one.points, one.whenShort, order),
              );
              if (one.repeat && outcome.status === 'posted' && one.whenShort !== 'clip') {
                expect(await ledger.debit({ ...item, occurredAt: new Date(now) })).toEqual({
                  ...outcome,
                  status: 'duplicate',
                });
              }
              break;
            }
            case 'reverse': {
              const entry = model.entries[one.entry];
              if (!entry) break;
              const outcome = await ledger.reverse({
                merchantId,
                transactionId: entry.id,
                key,
                source: 'test',
                whenShort: 'debt',
              });
              const id = outcome.status === 'posted' ? outcome.transactionId : '';
              expect(outcome.status === 'posted').toBe(model.reverse(id, entry));
              break;
            }
            case 'hold': {
              const holdId = newEntryId();
              const { rows } = await pool.query<{ status: string }>(
                'SELECT status FROM ledger_hold($1,$2,$3,$4,$5,$6,$7,$8)',
                [
                  holdId,
                  merchantId,
                  customerId,
                  one.points,
                  key,
                  'test',
                  new Date(START + 10_000 * DAY),
                  new Date(now),
                ],
              );
              await expireFirst();
              const isHeld = model.hold(holdId, one.points);
              expect(rows[0]?.status).toBe(isHeld ? 'held' : 'insufficient');
              if (isHeld) holds.push(holdId);
              break;
            }
            case 'confirm':
            case 'release': {
              const holdId = holds[one.hold];
              if (holdId === undefined || !model.holds.has(holdId)) break;
              const outcome = one.do === 'confirm' ? 'confirmed' : 'released';
              const { rows } = await pool.query<{ transaction_id: string | null }>(
                'SELECT * FROM ledger_settle_hold($1,$2,$3,$4,$5,$6,$7)',
                [newEntryId(), merchantId, holdId, outcome, 'test', 'system', '{}'],
              );
              if (one.do === 'confirm') model.confirm(holdId, rows[0]?.transaction_id ?? '');
              else model.holds.delete(holdId);
              break;
            }
            case 'expire': {
              now += one.days * DAY;
              const { rows } = await pool.query<{ members: number }>(
                'SELECT * FROM ledger_expire($1, $2, 500)',
                [merchantId, new Date(now)],
              );
              const id = await newestEntry(merchantId, customerId);
              expect(rows[0]?.members).toBe(model.expire(id, now) ? 1 : 0);
              break;
            }
            case 'extend': {
              const before = now + one.within * DAY;
              const extend = async () => {
                const { rows } = await pool.query<{ status: string; points: number }>(
                  'SELECT status, points FROM ledger_extend_lots($1, $2, $3, NULL, $4, $5, $6, $7)',
                  [
                    merchantId,
                    randomUUID(),
                    key,
                    new Date(before),
                    one.days,
                    new Date(now),
                    'system',
                  ],
                );
                return rows[0];
              };
              const points = model.extend(before, one.days, now);
              expect(await extend()).toEqual({
                status: points > 0 ? 'extended' : 'nothing',
                points,
              });
              if (one.repeat && points > 0)
                expect(await extend()).toEqual({ status: 'duplicate', points });
              break;
            }
            case 'insertThreeColumns': {
              const id = await insertThreeColumns(merchantId, customerId, one.points);
              if (one.points > 0) model.credit(id, one.points, null, null);
              else model.debit(id, -one.points, 'debt', null);
              break;
            }
          }
          const state = await readState(merchantId, customerId);
          expect(state.broken).toEqual([]);
          expect(state.balance).toEqual({
            balance: model.balance,
            held: model.held,
            debt: model.debt,
            version: model.entries.length,
          });
          expect(
            state.lots.map((lot) => [
              lot.sequence,
              lot.remaining,
              lot.expires_at?.getTime() ?? null,
            ]),
          ).toEqual(
            [...model.lots]
              .sort((a, b) => a.sequence - b.sequence)
              .map((lot) => [lot.sequence, lot.remaining, lot.expiresAt]),
          );
          for (const lot of state.lots)
            expect(lot.remaining >= 0 && lot.remaining <= lot.points).toBe(true);
        }
        const other = await readState(bystander.merchantId, bystander.customerId);
        expect(other.balance.balance).toBe(777);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 240_000);
});

describe('many at once', () => {
  it('never spends more than the balance, however many debits run in parallel', async () => {
    const merchantId = await createMerchant(pool);
    const customerId = await createMember(pool, merchantId);
    await ledger.award([{ merchantId, customerId, points: 100, key: 'start' }]);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        ledger.debit({
          merchantId,
          customerId,
          points: 7,
          key: `spend/${index}`,
          type: 'redeem',
          source: 'test',
          whenShort: 'refuse',
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'posted')).toHaveLength(14);
    const state = await readState(merchantId, customerId);
    expect(state.balance).toMatchObject({ balance: 2, version: 15 });
    expect(state.broken).toEqual([]);
  });

  it('writes one entry per key under many concurrent repeats, across tenants and members', async () => {
    const members = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const merchantId = await createMerchant(pool);
        return { merchantId, customerId: await createMember(pool, merchantId) };
      }),
    );
    const outcomes = await Promise.all(
      Array.from({ length: 2_000 }, (_, index) => {
        const member = members[index % members.length] as (typeof members)[number];
        return ledger.awardOne({ ...member, points: 5, key: `storm/${index % 20}` });
      }),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'awarded')).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome.status === 'duplicate')).toHaveLength(1_980);
    for (const member of members)
      expect((await readState(member.merchantId, member.customerId)).broken).toEqual([]);
  });

  it('gives each award of a batch its own result: unknown members and used keys fail alone', async () => {
    const merchantId = await createMerchant(pool);
    const customerId = await createMember(pool, merchantId);
    const outcomes = await ledger.award([
      { merchantId, customerId, points: 10, key: 'a' },
      { merchantId, customerId: randomUUID(), points: 10, key: 'b' },
      { merchantId, customerId, points: 10, key: 'a' },
      { merchantId, customerId, points: 11, key: 'a' },
      { merchantId: bystander.merchantId, customerId, points: 10, key: 'c' },
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'awarded',
      'unknown_customer',
      'duplicate',
      'conflict',
      'unknown_customer',
    ]);
    expect((await readState(merchantId, customerId)).balance.balance).toBe(10);
  });

  it('awards and spends over several connections without a deadlock or a gap in the sequence', async () => {
    const merchantId = await createMerchant(pool);
    const members = await Promise.all(
      Array.from({ length: 5 }, () => createMember(pool, merchantId)),
    );
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const customerId = members[index % members.length] as string;
        if (index % 3 === 0) {
          const batch = members.map((member, nth) => ({
            merchantId,
            customerId: member,
            points: 3,
            key: `batch/${index}/${nth}`,
          }));
          await ledger.award(index % 2 ? batch : batch.reverse());
        } else if (index % 3 === 1)
          await ledger.awardOne({ merchantId, customerId, points: 10, key: `one/${index}` });
        else
          await ledger.debit({
            merchantId,
            customerId,
            points: 4,
            key: `debit/${index}`,
            type: 'redeem',
            source: 'test',
            whenShort: 'debt',
          });
      }),
    );
    for (const customerId of members)
      expect((await readState(merchantId, customerId)).broken).toEqual([]);
  });
});
