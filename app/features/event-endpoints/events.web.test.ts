import { createHmac, randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { relayOutbox } from '../../jobs/outbox-relay.ts';
import type { JobServices } from '../../jobs/services.ts';
import { startTestShopify, type ShopifyUnderTest } from '../../testing/shopify.ts';
import { shop, startTestWeb } from '../../testing/web.ts';
import { postEvent } from './post-event.server.ts';
import { recordEvents } from './record-events.ts';
import { eventsSent, sendEvents } from './send-events.ts';
import type { PublicEvent } from '#vocabulary/public-events.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let services: JobServices;
let admin: CoreClients['admin'];
let receiver: Server;
let origin: string;
let merchant: string;
let now = Date.parse('2026-06-01T12:00:00Z');
let received: Received[] = [];
let answer: (response: ServerResponse, path: string) => void;

const status = (code: number, headers: Record<string, string> = {}, body = '') => {
  answer = (response) => response.writeHead(code, headers).end(body);
};

beforeAll(async () => {
  web = await startTestWeb({ clock: () => new Date(now) });
  shopify = await startTestShopify({ appUrl: 'http://127.0.0.1:9', seed: 'none' });
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, url = '' } = request;
      received.push({ headers, body: Buffer.concat(chunks).toString(), path: url });
      answer(response, url);
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  services = { ...(await shopify.services()), now: () => now, eventOrigins: [origin] };
  const { merchantId } = await web.core.installShop(shop);
  ({ admin } = services.core(merchantId));
  merchant = merchantId;
}, 60_000);
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await shopify.stop();
  await web.stop();
});

beforeEach(async () => {
  now += 7 * 86_400_000;
  received = [];
  status(200);
  for (const { endpointId } of (await admin.listEventEndpoints({})).endpoints)
    await admin.deleteEventEndpoint({ endpointId });
});

async function endpoint(events: PublicEvent[] = ['points.earned'], path = '/hooks') {
  const created = await admin.createEventEndpoint({
    creationKey: randomUUID(),
    url: `${origin}${path}`,
    description: 'of a test',
    events,
  });
  return { endpointId: created.endpoint?.endpointId ?? '', secret: created.secret };
}

async function send(): Promise<void> {
  while (await sendEvents(services)) await eventsSent();
}

async function relay(): Promise<void> {
  const { platform, queues } = services;
  await relayOutbox(
    {
      platform,
      queues: { ...queues, enqueueAll: () => Promise.resolve() },
      analytics: { capture: () => undefined },
      now,
      recordFor: (events) => recordEvents(events, services),
    },
    { jobs: [], analytics: [], views: () => [] },
  );
}

/** What the worker does in a moment. */
async function work(): Promise<void> {
  await relay();
  await send();
}

const log = async (endpointId: string) =>
  (await admin.listEventDeliveries({ endpointId })).deliveries;
async function sendTest(endpointId: string): Promise<void> {
  await admin.sendTestEvent({ endpointId, type: 'points.earned' });
  await send();
}

function isSigned({ headers, body }: Received, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': all } = headers;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest('base64');
  return String(all).split(' ').includes(`v1,${expected}`);
}

async function earn(points: number) {
  const shopifyCustomerId = String(Math.floor(Math.random() * 1e9) + 1);
  const { customerId } = await admin.upsertCustomer({
    customer: {
      shopifyCustomerId,
      firstName: 'Ada',
      email: `${shopifyCustomerId}@shopper.example`,
    },
    trigger: 'updated',
  });
  await services
    .core(merchant)
    .points.earnPoints({ award: { customerId, points, idempotencyKey: randomUUID() } });
  return { customerId, shopifyCustomerId };
}

