import pg from 'pg';
import { CoreError } from '../core-client/errors.server.ts';
import { env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';

let pool: pg.Pool | undefined;

/** For a connection, and for an answer. */
const waitMs = 3_000;

/** The app's own few connections, for sessions alone: all loyalty data goes through core. */
export function sessionPool(): pg.Pool {
  if (pool === undefined) {
    const opened = new pg.Pool({
      connectionString: env().DATABASE_URL,
      max: 4,
      connectionTimeoutMillis: waitMs,
      // A server that says nothing, as after a failover: without it a page would wait as long as TCP does.
      query_timeout: waitMs,
      keepAlive: true,
    });
    // Also of connections in use, for which the pool itself does not listen: unheard, an error ends the process.
    opened.on('connect', (client) =>
      client.on('error', (error) => log().warn({ err: error }, 'A database connection was lost')),
    );
    opened.on('error', () => undefined);
    pool = opened;
    onShutdown(async () => {
      pool = undefined;
      await opened.end();
    });
  }
  return pool;
}

/** Of the driver: connections that are refused, lost or not to be had; a server that is going down or has no room. */
const awayCodes = /^(?:E(?!RR_)[A-Z_]+$|08|53|57P)/;
const awayMessages =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error/;

/** Asks the database of sessions. @throws CoreError unavailable while it is away, which pages have words for */
export const sessionQueries: Pick<pg.Pool, 'query'> = {
  query: ask as pg.Pool['query'],
};

async function ask(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  try {
    return await sessionPool().query(text, values);
  } catch (error) {
    if (!isAway(error)) throw error;
    throw new CoreError('unavailable', { message: 'the database is not reached', cause: error });
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return awayCodes.test(code) || awayMessages.test(error.message);
}
