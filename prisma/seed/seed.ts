import { createHash } from 'node:crypto';
import pg from 'pg';
import { insertTenantDefaults } from '#core/merchants/merchants.store.ts';
import type { BlindIndex } from '#core/shared/blind-index.ts';
import type { Encryption } from '#core/shared/encryption.ts';
import { withClient } from '#infra/local/postgres.ts';
import { idOf, peopleOf } from './people.ts';
import {
  insertCustomers,
  insertLedger,
  insertOrders,
  makeFacts,
  makeLedger,
  sumOrders,
} from './statements.ts';

export interface SeedPlan {
  /** Totals over all shops; a few shops are large, most are small. */
  readonly merchants: number;
  readonly customers: number;
  readonly orders: number;
  /** The same seed makes the same shops; ciphertexts alone differ from run to run. */
  readonly seed: number;
  /** The first moment nothing happened at any more. */
  readonly asOf: Date;
}

export interface SeedTools {
  readonly encryption: Encryption;
  readonly blindIndex: BlindIndex;
  readonly say: (line: string) => void;
}

const customersPerStatement = 5_000;
const currencies = ['USD', 'USD', 'EUR', 'GBP', 'CAD', 'AUD'];

/**
 * Fills a migrated database with made-up shops: a transaction for each, so that an interrupted run leaves whole shops.
 * @throws Error when a shop of this seed is there already, or the ledger that came out is not sound
 */
export async function seed(
  urls: { readonly ownerUrl: string; readonly appUrl: string },
  plan: SeedPlan,
  tools: SeedTools,
): Promise<void> {
  await withClient(urls.ownerUrl, async (client) => {
    // Enough to sort a large shop's ledger in memory.
    await client.query("SET work_mem = '256MB'; SET synchronous_commit = off; SET jit = off");
    const started = Date.now();
    const customers = shares(plan.customers, plan.merchants);
    const orders = shares(plan.orders, plan.merchants);
    const ids: string[] = [];
    let done = 0;
    for (let index = 0; index < plan.merchants; index++) {
      ids.push(
        await seedMerchant(client, plan, index, customers[index] ?? 0, orders[index] ?? 0, tools),
      );
      done += orders[index] ?? 0;
      if (index + 1 === plan.merchants || index < 3 || (index + 1) % 100 === 0) {
        tools.say(
          `  ${index + 1} of ${plan.merchants} shops, ${done.toLocaleString('en')} orders, ${((Date.now() - started) / 1000).toFixed(1)} s`,
        );
      }
    }
    await client.query('ANALYZE');
    const broken = await brokenInvariants(urls.appUrl, ids);
    if (broken.length > 0) {
      throw new Error(`The seeded ledger is not sound:\n${JSON.stringify(broken.slice(0, 5))}`);
    }
    tools.say(
      `Seeded ${plan.merchants} shops with ${plan.customers} customers and ${plan.orders} orders (seed ${plan.seed}) in ${((Date.now() - started) / 1000).toFixed(1)} s; the ledger is sound.`,
    );
  });
}

async function seedMerchant(
  client: pg.Client,
  plan: SeedPlan,
  index: number,
  customers: number,
  orders: number,
  tools: SeedTools,
): Promise<string> {
  const key = `seed ${plan.seed} shop ${index + 1}`;
  const merchantId = idOf(key);
  const domain = `seed-${plan.seed}-${index + 1}.myshopify.com`;
  const currency = currencies[index % currencies.length] ?? 'USD';
  const dice = createHash('md5').update(key).digest().readUInt32LE(0);
  await client.query('BEGIN');
  try {
    await client.query("SELECT set_config('app.merchant_id', $1, true)", [merchantId]);
    const { rowCount } = await client.query(
      `INSERT INTO merchants (merchant_id, shopify_domain, name, currency, created_at)
       VALUES ($1, $2, $3, $4, $5::timestamptz - interval '2 years') ON CONFLICT DO NOTHING`,
      [merchantId, domain, `Seeded Shop ${index + 1}`, currency, plan.asOf],
    );
    if (rowCount === 0) {
      throw new Error(`${domain} is in this database already; choose another --seed.`);
    }
    await insertTenantDefaults(client, merchantId, currency);
    for (const statement of makeFacts) {
      const values = statement.includes('$') ? [dice, plan.asOf, customers, orders, key] : [];
      await client.query(inlined(statement, values));
    }
    await client.query(sumOrders);
    await client.query('ANALYZE seed_members, seed_orders, seed_sums');
    const people = peopleOf(merchantId, key, tools);
    for (let from = 1; from <= customers; from += customersPerStatement) {
      const count = Math.min(customersPerStatement, customers - from + 1);
      const batch = Array.from({ length: count }, (_, nth) => people.customer(from + nth));
      await client.query(insertCustomers, [merchantId, JSON.stringify(batch)]);
    }
    await client.query(insertOrders, [merchantId, currency]);
    for (const statement of makeLedger) {
      await client.query(inlined(statement, statement.includes('$1') ? [merchantId] : []));
    }
    for (const statement of insertLedger) await client.query(statement, [merchantId, currency]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  return merchantId;
}

/** CREATE TABLE AS takes no parameters: ours are numbers, times and ids of our own making. */
function inlined(statement: string, values: readonly (string | number | Date)[]): string {
  return statement.replace(/\$(\d)/g, (_, position: string) => {
    const value = values[Number(position) - 1];
    if (value instanceof Date) return `'${value.toISOString()}'`;
    return typeof value === 'number' ? String(value) : pg.escapeLiteral(value ?? '');
  });
}

/** As the application, which may ask this of every tenant; the owner may not. */
async function brokenInvariants(appUrl: string, merchantIds: readonly string[]) {
  const broken: unknown[] = [];
  await withClient(appUrl, async (client) => {
    for (const merchantId of merchantIds) {
      const { rows } = await client.query('SELECT * FROM ledger_broken_invariants($1)', [
        merchantId,
      ]);
      broken.push(...(rows as unknown[]));
    }
  });
  return broken;
}

/** Divides a total so that the n-th shop has a share of about 1/n; all parts together are the total. */
function shares(total: number, parts: number): number[] {
  const weights = Array.from({ length: parts }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  // Every member has one before any member has two, where there are enough.
  const base = total >= parts ? 1 : 0;
  const rest = total - base * parts;
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += weight;
    const upTo = Math.round((rest * before) / sum);
    const part = upTo - given;
    given = upTo;
    return base + part;
  });
}
