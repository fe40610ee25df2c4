// How calls reach the emulator: an HTTP CONNECT proxy that ends TLS for Shopify's hosts, those of the message providers
// and the app's test host, and refuses all others.
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Certificate } from './certificate.ts';
import type { World } from './world.ts';

const PLAYED = [
  /^[a-z0-9-]+\.myshopify\.com$/,
  /^(?:[a-z0-9-]+\.)?shopify\.com$/,
  /^storage\.googleapis\.com$/,
];

export type HostHandler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  url: URL,
  host: string,
) => Promise<void>;

export function connectProxy(
  world: World,
  certificate: Certificate,
  handle: HostHandler,
  isAlsoPlayed: (host: string) => boolean = () => false,
): { server: http.Server; close: () => void } {
  const sockets = new Set<Duplex>();
  const inside = https.createServer(
    { key: certificate.key, cert: certificate.cert },
    (request, response) => {
      const host = (request.headers.host ?? '').split(':')[0]?.toLowerCase() ?? '';
      handle(request, response, new URL(request.url ?? '/', `https://${host}`), host).catch(
        (error: unknown) => {
          world.log('error', {
            host,
            message: error instanceof Error ? error.message : String(error),
          });
          if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
          response.end('The emulator failed; see its log');
        },
      );
    },
  );
  const server = http.createServer((request, response) => {
    world.log('refused', { host: request.url?.slice(0, 120), reason: 'plain http' });
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end('The emulator speaks for Shopify over https only and reaches no other host');
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    const [host = '', port] = (request.url ?? '').toLowerCase().split(':');
    socket.on('error', () => socket.destroy());
    if (
      port !== '443' ||
      !(
        host === world.settings.appHost ||
        PLAYED.some((pattern) => pattern.test(host)) ||
        isAlsoPlayed(host)
      )
    ) {
      world.log('refused', { host: `${host}:${port ?? ''}` });
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    inside.emit('connection', socket);
  });
  return {
    server,
    close: () => {
      for (const socket of sockets) socket.destroy();
      inside.close();
    },
  };
}
