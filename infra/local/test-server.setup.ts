import { startTestServer } from './test-database.ts';
import type { TestServer } from './test-database.ts';

declare global {
  var loyalnestTestServer: Promise<TestServer> | undefined;
}

/**
 * One PostgreSQL for the whole run: vitest calls this for each project before its first worker, and the
 * result after the last one.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (globalThis.loyalnestTestServer !== undefined) {
    await globalThis.loyalnestTestServer;
    return () => Promise.resolve();
  }
  globalThis.loyalnestTestServer = startTestServer();
  const server = await globalThis.loyalnestTestServer;
  return server.stop;
}
