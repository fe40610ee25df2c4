import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The app's address in the browser tests; the proxy leads there. */
const publicUrl = 'https://app.example.test';

/**
 * Starts the whole product on free ports and a data folder of its own, and tells the tests where it is:
 * E2E_SHOP_URL (the emulator with its control API), E2E_APP_URL and E2E_PROXY (for the browser), E2E_TUNNEL_URL (the
 * app without the proxy), E2E_APP_DATABASE_URL. With E2E_REDIS_URL the queues are in Redis.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-e2e-'));
  chmodSync(folder, 0o755);
  process.env.DATA_DIR = folder;
  // Tests ignore a developer's .env and shell.
  for (const name of ['DATABASE_URL', 'DATABASE_OWNER_URL']) process.env[name] = '';
  // The queues are in PostgreSQL unless a Redis is meant for the tests.
  process.env.REDIS_URL = process.env.E2E_REDIS_URL ?? '';
  // Loaded now, as the data folder is read when it is loaded.
  const { startStack } = await import('./stack.ts');
  const { freePort, removeCluster } = await import('./postgres.ts');
  const { say, step } = await import('./terminal.ts');
  const stack = await startStack({
    say,
    step,
    publicUrl,
    newShop: { isEmpty: process.env.SCREENSHOTS === 'empty', currency: 'USD' },
    ports: {
      core: await freePort(),
      web: await freePort(),
      shop: await freePort(),
      tunnel: await freePort(),
      proxy: await freePort(),
    },
  });
  process.env.E2E_SHOP_URL = stack.shop.shell;
  process.env.E2E_APP_URL = publicUrl;
  process.env.E2E_TUNNEL_URL = stack.shop.tunnel;
  process.env.E2E_PROXY = `http://127.0.0.1:${stack.ports.proxy}`;
  process.env.E2E_APP_DATABASE_URL = stack.database.appUrl;
  process.env.E2E_LOGS = path.join(folder, 'logs');
  return async () => {
    await stack.stop();
    await removeCluster(path.join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  };
}