describe('an event', () => {
  test('reaches its endpoint once, signed, with ids and without anything personal', async () => {
    const { endpointId, secret } = await endpoint();
    const { customerId, shopifyCustomerId } = await earn(70);
    await work();
    await work();
    expect(received).toHaveLength(1);
    const [request] = received;
    expect(request !== undefined && isSigned(request, secret)).toBe(true);
    expect(request?.headers['webhook-id']).toMatch(/^msg_[0-9a-f-]{36}$/);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'points.earned',
      version: 1,
      data: { customer: { id: customerId, shopify_id: shopifyCustomerId }, points: 70 },
    });
    expect(request?.body).not.toMatch(/Ada|shopper\.example/);
    expect(await log(endpointId)).toMatchObject([
      { status: 'delivered', attempts: 1, answerStatus: 200, failure: '' },
    ]);
  });

  test('goes to those alone that asked for it', async () => {
    await endpoint(['tier.changed']);
    await earn(5);
    await work();
    expect(received).toEqual([]);
  });

  test('waits while its endpoint is paused', async () => {
    const { endpointId } = await endpoint();
    await admin.setEventEndpointStatus({ endpointId, status: 'paused' });
    await earn(5);
    await work();
    expect(received).toEqual([]);
    await admin.setEventEndpointStatus({ endpointId, status: 'active' });
    await work();
    expect(received).toHaveLength(1);
  });

  test('is sent again with the same id until it is taken', async () => {
    const { endpointId } = await endpoint();
    status(500, {}, 'boom\u0000\u0007');
    await earn(5);
    await work();
    expect(await log(endpointId)).toMatchObject([
      {
        status: 'queued',
        attempts: 1,
        failure: 'answer',
        answerStatus: 500,
        answerExcerpt: 'boom',
      },
    ]);
    await send();
    expect(received).toHaveLength(1);
    status(204);
    now += 6_000;
    await send();
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(2).fill(received[0]?.headers['webhook-id']),
    );
    expect(received[1]?.body).toBe(received[0]?.body);
    expect(await log(endpointId)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });

  test('whose worker died is sent by another when the lease is over', async () => {
    const { endpointId } = await endpoint();
    await admin.sendTestEvent({ endpointId, type: 'points.earned' });
    await services.platform.claimEventDeliveries({ limit: 10, leaseSeconds: 60 });
    await send();
    expect(received).toEqual([]);
    now += 61_000;
    await send();
    expect(received).toHaveLength(1);
  });

  test('can be replayed, all since a time or what failed alone', async () => {
    const { endpointId } = await endpoint();
    await earn(5);
    await work();
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect(await admin.replayEvents({ endpointId, since, onlyFailed: true })).toEqual({
      queued: 0,
    });
    expect(await admin.replayEvents({ endpointId, since })).toEqual({ queued: 1 });
    await send();
    expect(received).toHaveLength(2);
    expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);
  });
});

