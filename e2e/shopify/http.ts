// Small things about HTTP that every endpoint of the emulator uses.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

export type Headers = Record<string, string | string[] | number>;
export interface Reply {
  status: number;
  type: string;
  body: string | Buffer;
  headers?: Headers;
}

const LARGEST_BODY = 20_000_000;

export async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const chunk = part as Buffer;
    size += chunk.length;
    if (size > LARGEST_BODY) throw new RangeError('the request is too large');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
/** A JSON object, or undefined when the body is something else. */
export function parseObject(body: Buffer): Record<string, unknown> | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
export function send(response: http.ServerResponse, reply: Reply): void {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': body.length,
    ...reply.headers,
  });
  response.end(body);
}
export const json = (value: unknown, status = 200, headers: Headers = {}): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
  headers,
});
export const text = (value: string, status = 200): Reply => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: value,
});
export const html = (value: string, status = 200, headers: Headers = {}): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body: value,
  headers: { 'cache-control': 'no-store', ...headers },
});
export const redirect = (location: string, headers: Headers = {}): Reply => ({
  status: 303,
  type: 'text/plain; charset=utf-8',
  body: '',
  headers: { location, ...headers },
});

export const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function cookieOf(request: http.IncomingMessage, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return decodeURIComponent(value.join('='));
  }
  return undefined;
}

export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
export async function close(server: Server): Promise<void> {
  // In this order: a connection that came between the two would be waited for.
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}

export interface ForwardOptions {
  appUrl: string;
  path: string;
  headers: Headers;
  rewrite?: (reply: { headers: http.IncomingHttpHeaders; body: Buffer | undefined }) => {
    headers: Headers;
    body: Buffer | undefined;
  };
  rewrites?: (type: string) => boolean;
}

const HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'te',
  'trailer',
]);

/** Passes a request on to the app, streaming unless its answer has to be rewritten. */
export function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  options: ForwardOptions,
): void {
  const app = new URL(options.appUrl);
  const upstream = http.request(
    {
      hostname: app.hostname,
      port: app.port || 80,
      path: options.path,
      method: request.method,
      headers: options.headers,
    },
    (answer) => {
      const headers = Object.fromEntries(
        Object.entries(answer.headers).filter(([name]) => !HOP.has(name)),
      ) as http.IncomingHttpHeaders;
      const status = answer.statusCode ?? 502;
      if (!options.rewrite) {
        response.writeHead(status, headers);
        answer.pipe(response);
        return;
      }
      if (!options.rewrites?.(headers['content-type'] ?? '')) {
        response.writeHead(status, options.rewrite({ headers, body: undefined }).headers);
        answer.pipe(response);
        return;
      }
      void readBody(answer).then(
        (body) => {
          const changed = options.rewrite?.({ headers, body });
          const bytes = changed?.body ?? body;
          response.writeHead(status, { ...changed?.headers, 'content-length': bytes.length });
          response.end(bytes);
        },
        () => response.destroy(),
      );
    },
  );
  upstream.on('error', (error) => {
    if (!response.headersSent)
      send(response, text(`The app does not answer at ${options.appUrl}: ${error.message}`, 502));
    else response.destroy();
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
