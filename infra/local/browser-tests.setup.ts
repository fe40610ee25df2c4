import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Stack } from './stack.ts';

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
  // The shop whose pictures `npm run screenshots` takes; none: the journeys make their own history.
  const pictured = process.env.SCREENSHOTS;
  const stack = await startStack({
    say,
    step,
    publicUrl,
    newShop: { isEmpty: pictured !== undefined, currency: 'USD' },
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
  const stop = async () => {
    await stack.stop();
    await removeCluster(path.join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (pictured === 'demo') await step('Filling the demo shop', () => fill(stack, say));
  } catch (error) {
    // What a setup that failed has started is stopped by nothing else.
    await stop();
    throw error;
  }
  return stop;
}

/** Gives the shop the demo's past. */
async function fill(stack: Stack, say: (line: string) => void): Promise<void> {
  const { openAppInAdmin } = await import('./shop-endpoints.ts');
  const { seedDemo } = await import('./demo-seed.ts');
  // From this process, which has no browser's proxy.
  const reached = { ...stack, appUrl: stack.shop.tunnel };
  await openAppInAdmin(reached);
  await seedDemo(reached, say);
}
