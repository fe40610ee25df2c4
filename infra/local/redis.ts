import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findRedis, howToGet } from './optional-tools.ts';
import { freePort } from './postgres.ts';
import { Problem } from './process.ts';

export interface RunningRedis {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
  /** Kills it without closing its connections; its data is gone. */
  kill(): Promise<void>;
}

export interface RedisOptions {
  readonly port?: number;
  /** Encrypted connections alone. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly policy?: 'noeviction' | 'allkeys-lru';
}

/** A Redis for tests, on `port` or a free one, without persistence; undefined where the program is missing. */
export async function startRedis(options: RedisOptions = {}): Promise<RunningRedis | undefined> {
  const program = findRedis();
  if (program === undefined) {
    if (process.env.CI === 'true')
      throw new Problem(`redis-server is missing. ${howToGet('redis-server')}`);
    return undefined;
  }
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-redis-'));
  const child = spawn(
    program,
    [
      ...portFlags(port, options.tls),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      options.policy ?? 'noeviction',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  await untilPrinted(child.stdout, 'Ready to accept connections', ended, 'redis-server');
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function portFlags(port: number, tls: RedisOptions['tls']): string[] {
  if (tls === undefined) return ['--port', String(port)];
  const files = ['--tls-cert-file', tls.certFile, '--tls-key-file', tls.keyFile];
  return ['--port', '0', '--tls-port', String(port), ...files, '--tls-auth-clients', 'no'];
}

/** Waits for a line of a program's output; it must not end before. */
export async function untilPrinted(
  stream: NodeJS.ReadableStream,
  text: string,
  ended: Promise<void>,
  name: string,
): Promise<void> {
  let output = '';
  const printed = new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes(text)) resolve();
    });
  });
  const failed = ended.then(() => {
    throw new Problem(`${name} did not start.\n${output}`);
  });
  failed.catch(() => undefined);
  await Promise.race([printed, failed]);
}
