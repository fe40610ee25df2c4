import type pg from 'pg';
import { createPool } from '#core/database/pool.ts';
import { inTransaction } from '#core/database/tenant-transaction.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';

export interface MigratedDatabase {
  /** As the application connects. */
  readonly app: pg.Pool;
  /** As migrations run: the owner of every table. */
  readonly owner: pg.Pool;
  close(): Promise<void>;
}

/** An empty, migrated database with a connection for each of the roles that can log in. */
export async function openMigrated(): Promise<MigratedDatabase> {
  const database = await createTestDatabase();
  const app = createPool({ connectionString: database.appUrl, max: 4 });
  const owner = createPool({ connectionString: database.ownerUrl, max: 2 });
  // Dropping the database may still meet a connection that is just being closed.
  for (const pool of [app, owner]) pool.on('error', () => undefined);
  return {
    app,
    owner,
    close: async () => {
      await Promise.all([app.end(), owner.end()]);
      await database.drop();
    },
  };
}

/** Runs one statement in a transaction after settings or a change of role, which end with it. */
export async function runWith<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  prepare: readonly string[],
  statement: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult<Row>> {
  return inTransaction(pool, 'BEGIN', async (client) => {
    for (const step of prepare) await client.query(step);
    return client.query<Row>(statement, [...values]);
  });
}

export function actingFor(merchantId: string): string {
  return `SET LOCAL app.merchant_id = '${merchantId}'`;
}
