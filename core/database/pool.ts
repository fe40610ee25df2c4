import pg from 'pg';

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
}

/** Works through a pooler in transaction mode: no named statements, no settings of the session. */
export function createPool(options: PoolOptions): pg.Pool {
  return new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
}
