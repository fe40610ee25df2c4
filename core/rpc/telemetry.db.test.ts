import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createChannel } from 'nice-grpc';
import { expect, test } from 'vitest';
import { freePorts, makeSecrets, startProcess } from '#e2e/load/processes.ts';
import { corePlan } from '#infra/local/services.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import { startCollector } from '../testing/collector.ts';
import { createCallers } from '../testing/core.ts';

test('a call’s trace has its SQL statements, without the values that they were sent with', async () => {
  const collector = await startCollector();
  const database = await createTestDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-traces-'));
  const secrets = makeSecrets();
  const ports = await freePorts();
  const core = await startProcess(
    corePlan(ports, database.appUrl, secrets),
    folder,
    collector.environment,
  );
  const channel = createChannel(`127.0.0.1:${ports.core}`);
  const { shopDomain } = await createCallers(channel, secrets.CORE_SIGNING_KEY).installShop();
  channel.close();
  // Exports what has not left yet.
  await core.stop();

  const spans = collector.spans();
  const call = spans.find(({ name }) => name.endsWith('/InstallMerchant'));
  expect(spans.map(({ name }) => name)).toContain(call?.name);
  const statements = spans
    .filter(({ traceId, name }) => traceId === call?.traceId && name.startsWith('pg.query'))
    .flatMap(({ attributes }) => Object.values(attributes).map(String));
  expect(statements.filter((statement) => /\bmerchants\b/.test(statement))).not.toEqual([]);
  expect(collector.text()).not.toContain(shopDomain);

  collector.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
