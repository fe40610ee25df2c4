import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sync } from '#proto/admin/v1/admin.ts';
import { sessionToken, shop, startTestWeb, storeOfflineSession } from '../testing/web.ts';
import { startDraining } from '../lifecycle.server.ts';
import { createEventReader } from './event-stream.ts';
import type { StreamEvent } from './event-stream.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let admin: Awaited<ReturnType<typeof web.core.installShop>>['admin'];
let sync: Sync | undefined;

beforeAll(async () => {
  web = await startTestWeb({ routes: /\/app\.tsx|\/app\.sync/ });
  ({ admin } = await web.core.installShop(shop));
  await storeOfflineSession(shop);
  ({ sync } = await admin.getSync({}));
}, 60_000);
afterAll(() => web.stop());

const headers = (accept: string) => ({
  accept,
  authorization: `Bearer ${sessionToken(shop)}`,
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
  'accept-encoding': 'gzip',
});

/** Opens the stream, and waits for its events one by one. */
async function open() {
  const stopping = new AbortController();
  const response = await fetch(`${web.url}/app/sync`, {
    headers: headers('text/event-stream'),
    signal: stopping.signal,
  });
  const read = createEventReader();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const waiting: StreamEvent[] = [];
  return {
    response,
    stop: () => stopping.abort(),
    /** Undefined when the stream has ended. */
    async next(): Promise<StreamEvent | undefined> {
      while (waiting.length === 0) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) return undefined;
        waiting.push(...read(piece.value));
      }
      return waiting.shift();
    },
  };
}

const dataOf = (event: StreamEvent | undefined) => JSON.parse(event?.data ?? 'null') as unknown;
const report = (change: Partial<Sync>) => admin.updateSync({ sync: { ...sync, ...change } });

describe('live progress', () => {
  test('is answered once to a client that does not accept events', async () => {
    const response = await fetch(`${web.url}/app/sync`, { headers: headers('application/json') });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'queued', phase: 'customers' });
  });

  test('is only for signed-in staff', async () => {
    const { authorization: _, ...rest } = headers('text/event-stream');
    const response = await fetch(`${web.url}/app/sync`, { headers: rest, redirect: 'manual' });
    expect(response.headers.get('content-type') ?? '').not.toContain('text/event-stream');
    expect(response.status).not.toBe(200);
  });

  test('is sent as it happens, uncompressed and not cacheable, and ends with the work', async () => {
    const stream = await open();
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.response.headers.get('content-encoding')).toBeNull();
    expect(stream.response.headers.get('cache-control')).toContain('no-store');
    expect(dataOf(await stream.next())).toMatchObject({ status: 'queued' });
    await report({ status: 'running', customersTotal: 10, customersProcessed: 4 });
    expect(dataOf(await stream.next())).toMatchObject({ status: 'running', customersProcessed: 4 });
    await report({
      status: 'completed',
      phase: 'done',
      customersTotal: 10,
      customersProcessed: 10,
    });
    expect(dataOf(await stream.next())).toMatchObject({ status: 'completed' });
    expect(await stream.next()).toEqual({ name: 'over', data: '' });
    expect(await stream.next()).toBeUndefined();
  });

  test('ends at once when the server shuts down', async () => {
    ({ sync } = await admin.startSync({}));
    const left = await open();
    await left.next();
    left.stop();
    const stream = await open();
    expect(dataOf(await stream.next())).toMatchObject({ status: 'queued' });
    const started = Date.now();
    startDraining();
    expect(await stream.next()).toBeUndefined();
    expect(Date.now() - started).toBeLessThan(500);
  });
});
