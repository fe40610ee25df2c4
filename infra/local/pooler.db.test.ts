import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { findPgbouncer, findRedis } from './optional-tools.ts';
import { startPgbouncer } from './pgbouncer.ts';
import { withClient } from './postgres.ts';
import { startRedis } from './redis.ts';
import { createTestDatabase } from './test-database.ts';

const skipsPgbouncer = findPgbouncer() === undefined && process.env.CI !== 'true';
const skipsRedis = findRedis() === undefined && process.env.CI !== 'true';

test.skipIf(skipsPgbouncer)('the application reaches its database through pgbouncer', async () => {
  const database = await createTestDatabase();
  const pooler = await startPgbouncer(database.appUrl);
  const url = pooler?.through(database.appUrl) ?? '';
  const { rows } = await withClient(url, (client) => client.query('select current_user'));
  expect(rows).toEqual([{ current_user: 'loyalnest_app' }]);
  await pooler?.stop();
  await database.drop();
});

test.skipIf(skipsRedis)('Redis answers on its own port', async () => {
  const server = await startRedis();
  const client = new Redis(server?.url ?? '');
  expect(await client.ping()).toBe('PONG');
  await client.quit();
  await server?.stop();
});
