import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Pool, PoolClient } from 'pg';
import { Prisma, PrismaClient } from '#prisma/generated/client.ts';

/** Prisma inside of a transaction that is open already. */
export type PrismaTransaction = Prisma.TransactionClient;

/** A connection with an open transaction, or what lends one: what stores get. */
type Connection = Pick<Pool | PoolClient, 'query'>;

const longestMs = 60_000;

/** The connection that the work at hand has its transaction on. */
const current = new AsyncLocalStorage<Connection>();

/**
 * Runs Prisma on a connection whose transaction is open already, so that rows read and written by Prisma and by SQL
 * belong to one transaction of one tenant, on one connection: what `withTenant` and `onPlatform` began decides what is
 * visible, and they alone commit. An error of the database keeps its SQLSTATE as `code`, as the driver has it.
 * Not for hot paths (ledger, storefront, scoring): a Prisma query costs several of the driver's.
 */
export async function onPrisma<T>(
  connection: Connection,
  work: (tx: PrismaTransaction) => Promise<T>,
): Promise<T> {
  try {
    return await current.run(connection, () =>
      prisma().$transaction(work, { timeout: longestMs, maxWait: longestMs }),
    );
  } catch (error) {
    throw driverErrorOf(error);
  }
}

/** Points and counts are bigint columns below 2^53. */
export function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond the safe integers`);
  return number;
}

/** As Prisma takes what a jsonb column keeps. */
export type StoredJson = Prisma.InputJsonObject;

/** What a jsonb column keeps of a value. */
export const toJson = (value: unknown): StoredJson =>
  JSON.parse(JSON.stringify(value)) as StoredJson;

/** As Prisma takes what is encrypted: with an ArrayBuffer of its own. */
export const toBytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

let client: PrismaClient | undefined;

/** One client for the process: it holds no connection of its own. */
function prisma(): PrismaClient {
  client ??= new PrismaClient({ adapter: new PrismaPg(new BorrowingPool()) });
  return client;
}

/** What the adapter calls instead of a query when it begins and ends its transaction. */
const boundaries = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/**
 * Prisma's adapter begins a transaction on a connection of its pool, commits it and gives the connection back. This
 * pool has none: it lends the connection whose transaction is open, and leaves its beginning and end to the code that opened
 * it. Anything beside a transaction has no tenant, and is refused.
 */
class BorrowingPool extends pg.Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: unknown): Promise<PoolClient> | undefined {
    if (callback !== undefined) throw new TypeError('the connection is lent by promise alone');
    const connection = current.getStore();
    return connection === undefined
      ? Promise.reject(new TypeError('Prisma is used by onPrisma alone'))
      : Promise.resolve(lend(connection));
  }

  override query(): never {
    throw new TypeError('Prisma is used inside of a transaction alone');
  }
}

function lend(connection: Connection): PoolClient {
  const nothing = { rows: [], fields: [], rowCount: 0, command: '', oid: 0 };
  const lent = {
    query: (query: pg.QueryConfig, values?: unknown[]) =>
      boundaries.has(query.text) ? Promise.resolve(nothing) : connection.query(query, values),
    on: () => lent,
    removeListener: () => lent,
    release: () => undefined,
  };
  return lent as unknown as PoolClient;
}

/** Prisma wraps the driver's errors; code that retries after contention or recognizes a duplicate reads SQLSTATE. */
function driverErrorOf(error: unknown): unknown {
  const state = stateOf(error);
  return state === undefined
    ? error
    : Object.assign(new Error(error instanceof Error ? error.message : state, { cause: error }), {
        code: state,
      });
}

function stateOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const meta = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta : undefined;
  for (let cause: unknown = meta?.['driverAdapterError'] ?? error.cause; isRecord(cause);) {
    if (typeof cause['originalCode'] === 'string') return cause['originalCode'];
    cause = cause['cause'];
  }
  return undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
