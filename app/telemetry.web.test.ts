import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSentry } from '#core/testing/sentry.ts';
import { closeAll } from './lifecycle.server.ts';
import { inWork, nameInWork, newWork } from './work-context.server.ts';

const merchantId = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';
const customerId = '1c9f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6b';

async function listen(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { port, close };
}

const bug = () => new Error('the drawer is empty');

let sentry: Awaited<ReturnType<typeof startSentry>>;
let web: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  sentry = await startSentry();
  Object.assign(process.env, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    CORE_SIGNING_KEY: 'a-signing-key-of-some-length',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    SHOPIFY_API_KEY: 'test-client-id',
    SHOPIFY_API_SECRET: 'test-client-secret-of-length',
    SHOPIFY_APP_URL: 'http://localhost:3000',
    SENTRY_DSN: sentry.dsn,
  });
  const { reportError, startTelemetry } = await import('./telemetry.server.ts');
  await startTelemetry('web');
  web = await listen((_request, response) => {
    void inWork(newWork('a-request'), async () => {
      nameInWork({ merchantId, customerId });
      await reportError(bug());
      response.end();
    });
  });
});
afterAll(async () => {
  await web.close();
  sentry.close();
});

test('an error is reported with its shop and customer, and with nothing of the request', async () => {
  const address = `http://127.0.0.1:${web.port}/proxy/redeem`;
  await fetch(`${address}?logged_in_customer_id=990077001&signature=5f3759df5f3759df`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer header.of-a-token.signature',
      cookie: 'loyalnest_console=a-session',
      'user-agent': 'the-browser-of-a-shopper',
      'x-forwarded-for': '203.0.113.77',
    },
    body: 'email=ada@shopper.example',
  });
  // Flushes pending reports.
  await closeAll();
  expect(sentry.reports).toHaveLength(1);
  const [report] = sentry.reports;
  expect(report?.exception.values).toMatchObject([{ type: 'Error', value: 'the drawer is empty' }]);
  expect(report?.tags).toEqual({
    process: 'web',
    request_id: 'a-request',
    merchant_id: merchantId,
    customer_id: customerId,
  });
  for (const part of ['request', 'user', 'breadcrumbs'] as const)
    expect(Object.keys(report?.[part] ?? {}), part).toEqual([]);
  for (const secret of [
    '990077001',
    '5f3759df',
    'of-a-token',
    'a-session',
    'browser-of-a-shopper',
    '203.0.113.77',
    'ada@shopper',
  ])
    expect(sentry.sent(), secret).not.toContain(secret);
});
