import pg from 'pg';
import { callScope } from './call-scope.ts';

const { builtins } = pg.types;

/** bigint columns hold points and counts, which are safe integers; anything beyond is a defect and not a rounding. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the safe integers`);
  return value;
}

const parsers = new Map<number, (text: string) => unknown>([[builtins.INT8, safeInteger]]);

/** Numbers as numbers, money (numeric) as exact text, times as Date; for this pool alone, not for the whole process. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const parser = format === 'binary' ? undefined : parsers.get(oid);
    return parser ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown);
  },
};

export interface PoolOptions {
  readonly connectionString: string;
  readonly max: number;
  /** How long a new connection, and each query, may take; without it 10 s, and as long as the server allows. */
  readonly timeoutMs?: number;
  /** Hears of each connection that broke, whether it was idle or in use. */
  readonly onLoss?: (error: Error) => void;
}

/**
 * Works through a pooler in transaction mode: no named statements, no settings of the session. The only place where
 * core opens connections, because a connection that breaks while nothing listens for its `error` ends the process: the
 * pool listens only while one is idle, so each gets a listener for its whole life here.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const onLoss = options.onLoss ?? (() => undefined);
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    types,
    connectionTimeoutMillis: options.timeoutMs ?? 10_000,
    ...(options.timeoutMs === undefined ? {} : { query_timeout: options.timeoutMs }),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  pool.on('connect', (client) => {
    client.on('error', onLoss);
    addQueryTimes(client);
  });
  // The connection's own listener has logged it already.
  pool.on('error', () => undefined);
  return pool;
}

/** Adds the time of each statement to the call that it is made in. */
function addQueryTimes(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const timed = (...given: unknown[]): unknown => {
    const scope = callScope();
    if (scope === undefined) return query(...given);
    const startedAt = performance.now();
    const end = () => {
      scope.queryMilliseconds += performance.now() - startedAt;
    };
    const callback = given.at(-1);
    if (typeof callback === 'function') {
      return query(...given.slice(0, -1), (...answer: unknown[]) => {
        end();
        (callback as (...answer: unknown[]) => void)(...answer);
      });
    }
    const answer = query(...given);
    if (answer instanceof Promise) answer.then(end, end);
    return answer;
  };
  client.query = timed as typeof client.query;
}
