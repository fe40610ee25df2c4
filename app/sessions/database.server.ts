import pg from 'pg';
import { env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';

let pool: pg.Pool | undefined;

/** The app's own few connections, for sessions alone: all loyalty data goes through core. */
export function sessionPool(): pg.Pool {
  if (pool === undefined) {
    const opened = new pg.Pool({
      connectionString: env().DATABASE_URL,
      max: 4,
      connectionTimeoutMillis: 5_000,
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
