import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyLimits } from './request-gate.server.ts';
import { proxyPath, startTestWeb } from './testing/web.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
beforeAll(async () => {
  web = await startTestWeb({
    routes: /\/(webhooks|proxy|extension|health|console|app|auth|widget)/,
  });
}, 60_000);
afterAll(() => web.stop());

interface Raw {
  /** The bytes the server accepted before it closed the connection. */
  readonly sent: number;
  readonly answer: string;
}

/** Sends chunks without a content length until the server closes the connection. */
function pour(path: string, method = 'POST', megabytes = 64): Promise<Raw> {
  const { hostname, port } = new URL(web.url);
  const block = Buffer.alloc(64 * 1024, 0x61);
  const piece = Buffer.concat([
    Buffer.from(`${block.length.toString(16)}\r\n`),
    block,
    Buffer.from('\r\n'),
  ]);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let sent = 0;
    let answer = '';
    const more = () => {
      while (sent < megabytes * 1024 * 1024 && !socket.destroyed) {
        sent += block.length;
        if (!socket.write(piece)) {
          socket.once('drain', more);
          return;
        }
      }
    };
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve({ sent, answer }));
    socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${hostname}\r\ntransfer-encoding: chunked\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\n`,
    );
    more();
  });
}

describe('a body of unlimited length', () => {
  test.each([
    '/console/sign-in',
    '/Console/Sign-In',
    '/%63onsole/sign-in',
    '//console//sign-in/',
    '/console/sign-in.data',
    '/proxy/redeem',
    '/PROXY/events/',
    '/extension/redeem',
    '/extension/checkout',
    '/webhooks/orders/paid',
    '/WEBHOOKS/orders/paid',
    '/%77ebhooks/orders/paid',
    '/x/../webhooks/orders/paid',
    '/webhooks/orders/paid/',
    '/app/settings',
    '/assets/nothing.js',
    '/nothing/here',
    '/',
  ])('to %s is refused once it exceeds the limit, and the connection closes', async (path) => {
    const { sent, answer } = await pour(path);
    // Most of what was written is in socket buffers and was never read.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('is refused for any method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await pour('/console/sign-in', method)).sent, method).toBeLessThan(16 * 1024 * 1024);
  });

  test('is not kept in memory, however many come at once', async () => {
    const before = process.memoryUsage().rss;
    await Promise.all(Array.from({ length: 10 }, () => pour('/console/sign-in')));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test('with a content length over the limit is not read at all', async () => {
    for (const [path, limit] of [
      ['/console/sign-in', bodyLimits.console],
      ['/WebHooks/orders/paid', bodyLimits.webhooks],
    ] as const) {
      const response = await fetch(web.url + path, { method: 'POST', body: 'x'.repeat(limit + 1) });
      expect(response.status).toBe(413);
      expect(response.headers.get('connection')).toBe('close');
    }
  });
});

describe('no spelling of a path escapes its rules', () => {
  test.each([
    '/console/sign-in',
    '/CONSOLE/sign-in',
    '/%63%6Fnsole/sign-in',
    '//console/sign-in',
    '/console/sign-in/',
    '/console/sign-in.data',
    '/console/sign-in%2Edata',
    '/foo/%2e%2e/console/sign-in',
    '/\\console\\sign-in',
  ])('%s gets the console’s policy and is not cached', async (path) => {
    // Not by fetch, which would normalize it.
    const { hostname, port } = new URL(web.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      socket.once('close', () => resolve(text));
      socket.once('error', reject);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);
    });
    expect(answer).toMatch(/cache-control: no-store/i);
    expect(answer).toMatch(/content-security-policy: default-src 'none'/i);
  });

  test('personal answers are not cached, data requests included, and every answer requires HTTPS', async () => {
    for (const path of [
      '/app/customers',
      '/app/customers.data',
      '/App/Customers.data',
      '/console/sign-in',
      '/auth/session-token',
      '/extension/widget',
      '/extension/history',
      proxyPath('widget'),
      proxyPath('history'),
      '/proxy/widget',
      '/nothing.data',
      '/nothing',
      '/health',
      '/healthz',
      '/assets/nothing.js',
    ]) {
      const response = await fetch(web.url + path, { redirect: 'manual' });
      await response.arrayBuffer();
      expect(response.headers.get('cache-control'), path).toMatch(/no-store/);
      expect(response.headers.get('strict-transport-security'), path).toMatch(/max-age=\d{8}/);
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  test('an invalid path is refused, and the process continues', async () => {
    const { hostname, port } = new URL(web.url);
    for (const target of ['/%', '*', '/a%00', 'nonsense', '/%ff%fe']) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname);
        let text = '';
        socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
        socket.on('error', () => undefined);
        socket.once('close', () => resolve(text));
        socket.write(`GET ${target} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);
      });
      expect(answer, target).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect((await fetch(`${web.url}/health`)).status).toBe(200);
  });
});
