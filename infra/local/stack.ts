import path from 'node:path';
import { build } from './build.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { localSecrets } from './demo-secrets.ts';
import { generate } from './generate.ts';
import { migrate } from './migrate.ts';
import { dataDir } from './paths.ts';
import { choosePort } from './ports.ts';
import { Problem } from './process.ts';
import { appEnv, corePlan, readShopAddress, shopPlan, webPlan, workerPlan } from './services.ts';
import type { NewShop } from './services.ts';
import type { Mode, Ports, Secrets, ShopAddress } from './services.ts';
import { createSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

const usualPorts: Ports = { shop: 4000, tunnel: 4001, proxy: 4002, web: 3000, core: 50_051 };

export interface Stack {
  ports: Ports;
  database: Database;
  /** The shop's admin and storefront for people, and its control API for tools. */
  /** The app's public address, as Shopify and the browser know it. */
  appUrl: string;
  shop: ShopAddress;
  supervisor: Supervisor;
  /** Stops all processes, then the database. */
  stop: () => Promise<void>;
}

export interface StackOptions {
  /** What the shop begins with, when there is none yet. */
  newShop?: NewShop;
  say: (line: string) => void;
  /** Runs a step, showing its name and how long it took. */
  step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** The app's address; without one the emulator's tunnel, which an ordinary browser can open. */
  publicUrl?: string;
  /** Free ports in place of the usual ones. */
  ports?: Ports;
  /** `development` reloads what changes. */
  mode?: Mode;
}

/** The whole product on this machine: database, Shopify emulator, core, web and worker, each seen to be ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { say, step, mode = 'production' } = options;
  const ports = options.ports ?? (await choosePorts(say));
  const supervisor = createSupervisor({
    logDir: path.join(dataDir, 'logs'),
    runDir: path.join(dataDir, 'run'),
    say,
  });
  const undo: (() => Promise<void>)[] = [supervisor.stop];
  const stop = async () => {
    for (const work of undo.splice(0)) await work();
  };
  try {
    await (mode === 'production'
      ? step('Building', () => build({ log: say }))
      : step('Generating', () => generate({ log: say })));
    const secrets = readSecrets();
    const database = await step('Starting PostgreSQL', openDatabase);
    undo.push(database.stop);
    await step('Migrating the database', () => migrateFor(database));
    await step('Starting the Shopify emulator', () =>
      supervisor.start(shopPlan(ports, path.join(dataDir, 'shopify'), options.newShop)),
    );
    const shop = readShopAddress(supervisor.outputOf('shopify-emulator'));
    if (shop === undefined) throw new Problem('The Shopify emulator did not say where it is.');
    await step('Starting core', () =>
      supervisor.start(corePlan(ports, database.appUrl, secrets, mode)),
    );
    const appUrl = options.publicUrl ?? shop.tunnel;
    const env = appEnv(ports, database.appUrl, secrets, shop, appUrl);
    await step('Starting web and worker', async () => {
      await Promise.all([
        supervisor.start(webPlan(env, ports, mode)),
        supervisor.start(workerPlan(env, mode)),
      ]);
    });
    return {
      ports,
      database,
      appUrl,
      shop,
      supervisor,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function migrateFor(database: Database): Promise<void> {
  const redis = process.env.REDIS_URL ?? '';
  await migrate(database.ownerUrl, 'up', {
    partitions: Number(process.env.DB_PARTITIONS ?? 8),
    queue: redis === '',
    ...(database.appUrl === '' ? {} : { appUrl: database.appUrl }),
    ...(database.embedded ? { localData: dataDir } : {}),
  });
}

export async function choosePorts(say: (line: string) => void): Promise<Ports> {
  const used = new Set<number>();
  const choose = (variable: string, usual: number) =>
    choosePort(variable, usual, used, say, Object.values(usualPorts));
  return {
    shop: await choose('EMULATOR_PORT', usualPorts.shop),
    tunnel: await choose('EMULATOR_TUNNEL_PORT', usualPorts.tunnel),
    proxy: await choose('EMULATOR_PROXY_PORT', usualPorts.proxy),
    web: await choose('PORT', usualPorts.web),
    core: await choose('CORE_PORT', usualPorts.core),
  };
}

export function readSecrets(): Secrets {
  const {
    CORE_SIGNING_KEY = '',
    ENCRYPTION_KEYS = '',
    BLIND_INDEX_KEY = '',
  } = localSecrets(dataDir);
  return { CORE_SIGNING_KEY, ENCRYPTION_KEYS, BLIND_INDEX_KEY };
}
