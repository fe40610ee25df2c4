import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createChannel } from 'nice-grpc';
import pg from 'pg';
import { startCollector } from '#core/testing/collector.ts';
import { createCallers } from '#core/testing/core.ts';
import { freePorts, makeSecrets, startProcess } from '#e2e/load/processes.ts';
import { startRedis } from '#infra/local/redis.ts';
import { corePlan, workerPlan } from '#infra/local/services.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import { clientId, secret, serveRoutes } from './web.ts';

/** Web, worker and core, each sending to a collector; worker and core are processes of their own, as in production. */
export async function startObserved() {
  const collector = await startCollector();
  const database = await createTestDatabase();
  const redis = await startRedis();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-observed-'));
  const secrets = makeSecrets();
  const ports = await freePorts();
  const app = {
    DATABASE_URL: database.appUrl,
    QUEUE_DATABASE_URL: database.queueUrl,
    ...(redis !== undefined && { REDIS_URL: redis.url }),
    CORE_URL: `127.0.0.1:${ports.core}`,
    CORE_SIGNING_KEY: secrets.CORE_SIGNING_KEY,
    ENCRYPTION_KEYS: secrets.ENCRYPTION_KEYS,
    SHOPIFY_API_KEY: clientId,
    SHOPIFY_API_SECRET: secret,
    SHOPIFY_APP_URL: 'http://localhost:3000',
    ...collector.environment,
  };
  const core = await startProcess(corePlan(ports, database.appUrl, secrets), folder, {
    ...collector.environment,
    LOG_LEVEL: 'debug',
  });
  const worker = await startProcess(workerPlan(app), folder);
  Object.assign(process.env, app, { NODE_ENV: 'test', LOG_LEVEL: 'silent' });
  const { startTelemetry } = await import('../telemetry.server.ts');
  await startTelemetry('web');
  const web = await serveRoutes();
  const channel = createChannel(app.CORE_URL);
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  return {
    collector,
    web,
    usesRedis: redis !== undefined,
    /** The queue is gone, for good. */
    async loseQueue() {
      if (redis !== undefined) await redis.kill();
      else await owner.query(`ALTER SCHEMA bullmq RENAME TO gone`);
    },
    /** As the database's owner, whom row security hides all rows from. */
    owner,
    callers: createCallers(channel, secrets.CORE_SIGNING_KEY),
    logs: () => ({ core: core.output(), worker: worker.output() }),
    async stop() {
      channel.close();
      await web.stop();
      await worker.stop();
      await core.stop();
      await owner.end();
      await redis?.stop().catch(() => undefined);
      await database.drop();
      collector.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
