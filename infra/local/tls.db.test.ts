import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCoreChannels } from '#app/core-client/channels.server.ts';
import { openQueues } from '#app/jobs/queue.server.ts';
import { connectRedis } from '#app/redis-connection.server.ts';
import { createCallers } from '#core/testing/core.ts';
import { parseCoreEnv } from '#core/env.ts';
import { startCore } from '#core/rpc/server.ts';
import { migrate } from './migrate.ts';
import { findPgbouncer, findRedis } from './optional-tools.ts';
import { fromRoot } from './paths.ts';
import { startPgbouncer } from './pgbouncer.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { run } from './process.ts';
import { startRedis } from './redis.ts';
import { makeTestCertificate, verified } from './test-certificate.ts';
import type { TestCertificate } from './test-certificate.ts';

const skipsPgbouncer = findPgbouncer() === undefined && process.env.CI !== 'true';
const skipsRedis = findRedis() === undefined && process.env.CI !== 'true';

const isEncrypted = 'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()';

let certificate: TestCertificate;
let foreign: TestCertificate;
let dataDir: string;
let server: EmbeddedPostgres;
let ownerUrl: string;
let appUrl: string;

beforeAll(async () => {
  certificate = await makeTestCertificate();
  foreign = await makeTestCertificate();
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-tls-'));
  chmodSync(dataDir, 0o755);
  server = await startEmbeddedPostgres({
    dataDir,
    durable: false,
    settings: [
      'ssl=on',
      `ssl_cert_file=${certificate.certFile}`,
      `ssl_key_file=${certificate.keyFile}`,
      // As a careless operator sets it: whatever a statement says is in the log.
      'log_statement=all',
      'log_min_duration_statement=0',
    ],
  });
  ownerUrl = verified(server.ownerUrl, certificate);
  const app = new URL(ownerUrl);
  app.username = 'loyalnest_app';
  app.password = encodeURIComponent(`p"a'ss ${randomBytes(12).toString('hex')} é`);
  appUrl = app.toString();
}, 120_000);
afterAll(async () => {
  await server.stop();
  await removeCluster(dataDir);
  certificate.remove();
  foreign.remove();
});

describe('sslmode=verify-full with sslrootcert, in one URL,', () => {
  it('migrates and connects encrypted', async () => {
    await migrate(ownerUrl, 'up', { partitions: 2, appUrl, queue: true });
    const status = await migrate(ownerUrl, 'status');
    expect(status).toMatch(/Pending: 0/);
    const { rows } = await withClient(appUrl, (client) =>
      client.query<{ ssl: boolean; version: string }>(isEncrypted),
    );
    expect(rows[0]?.ssl).toBe(true);
    expect(rows[0]?.version).toMatch(/^TLSv1\.[23]$/);
  }, 120_000);

  it.each([
    [
      'another authority',
      () => verified(server.ownerUrl, foreign),
      /self.signed|unknown authority/i,
    ],
    [
      'a name that is not in the certificate',
      () => {
        const url = new URL(ownerUrl);
        url.hostname = '127.0.0.1';
        return url.toString();
      },
      /localhost|127\.0\.0\.1|IP SANs/,
    ],
  ])('is refused by driver and migrator with %s', async (_, urlOf, reason) => {
    const url = urlOf();
    await expect(withClient(url, (client) => client.query('select 1'))).rejects.toThrow(reason);
    const folder = fromRoot('prisma/migrations');
    const dbmate = await run('dbmate', ['--migrations-dir', folder, '--env', 'URL_OF', 'status'], {
      cwd: folder,
      env: { ...process.env, URL_OF: url },
    });
    expect(dbmate.code).not.toBe(0);
    expect(dbmate.output).toMatch(/x509|certificate/);
  });

  it('is kept by core, which serves encrypted too', async () => {
    const env = parseCoreEnv({
      NODE_ENV: 'test',
      DATABASE_URL: appUrl,
      CORE_PORT: '0',
      CORE_TLS: 'on',
      CORE_TLS_CERT_FILE: certificate.certFile,
      CORE_TLS_KEY_FILE: certificate.keyFile,
      CORE_SIGNING_KEY: randomBytes(24).toString('hex'),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      BLIND_INDEX_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'fatal',
    });
    const core = await startCore(env);
    const channelsFor = (authorities: string | undefined, tls: boolean) => {
      const target = `dns:///localhost:${core.port}`;
      const targets = {
        points: target,
        referrals: target,
        analytics: target,
        admin: target,
        frontend: target,
      };
      return openCoreChannels({ targets, tls, authorities });
    };
    const install = async (authorities: string | undefined, tls = true) => {
      const channels = channelsFor(authorities, tls);
      try {
        await createCallers(channels.of('admin'), env.CORE_SIGNING_KEY).installShop();
      } finally {
        channels.close();
      }
    };
    try {
      await expect(install(certificate.certFile)).resolves.toBeUndefined();
      await expect(install(foreign.certFile)).rejects.toMatchObject({ status: 14 });
      await expect(install(undefined)).rejects.toMatchObject({ status: 14 });
      await expect(install(undefined, false)).rejects.toMatchObject({ status: 14 });
    } finally {
      await core.stop();
    }
  });

  it.skipIf(skipsPgbouncer)('holds on both sides of the pooler', async () => {
    const plain = new URL(appUrl);
    const pooler = await startPgbouncer(plain.toString(), {
      environment: {
        DB_HOST: 'localhost',
        SERVER_TLS: 'verify-full',
        SERVER_AUTHORITIES: certificate.certFile,
        CLIENT_TLS: 'require',
        CLIENT_TLS_CERT_FILE: certificate.certFile,
        CLIENT_TLS_KEY_FILE: certificate.keyFile,
      },
    });
    try {
      const through = pooler?.through(appUrl) ?? '';
      const { rows } = await withClient(through, (client) => client.query(isEncrypted));
      expect(rows).toMatchObject([{ ssl: true }]);
      const unencrypted = through.replace('verify-full', 'disable');
      await expect(withClient(unencrypted, (client) => client.query('select 1'))).rejects.toThrow(
        /SSL|TLS/,
      );
    } finally {
      await pooler?.stop();
    }
  });
});

