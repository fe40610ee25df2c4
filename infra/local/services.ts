import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createChannel, createClient, waitForChannelReady } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { z } from 'zod';
import { fromData, fromRoot } from './paths.ts';
import { Problem } from './process.ts';
import type { ProcessPlan } from './supervisor.ts';

/** Where each process listens. */
export interface Ports {
  core: number;
  web: number;
  /** The emulator's admin, storefront and control API. */
  shop: number;
  /** The emulator's tunnel to the app for a browser without a proxy. */
  tunnel: number;
  /** The proxy that answers for Shopify's hosts. */
  proxy: number;
}

export interface Secrets {
  CORE_SIGNING_KEY: string;
  ENCRYPTION_KEYS: string;
  BLIND_INDEX_KEY: string;
}

/** What the emulator prints as a line of JSON once it is ready. */
const shopAddress = z.object({
  ready: z.literal(true),
  shell: z.url(),
  store: z.url(),
  control: z.url(),
  tunnel: z.url(),
  /** What a Node process needs in its environment for its calls to Shopify to end up there. */
  environment: z.record(z.string(), z.string()),
});

export type ShopAddress = z.output<typeof shopAddress>;

export type Env = Record<string, string>;

export const entries = {
  core: 'core/main.ts',
  web: 'app/server.ts',
  worker: 'app/worker/main.ts',
  shop: 'e2e/shopify/main.ts',
} as const;

/** The published credentials of the emulator: outside tools sign with them. */
export const shopCredentials = {
  SHOPIFY_API_KEY: 'demo-client-id',
  SHOPIFY_API_SECRET: 'demo-client-secret',
} as const;

export type Mode = 'production' | 'development';

/**
 * Bodies of deliveries lie outside of the heap and are freed when the young generation is collected. With room for
 * little more than what is under way that is often and costs nothing; by default whole heaps are marked once a second.
 */
const productFlags = ['--max-semi-space-size=4'];

export function corePlan(
  ports: Ports,
  databaseUrl: string,
  secrets: Secrets,
  mode: Mode = 'production',
): ProcessPlan {
  return {
    name: 'core',
    args: [...productFlags, ...watch(mode), needed('core')],
    env: {
      ...secrets,
      DATABASE_URL: databaseUrl,
      CORE_PORT: String(ports.core),
      CORE_HOST: '127.0.0.1',
      // More statements at once than the server has processors wait there, where shops have no turns.
      DATABASE_POOL_SIZE: String(Math.min(16, Math.max(4, 2 * availableParallelism()))),
      NODE_ENV: mode,
    },
    isReady: () => coreAnswers(ports.core),
    readyWithinMs: 30_000,
  };
}

export function webPlan(env: Env, ports: Ports, mode: Mode = 'production'): ProcessPlan {
  const server = [...productFlags, needed('web')];
  const vite = ['node_modules/@remix-run/dev/dist/cli.js', 'vite:dev', '--port', String(ports.web)];
  return {
    name: 'web',
    args: mode === 'production' ? server : vite,
    env: { ...env, NODE_ENV: mode, PORT: String(ports.web) },
    isReady: () => answersOk(`http://127.0.0.1:${ports.web}/healthz`),
    readyWithinMs: 60_000,
  };
}

export function workerPlan(env: Env, mode: Mode = 'production'): ProcessPlan {
  return {
    name: 'worker',
    args: [...productFlags, ...watch(mode), needed('worker')],
    // Its ready message has level info.
    env: { ...env, NODE_ENV: mode, LOG_LEVEL: 'info' },
    isReady: (output) => output.includes('The worker is ready'),
    readyWithinMs: 30_000,
  };
}

/** Node starts the process again when a file that it has loaded changes. */
function watch(mode: Mode): string[] {
  return mode === 'development' ? ['--watch', '--watch-preserve-output'] : [];
}

/** What a new shop begins with; one that is there already stays as it is. */
export interface NewShop {
  /** An empty shop without orders. */
  readonly isEmpty: boolean;
  readonly currency: string;
}

export function shopPlan(
  ports: Ports,
  dataDir: string,
  { isEmpty, currency }: NewShop = { isEmpty: false, currency: 'USD' },
): ProcessPlan {
  return {
    name: 'shopify-emulator',
    args: [needed('shop')],
    env: {
      ...shopCredentials,
      EMULATOR_PORT: String(ports.shop),
      EMULATOR_TUNNEL_PORT: String(ports.tunnel),
      EMULATOR_PROXY_PORT: String(ports.proxy),
      APP_URL: `http://127.0.0.1:${ports.web}`,
      EMULATOR_DATA_DIR: dataDir,
      EMULATOR_SEED: isEmpty ? 'none' : 'demo',
      EMULATOR_CURRENCY: currency,
    },
    isReady: (output) => readShopAddress(output) !== undefined,
    readyWithinMs: 30_000,
  };
}

/** What web and worker share: one database, one queue, one core, one shop. */
export function appEnv(
  ports: Ports,
  databaseUrl: string,
  secrets: Secrets,
  shop: ShopAddress,
  publicUrl: string,
): Env {
  return {
    CORE_SIGNING_KEY: secrets.CORE_SIGNING_KEY,
    ENCRYPTION_KEYS: secrets.ENCRYPTION_KEYS,
    ...shopCredentials,
    DATABASE_URL: databaseUrl,
    CORE_URL: `127.0.0.1:${ports.core}`,
    SHOPIFY_APP_URL: publicUrl,
    FILES_DIR: fromData('files'),
    // Only the environment sends calls for Shopify's hosts to the emulator; the code does not know it.
    ...shop.environment,
  };
}

/** The emulator's line of JSON in what it has printed, once it is there. */
export function readShopAddress(output: string): ShopAddress | undefined {
  for (const line of output.split('\n')) {
    if (!line.startsWith('{') || !line.endsWith('}')) continue;
    const address = shopAddress.safeParse(JSON.parse(line));
    if (address.success) return address.data;
  }
  return undefined;
}

function needed(process: keyof typeof entries): string {
  const file = fromRoot(entries[process]);
  if (!existsSync(file)) throw new Problem(`${entries[process]} is missing from this checkout.`);
  return file;
}

/** SERVING in grpc.health.v1; its enum is of a package of its own. */
const serving = '1';

async function coreAnswers(port: number): Promise<boolean> {
  const channel = createChannel(`127.0.0.1:${port}`);
  try {
    await waitForChannelReady(channel, new Date(Date.now() + 1_000));
    const { status } = await createClient(HealthDefinition, channel).check({ service: '' });
    return String(status) === serving;
  } catch {
    return false;
  } finally {
    channel.close();
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** The version that package.json names, for the banner. */
export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
