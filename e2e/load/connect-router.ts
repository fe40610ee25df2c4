import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy that passes what is for one host to one proxy and everything else to another. */
export interface ConnectRouter {
  readonly url: string;
  /** Where hosts go that have no proxy of their own. */
  sendOthersTo(proxyPort: number): void;
  stop(): Promise<void>;
}

export async function startConnectRouter(
  others: number,
  byHost: ReadonlyMap<string, number>,
): Promise<ConnectRouter> {
  let otherwise = others;
  const sockets = new Set<Duplex>();
  const server = http.createServer((_, response) => {
    response.writeHead(403).end();
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    const target = request.url ?? '';
    const onward = net.connect(byHost.get(target.split(':')[0] ?? '') ?? otherwise, '127.0.0.1');
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('close', () => sockets.delete(one));
      one.on('error', () => {
        socket.destroy();
        onward.destroy();
      });
    }
    onward.once('connect', () => {
      onward.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
      if (head.length > 0) onward.write(head);
      socket.pipe(onward);
      onward.pipe(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sendOthersTo(proxyPort) {
      otherwise = proxyPort;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
