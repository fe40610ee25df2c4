import { startTestServer } from './test-database.ts';

/** One PostgreSQL for the whole run: vitest calls this before the first worker and the result after the last. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  return server.stop;
}
