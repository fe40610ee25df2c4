import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * How what is behind a link is lost: `gone` refuses connections, as after a crash; `silent` takes them and never answers,
 * as a process that hangs or a network that swallows.
 */
export type LinkState = 'open' | 'gone' | 'silent';

export interface Link {
  readonly port: number;
  set(state: LinkState): Promise<void>;
  close(): Promise<void>;
}

/** A port of its own in front of one of this machine, so that a test can lose what is behind it and get it back. */
export async function startLink(target: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let state: LinkState = 'open';
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (state === 'open') to.write(chunk);
      });
      from.on('error', () => undefined);
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async () => {
    const closed = server.listening
      ? new Promise<void>((resolve) => server.close(() => resolve()))
      : Promise.resolve();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async set(next) {
      state = next;
      if (next === 'gone') await stop();
      if (next !== 'open') return;
      // What was swallowed would leave a conversation that neither side understands.
      for (const socket of sockets) socket.destroy();
      if (!server.listening) await listen(port);
    },
    close: stop,
  };
}
