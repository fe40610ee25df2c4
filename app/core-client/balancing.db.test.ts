import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseCoreEnv } from '#core/env.ts';
import { startCore } from '#core/rpc/server.ts';
import type { RunningCore } from '#core/rpc/server.ts';
import { freePorts, makeSecrets, startProcess } from '#e2e/load/processes.ts';
import { freePort } from '#infra/local/postgres.ts';
import { corePlan } from '#infra/local/services.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { openCoreChannels } from './channels.server.ts';
import { createCoreConnection } from './clients.server.ts';
import { coreServices } from './core-address.ts';
import type { CoreService } from './core-address.ts';
import { CoreError } from './errors.server.ts';

const secrets = makeSecrets();
let database: TestDatabase;
const cleanups: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
afterAll(() => database.drop());

interface CountedCore extends RunningCore {
  /** Calls that it was asked, by service. */
  readonly calls: Map<string, number>;
}

async function startCounted(
  host: string,
  port = 0,
  overrides: Readonly<Record<string, string>> = {},
): Promise<CountedCore> {
  const calls = new Map<string, number>();
  const logger = pino(
    { level: 'debug' },
    {
      write(line: string) {
        const [, service] = /"method":"\/([\w.]+)\//.exec(line) ?? [];
        if (service !== undefined) calls.set(service, (calls.get(service) ?? 0) + 1);
      },
    },
  );
  const env = parseCoreEnv({
    NODE_ENV: 'test',
    DATABASE_URL: database.appUrl,
    CORE_HOST: host,
    CORE_PORT: String(port),
    DATABASE_POOL_SIZE: '4',
    ...secrets,
    ...overrides,
  });
  const core = await startCore(env, { logger });
  cleanups.push(() => core.stop());
  return { ...core, calls };
}

/** The application's own clients, of cores at one address, or at one of each service. */
function connect(targets: string | Readonly<Partial<Record<CoreService, string>>>) {
  const channels = openCoreChannels({
    targets: Object.fromEntries(
      coreServices.map((service) => [
        service,
        typeof targets === 'string' ? targets : (targets[service] ?? 'ipv4:127.0.0.1:1'),
      ]),
    ) as Record<CoreService, string>,
    tls: false,
  });
  cleanups.push(() => channels.close());
  const connection = createCoreConnection(channels, secrets.CORE_SIGNING_KEY);
  const platform = connection.clientsFor({
    merchantId: null,
    actor: 'system',
    scopes: ['platform'],
  });
  const clientsFor = (merchantId: string) =>
    connection.clientsFor({ merchantId, actor: 'system', scopes: ['system'] });
  return { platform, clientsFor };
}

async function installShop({ platform, clientsFor }: ReturnType<typeof connect>) {
  const { merchant } = await platform.admin.installMerchant({
    shopDomain: `balance-${randomBytes(4).toString('hex')}.myshopify.com`,
    name: 'A shop',
    currency: 'USD',
    timezone: 'UTC',
    locale: 'en',
  });
  return clientsFor(merchant?.merchantId ?? '');
}

const admin = 'admin.v1.AdminService';

