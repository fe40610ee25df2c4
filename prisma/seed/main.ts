import { parseArgs } from 'node:util';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { createEncryption } from '#core/shared/encryption.ts';
import { openDatabase } from '#infra/local/database.ts';
import { Problem } from '#infra/local/process.ts';
import { interruption } from '#infra/local/terminal.ts';
import { seed } from './seed.ts';

/**
 * `npm run seed -- --merchants N --customers N --orders N [--seed 1] [--as-of 2026-11-01]`: made-up shops with
 * customers, orders and a whole ledger, in the database that the environment names or else the embedded one.
 */
async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      merchants: { type: 'string', default: '10' },
      customers: { type: 'string', default: '10000' },
      orders: { type: 'string', default: '50000' },
      seed: { type: 'string', default: '1' },
      'as-of': { type: 'string', default: new Date().toISOString().slice(0, 10) },
    },
  });
  const asOf = new Date(`${values['as-of']}T00:00:00Z`);
  if (Number.isNaN(asOf.getTime())) throw new Problem('--as-of must be a day such as 2026-11-01.');
  const plan = {
    merchants: whole('merchants', values.merchants, 1, 100_000),
    customers: whole('customers', values.customers, 0, 50_000_000),
    orders: whole('orders', values.orders, 0, 100_000_000),
    seed: whole('seed', values.seed, 0, 2 ** 31 - 1),
    asOf,
  };
  if (plan.orders > 0 && plan.customers < plan.merchants) {
    throw new Problem('Orders need customers: --customers must be at least --merchants.');
  }
  const database = await openDatabase();
  if (database.appUrl === '') throw new Problem('DATABASE_URL is missing.');
  try {
    const { encryptionKeys, blindIndexKey } = await keys(database.embedded);
    if (database.embedded) await (await localStack()).migrateFor(database);
    await Promise.race([
      seed(database, plan, {
        encryption: createEncryption(encryptionKeys),
        blindIndex: createBlindIndex(blindIndexKey),
        say: (line) => process.stdout.write(`${line}\n`),
      }),
      interruption(),
    ]);
  } finally {
    await database.stop();
  }
}

/** Only where it is needed: it builds, and a production image has nothing to build with. */
const localStack = () => import('#infra/local/stack.ts');

/** Names and addresses must open with the keys of the core that will read them. */
async function keys(embedded: boolean): Promise<{ encryptionKeys: string; blindIndexKey: string }> {
  const { ENCRYPTION_KEYS: encryptionKeys = '', BLIND_INDEX_KEY: blindIndexKey = '' } =
    embedded && (process.env.ENCRYPTION_KEYS ?? '') === ''
      ? (await localStack()).readSecrets()
      : process.env;
  if (encryptionKeys === '' || blindIndexKey === '') {
    throw new Problem(
      'ENCRYPTION_KEYS and BLIND_INDEX_KEY are missing: what is seeded must open with the keys of core.',
    );
  }
  return { encryptionKeys, blindIndexKey };
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new Problem(`--${name} must be a whole number from ${low} to ${high}, not "${text}".`);
  }
  return value;
}

try {
  await main(process.argv.slice(2));
  process.exit();
} catch (error) {
  process.stderr.write(
    `${error instanceof Problem ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