describe.skipIf(skipsRedis)('rediss:// with sslrootcert', () => {
  it('connects encrypted, and to no other server', async () => {
    const redis = await startRedis({ tls: certificate });
    const plain = redis?.url ?? '';
    const ping = async (url: string) => {
      const client = connectRedis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null });
      const failure = new Promise<never>((_, reject) => client.once('error', reject));
      try {
        return await Promise.race([client.ping(), failure]);
      } finally {
        client.disconnect();
      }
    };
    try {
      expect(await ping(verified(plain, certificate))).toBe('PONG');
      await expect(ping(verified(plain, foreign))).rejects.toThrow(/self.signed/i);
      await expect(ping(plain.replace('redis:', 'rediss:'))).rejects.toThrow(/self.signed/i);
    } finally {
      await redis?.stop();
    }
  });
});

describe('jobs', () => {
  it.each([
    ['PostgreSQL', () => Promise.resolve(undefined)],
    ['Redis', () => startRedis({ tls: certificate })],
  ] as const)('are queued and worked on encrypted in %s', async (name, start) => {
    const redis = await start();
    if (name === 'Redis' && redis === undefined) return;
    const errors: Error[] = [];
    const queues = openQueues({
      redisUrl: redis === undefined ? undefined : verified(redis.url, certificate),
      databaseUrl: appUrl,
      onError: (error) => errors.push(error),
    });
    try {
      const done = new Promise<unknown>((resolve) => {
        void queues.work('shopify', 1, ({ data }) => Promise.resolve(resolve(data)));
      });
      const data = { merchantId: randomUUID(), shop: 'a.myshopify.com' };
      await queues.enqueue('install-shop', data);
      expect(await done).toEqual(data);
      expect(errors).toEqual([]);
    } finally {
      await queues.close();
      await redis?.stop();
    }
  });
});

describe('the log of PostgreSQL', () => {
  it('holds no password, however much of each statement it keeps', async () => {
    const log = readFileSync(server.logFile, 'utf8');
    expect(log).toMatch(/alter role .?loyalnest_app.? with login password 'SCRAM-SHA-256\$/i);
    for (const url of [ownerUrl, appUrl, server.adminUrl]) {
      const password = decodeURIComponent(new URL(url).password);
      expect(log).not.toContain(password);
      expect(log).not.toContain(password.replaceAll("'", "''"));
    }
  });
});