describe('calls to several cores', () => {
  it('go to each in turn', async () => {
    const cores = [await startCounted('127.0.0.1'), await startCounted('127.0.0.1')];
    const shop = await installShop(
      connect(`ipv4:${cores.map(({ port }) => `127.0.0.1:${port}`).join(',')}`),
    );
    await expect
      .poll(async () => {
        await shop.admin.getSettings({});
        return cores.every(({ calls }) => (calls.get(admin) ?? 0) > 0);
      })
      .toBe(true);
    for (const { calls } of cores) calls.clear();
    await Promise.all(Array.from({ length: 200 }, () => shop.admin.getSettings({})));
    expect(cores.map(({ calls }) => calls.get(admin))).toEqual([100, 100]);
  });

  it('go to the core of their service, where each service has an address', async () => {
    const [ofPoints, ofAdmin, ofAnalytics, ofFrontend] = await Promise.all(
      ['points', 'admin', 'analytics', 'frontend'].map((name) =>
        startCounted('127.0.0.1', 0, { CORE_SERVICES: name }),
      ),
    );
    const at = (core: CountedCore | undefined) => `ipv4:127.0.0.1:${core?.port}`;
    const shop = await installShop(
      connect({
        points: at(ofPoints),
        admin: at(ofAdmin),
        analytics: at(ofAnalytics),
        frontend: at(ofFrontend),
      }),
    );
    await shop.points.listEntries({});
    await shop.analytics.getSegments({});
    expect([...(ofPoints?.calls.keys() ?? [])]).toEqual(['points.v1.PointsService']);
    expect([...(ofAdmin?.calls.keys() ?? [])]).toEqual([admin]);
    expect([...(ofAnalytics?.calls.keys() ?? [])]).toEqual(['analytics.v1.AnalyticsService']);
    expect([...(ofFrontend?.calls.keys() ?? [])]).toEqual([]);
  });

  it('reach a core that joins under the same name, without a call that fails', async () => {
    const addresses = ['127.0.0.1'];
    const lookup = vi.spyOn(dns.promises, 'lookup') as unknown as {
      mockImplementation(answer: () => Promise<{ address: string; family: number }[]>): void;
    };
    lookup.mockImplementation(() =>
      Promise.resolve(addresses.map((address) => ({ address, family: 4 }))),
    );
    const port = await freePort();
    const young = { CORE_MAX_CONNECTION_AGE_MS: '1000' };
    const first = await startCounted('127.0.0.1', port, young);
    const shop = await installShop(connect(`dns:///core.example:${port}`));
    const second = await startCounted('127.0.0.2', port, young);
    addresses.push('127.0.0.2');
    const until = Date.now() + 15_000;
    while ((second.calls.get(admin) ?? 0) < 20 && Date.now() < until) {
      await Promise.all(Array.from({ length: 4 }, () => shop.admin.getSettings({})));
      await pause(10);
    }
    expect(second.calls.get(admin)).toBeGreaterThanOrEqual(20);
    expect(first.calls.get(admin)).toBeGreaterThan(20);
  }, 30_000);
});

describe('a core that goes', () => {
  it('takes no call with it that may be repeated, and no award twice or not at all', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-cores-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const start = async (port: number) => {
      const plan = corePlan({ ...(await freePorts()), core: port }, database.appUrl, secrets);
      const core = await startProcess(plan, folder);
      cleanups.push(() => core.kill());
      return core;
    };
    const ports = [await freePort(), await freePort()] as const;
    const [doomed] = await Promise.all(ports.map((port) => start(port)));
    const shop = await installShop(
      connect(`ipv4:${ports.map((port) => `127.0.0.1:${port}`).join(',')}`),
    );
    const { customerId } = await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '1', email: 'busy@example.com' },
      trigger: 'created',
    });
    let isOver = false;
    let reads = 0;
    let awards = 0;
    const failures: unknown[] = [];
    const award = async (idempotencyKey: string): Promise<void> => {
      for (;;) {
        try {
          await shop.points.earnPoints({ award: { customerId, points: 1, idempotencyKey } });
          awards += 1;
          return;
        } catch (error) {
          if (!(error instanceof CoreError) || error.code !== 'unavailable') throw error;
        }
      }
    };
    const callers = Array.from({ length: 16 }, async (_, caller) => {
      for (let nth = 0; !isOver; nth += 1) {
        await (
          caller % 2 === 0
            ? shop.admin.getSettings({}).then(() => (reads += 1))
            : award(`going/${caller}/${nth}`)
        ).catch((error: unknown) => failures.push(error));
      }
    });
    const work = async () => {
      const before = reads + awards;
      await expect.poll(() => reads + awards, { timeout: 20_000 }).toBeGreaterThan(before + 200);
    };
    await work();
    await doomed?.kill();
    await work();
    const again = await start(ports[0]);
    await work();
    // Asked to end, it finishes what it was asked.
    await again.stop();
    await work();
    isOver = true;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    const { balance } = await shop.points.getPointsBalance({ customerId });
    expect(balance?.balance).toBe(awards);
  }, 90_000);
});
