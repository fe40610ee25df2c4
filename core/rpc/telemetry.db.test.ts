import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createChannel } from 'nice-grpc';
import { expect, test } from 'vitest';
import { freePorts, makeSecrets, startProcess } from '#e2e/load/processes.ts';
import { corePlan } from '#infra/local/services.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import { createCallers } from '../testing/core.ts';

interface Span {
  readonly traceId: string;
  readonly name: string;
  readonly attributes: {
    readonly key: string;
    readonly value: { readonly stringValue?: string };
  }[];
}

interface Export {
  readonly resourceSpans: { readonly scopeSpans: { readonly spans: Span[] }[] }[];
}

/** Where an OpenTelemetry collector would be: what was exported to it, by its path. */
async function startCollector() {
  const traces: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/v1/traces') traces.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => traces.join('\n'),
    spans: () =>
      traces
        .flatMap((body) => (JSON.parse(body) as Export).resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('a call’s trace has its SQL statements, without the values that they were sent with', async () => {
  const collector = await startCollector();
  const database = await createTestDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-traces-'));
  const secrets = makeSecrets();
  const ports = await freePorts();
  const core = await startProcess(corePlan(ports, database.appUrl, secrets), folder, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
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
    .flatMap(({ attributes }) => attributes.map(({ value }) => value.stringValue ?? ''));
  expect(statements.filter((statement) => /\bmerchants\b/.test(statement))).not.toEqual([]);
  expect(collector.text()).not.toContain(shopDomain);

  collector.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
