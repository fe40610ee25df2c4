import type { Pool, PoolClient } from 'pg';

/** Anything that runs SQL: the pool, or a client inside a transaction of the caller's. */
export type Queryable = Pick<Pool | PoolClient, 'query'>;
