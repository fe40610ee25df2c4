import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

/**
 * A connection to Redis. A `rediss://` URL is encrypted, and the server is checked by name and authority:
 * `?sslrootcert=` names a file of authorities, as it does in PostgreSQL's URLs; without it, those that Node.js trusts.
 * @throws Error naming the file that cannot be read
 */
export function connectRedis(url: string, options: RedisOptions): Redis {
  const server = new URL(url);
  const authorities = server.searchParams.get('sslrootcert');
  server.searchParams.delete('sslrootcert');
  return new Redis(server.toString(), {
    ...options,
    // After a fail-over the old primary goes on as a replica, on connections that are still open.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...(authorities === null ? {} : { tls: { ca: readFileSync(authorities) } }),
  });
}
