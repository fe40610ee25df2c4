import net from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { choosePort } from './ports.ts';
import { freePort } from './postgres.ts';

const servers: net.Server[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

async function occupy(port: number): Promise<void> {
  const server = net.createServer();
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      resolve();
    });
  });
}

test('a default port that is taken is replaced with a free one, with a notice', async () => {
  const usual = await freePort();
  await occupy(usual);
  const said: string[] = [];
  const port = await choosePort('SOME_PORT', usual, new Set(), (line) => said.push(line));
  expect(port).toBeGreaterThan(usual);
  expect(said).toEqual([
    `Port ${usual} is taken: using ${port} instead (SOME_PORT chooses another).`,
  ]);
});

test('a chosen port that is taken is refused, naming the port and the variable', async () => {
  const chosen = await freePort();
  await occupy(chosen);
  vi.stubEnv('SOME_PORT', String(chosen));
  await expect(choosePort('SOME_PORT', 4000, new Set(), () => undefined)).rejects.toThrow(
    `Port ${chosen}, chosen by SOME_PORT, is taken`,
  );
});

test('a port that is not a number is refused, naming the variable', async () => {
  vi.stubEnv('SOME_PORT', 'four thousand');
  await expect(choosePort('SOME_PORT', 4000, new Set(), () => undefined)).rejects.toThrow(
    'SOME_PORT',
  );
});

test('two processes started together never get the same port', async () => {
  const usual = await freePort();
  const used = new Set<number>();
  const first = await choosePort('FIRST_PORT', usual, used, () => undefined);
  const second = await choosePort('SECOND_PORT', usual, used, () => undefined);
  expect(second).not.toBe(first);
});