test('A failed event is retried by hand, and by its own endpoint alone', async () => {
  const { endpointId } = await endpoint();
  const other = await endpoint();
  status(500);
  await sendTest(endpointId);
  const [failed] = await log(endpointId);
  expect(failed).toMatchObject({ status: 'failed', attempts: 1, isTest: true });
  const eventDeliveryId = failed?.eventDeliveryId ?? '';
  await expect(
    admin.retryEventDelivery({ eventDeliveryId, endpointId: other.endpointId }),
  ).rejects.toMatchObject({ code: 'not_found' });
  status(200);
  await admin.retryEventDelivery({ eventDeliveryId, endpointId });
  await send();
  expect(await log(endpointId)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
});

test('Pressed twice, the button makes one endpoint, whose secret is told once', async () => {
  const request = {
    creationKey: randomUUID(),
    url: `${origin}/hooks`,
    events: ['points.earned'],
  };
  const first = await admin.createEventEndpoint(request);
  const second = await admin.createEventEndpoint(request);
  expect(first.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(second.secret).toBe('');
  expect((await admin.listEventEndpoints({})).endpoints).toHaveLength(1);
  const { rows } = await web.core.outside.query<{ secret: string }>(
    `SELECT encode(secret, 'escape') AS secret FROM event_endpoints WHERE endpoint_id = $1`,
    [request.creationKey],
  );
  expect(rows[0]?.secret).not.toContain(first.secret.slice(6));
});

describe('an endpoint', () => {
  test('whose secret is rotated is signed by both for a day', async () => {
    const { endpointId, secret } = await endpoint();
    const rotated = await admin.rotateEventSecret({ endpointId, secretVersion: 1 });
    const signers = () =>
      [secret, rotated.secret].map((one) => received.map((request) => isSigned(request, one)));
    await sendTest(endpointId);
    expect(signers()).toEqual([[true], [true]]);
    await expect(admin.rotateEventSecret({ endpointId, secretVersion: 1 })).rejects.toMatchObject({
      code: 'edit_conflict',
    });
    now += 25 * 3_600_000;
    await sendTest(endpointId);
    expect(signers()).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  test('that answers 410 is disabled, and takes nothing until it is resumed', async () => {
    const { endpointId } = await endpoint();
    status(410);
    await earn(5);
    await work();
    const { endpoints } = await admin.listEventEndpoints({});
    expect(endpoints).toMatchObject([{ status: 'disabled', disabledReason: 'gone' }]);
    status(200);
    await earn(5);
    await work();
    expect(received).toHaveLength(1);
    await admin.setEventEndpointStatus({ endpointId, status: 'active' });
    await sendTest(endpointId);
    expect(received).toHaveLength(2);
  });

  test('that does not answer holds up no other, and has few under way', async () => {
    await endpoint(['points.earned'], '/hangs');
    const { endpointId } = await endpoint(['points.earned'], '/answers');
    const held: ServerResponse[] = [];
    answer = (response, path) => {
      if (path === '/answers') response.writeHead(200).end();
      else held.push(response);
    };
    for (let count = 0; count < 8; count += 1) await earn(5);
    await relay();
    await vi.waitFor(async () => {
      await sendEvents(services);
      expect((await log(endpointId)).map((one) => one.status)).toEqual(Array(8).fill('delivered'));
    }, 5_000);
    expect(held).toHaveLength(4);
    status(200);
    for (const response of held) response.writeHead(200).end();
    await send();
    await eventsSent();
  });

  test('is kept to its shop: another one does not find it', async () => {
    const { endpointId } = await endpoint();
    const other = await web.core.installShop('other-events.myshopify.com');
    await expect(
      services.core(other.merchantId).admin.sendTestEvent({ endpointId, type: 'points.earned' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an answer', () => {
  const posted = (url: string, timeoutMs = 300) =>
    postEvent(url, { 'webhook-id': 'msg_1' }, '{}', { allowedOrigins: [origin], timeoutMs });

  test('of a redirect is a failure, and no one is asked where it leads to', async () => {
    status(302, { location: `${origin}/elsewhere` });
    expect(await posted(`${origin}/hooks`)).toMatchObject({
      failure: 'redirect',
      answerStatus: 302,
    });
    expect(received.map(({ path }) => path)).toEqual(['/hooks']);
  });

  test('that never begins, or never ends, is a timeout', async () => {
    answer = () => undefined;
    expect(await posted(`${origin}/hooks`)).toMatchObject({ failure: 'timeout', answerStatus: 0 });
    answer = (response) => response.writeHead(200).write('and then');
    expect(await posted(`${origin}/hooks`)).toMatchObject({ failure: 'timeout' });
  });

  test('that is endless is read to a few kilobytes', async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
      };
      response.on('drain', more);
      more();
    };
    const { answerExcerpt, failure } = await posted(`${origin}/hooks`, 5_000);
    expect([failure, answerExcerpt.length]).toEqual(['', 500]);
  });

  test('that is no HTTP, or none at all, is a failed connection', async () => {
    answer = (response) => response.socket?.end('garbage\r\n\r\n');
    expect(await posted(`${origin}/hooks`)).toMatchObject({ failure: 'connection' });
    answer = (response) => response.socket?.destroy();
    expect(await posted(`${origin}/hooks`)).toMatchObject({ failure: 'connection' });
  });

  test('asking for time is heard', async () => {
    status(503, { 'retry-after': '120' });
    expect(await posted(`${origin}/hooks`)).toMatchObject({
      failure: 'answer',
      retryAfterSeconds: 120,
    });
  });

  test('of our own network is not asked for, by address or by name', async () => {
    const port = new URL(origin).port;
    for (const url of [
      `https://127.0.0.1:${port}/`,
      'https://127.0.0.1/',
      'https://[::ffff:127.0.0.1]/',
      'https://169.254.169.254/latest/meta-data/',
      'https://localhost/',
    ])
      expect(await posted(url)).toMatchObject({ failure: 'address_refused' });
    expect(received).toEqual([]);
  });
});
