import net from 'node:net';
import { Problem } from './process.ts';

/**
 * The port that a variable names, or its usual one; a usual one that is taken gives way to the next free.
 * A port chosen by the variable must be free: moving it silently would break what points there.
 */
export async function choosePort(
  variable: string,
  usual: number,
  used: Set<number>,
  say: (line: string) => void,
  usualOfOthers: readonly number[] = [],
): Promise<number> {
  const chosen = process.env[variable];
  if (chosen !== undefined && chosen !== '') {
    const port = Number(chosen);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Problem(`${variable} must be a port from 1 to 65535, not "${chosen}".`);
    }
    if (used.has(port) || !(await isFree(port))) {
      throw new Problem(
        `Port ${port}, chosen by ${variable}, is taken. Free it or set ${variable} to another one.`,
      );
    }
    used.add(port);
    return port;
  }
  for (let port = usual; port < usual + 100; port += 1) {
    if (used.has(port) || (port !== usual && usualOfOthers.includes(port))) continue;
    if (!(await isFree(port))) continue;
    if (port !== usual) {
      say(`Port ${usual} is taken: using ${port} instead (${variable} chooses another).`);
    }
    used.add(port);
    return port;
  }
  throw new Problem(
    `No port from ${usual} to ${usual + 99} is free; set ${variable} to a free one.`,
  );
}

/** Free on every address: a server bound to one of them only would answer some callers and not others. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

async function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      // Machines without IPv6 refuse the address, not the port.
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT');
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
