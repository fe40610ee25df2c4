import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { build } from '#infra/local/build.ts';
import { withClient } from '#infra/local/postgres.ts';
import { appEnv, corePlan, webPlan, workerPlan } from '#infra/local/services.ts';
import type { Secrets, ShopAddress } from '#infra/local/services.ts';
import { control, openAppInAdmin } from '#infra/local/shop-endpoints.ts';
import type { ShopEndpoints } from '#infra/local/shop-endpoints.ts';
import type { BenchDatabase } from './bench-database.ts';
import { stopAtEnd } from './cleanup.ts';
import { shopDomain } from './deliveries.ts';
import type { OrderBody } from './deliveries.ts';
import { freePorts, makeSecrets, startProcess } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { startShops } from './shops.ts';
import type { Shops } from './shops.ts';

export type ServiceName = 'core' | 'web' | 'worker';

/** The whole product as production processes on a database of its own, installed at the emulator's shop. */
export interface Product {
  readonly shop: ShopAddress;
  readonly webUrl: string;
  /** Of its gRPC server. */
  readonly coreAddress: string;
  readonly secrets: Secrets;
  readonly merchantId: string;
  /** Another shop that has installed it, where one was asked for. */
  readonly neighbor:
    | { readonly shop: ShopAddress; readonly merchantId: string; readonly domain: string }
    | undefined;
  /** The process currently running under this name. */
  process(name: ServiceName): RunningProcess;
  start(name: ServiceName): Promise<void>;
  /** An order's body as this shop sends it, in Shopify's documented full shape. */
  readonly orderBody: OrderBody;
  /** The body of a refund of that order's first line. */
  readonly refundBody: OrderBody;
  /** The environment of web and worker. */
  readonly appEnv: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const body = z.record(z.string(), z.unknown());
const placed = z.object({ order: body.and(z.object({ id: z.number() })) });
const refunded = z.object({ refund: body });
const readyWithinMs = 60_000;

/** The pooler and Redis for the product; without them it uses only the server. */
export interface Surroundings {
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  /** What core's environment has beside the usual. */
  readonly coreEnv?: Readonly<Record<string, string>>;
  /** Of Node.js, for each of the three. */
  readonly nodeFlags?: readonly string[];
  /** The domain of another shop at Shopify. */
  readonly neighbor?: string;
  /** The app's address for a browser that goes through the emulator's proxy; else its tunnel. */
  readonly publicUrl?: string;
}

export async function startProduct(
  database: BenchDatabase,
  {
    databaseUrl = database.appUrl,
    redisUrl,
    coreEnv = {},
    nodeFlags = [],
    neighbor: neighborDomain,
    publicUrl,
  }: Surroundings = {},
): Promise<Product> {
  await build();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-product-'));
  const ports = await freePorts();
  const secrets = makeSecrets();
  const running = new Map<string, RunningProcess>();
  let shops: Shops | undefined;
  const stop = stopAtEnd(async () => {
    // Callers are stopped before what they call.
    for (const name of ['worker', 'web', 'core']) await running.get(name)?.stop();
    await shops?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    shops = await startShops(ports, folder, neighborDomain);
    const { shop, neighbor } = shops;
    const environment = { ...shops.environment };
    const env = {
      ...appEnv(ports, databaseUrl, secrets, { ...shop, environment }, publicUrl ?? shop.tunnel),
      FILES_DIR: path.join(folder, 'files'),
      // The queue uses LISTEN, which no pooler supports.
      ...(redisUrl === undefined
        ? { QUEUE_DATABASE_URL: database.appUrl }
        : { REDIS_URL: redisUrl }),
    };
    const plans = {
      core: corePlan(ports, databaseUrl, secrets),
      web: webPlan(env, ports),
      // Web and core answer people; background work gets a lower priority.
      worker: workerPlan({ ...env, WORKER_NICE: '10' }),
    };
    const start = async (name: ServiceName) => {
      const plan = { ...plans[name], args: [...nodeFlags, ...plans[name].args] };
      running.set(name, await startProcess(plan, folder, name === 'core' ? coreEnv : {}));
    };
    await start('core');
    await Promise.all([start('web'), start('worker')]);
    const endpoints = { shop, appUrl: shop.tunnel };
    const merchantId = await install(database, endpoints, shopDomain);
    shops.filesAreOf('neighbor');
    const neighborId =
      neighbor === undefined
        ? ''
        : await install(database, { shop: neighbor, appUrl: shop.tunnel }, neighborDomain ?? '');
    shops.filesAreOf('shop');
    const customer = 'ada@shopper.example';
    const lines = [{ product: 'gift-box' }, { product: 'mint-tea', quantity: 2 }];
    const { order } = await control(endpoints, 'order', { customer, lines, wait: true }, placed);
    const { refund } = await control(
      endpoints,
      'refund',
      { order: order.id, lines: [{ index: 0 }], wait: true },
      refunded,
    );
    return {
      shop,
      webUrl: `http://127.0.0.1:${ports.web}`,
      coreAddress: `127.0.0.1:${ports.core}`,
      secrets,
      merchantId,
      neighbor:
        neighbor === undefined
          ? undefined
          : { shop: neighbor, merchantId: neighborId, domain: neighborDomain ?? '' },
      orderBody: order,
      refundBody: refund,
      appEnv: env,
      process(name) {
        const found = running.get(name);
        if (found === undefined) throw new Error(`${name} is not running`);
        return found;
      },
      start,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the shop's tenant, once the app was opened there and its first sync is over */
async function install(
  database: BenchDatabase,
  endpoints: ShopEndpoints,
  domain: string,
): Promise<string> {
  const page = await openAppInAdmin(endpoints);
  if (!page.ok) throw new Error(`the app answered ${page.status} when it was opened`);
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    const { rows } = await withClient(database.adminUrl, (client) =>
      client.query<{ merchant_id: string }>(
        `SELECT m.merchant_id FROM merchants m JOIN sync_runs s USING (merchant_id)
         WHERE m.shopify_domain = $1 AND s.status = 'completed'`,
        [domain],
      ),
    );
    const merchantId = rows[0]?.merchant_id;
    if (merchantId !== undefined) return merchantId;
    await sleep(250);
  }
  throw new Error('the shop was not synchronized');
}

/** Waits until everything accepted has been processed. @returns false on timeout. */
export async function untilDrained(
  database: BenchDatabase,
  withinMs: number,
  olderThan = new Date(Date.now() + 1_000),
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  return withClient(database.adminUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ left: string }>(
        `SELECT count(*) AS left FROM webhook_inbox
         WHERE status IN ('received', 'processing') AND received_at < $1`,
        [olderThan],
      );
      if (rows[0]?.left === '0') return true;
      if (Date.now() > deadline) return false;
      await sleep(250);
    }
  });
}
