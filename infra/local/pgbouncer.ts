import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPgbouncer, howToGet } from './optional-tools.ts';
import { chooseAccount } from './postgres-engine.ts';
import { freePort } from './postgres.ts';
import { Problem } from './process.ts';
import { untilPrinted } from './redis.ts';

export interface Pgbouncer {
  readonly port: number;
  /** Turns a URL of the server into one that goes through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
  /** Kills it without closing its connections. */
  kill(): Promise<void>;
}

/**
 * A pgbouncer in transaction mode before the server of `databaseUrl`, for tests; undefined where the program is
 * missing. On `port`, or on a free one.
 */
export async function startPgbouncer(
  databaseUrl: string,
  options: { readonly port?: number } = {},
): Promise<Pgbouncer | undefined> {
  const program = findPgbouncer();
  if (program === undefined) {
    if (process.env.CI === 'true')
      throw new Problem(`pgbouncer is missing. ${howToGet('pgbouncer')}`);
    return undefined;
  }
  const target = new URL(databaseUrl);
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-pgbouncer-'));
  // pgbouncer refuses to run as root, as PostgreSQL does.
  const { ids } = chooseAccount(folder);
  const config = path.join(folder, 'pgbouncer.ini');
  const users = path.join(folder, 'users.txt');
  const quoted = (text: string) => `"${decodeURIComponent(text).replaceAll('"', '""')}"`;
  writeFileSync(users, `${quoted(target.username)} ${quoted(target.password)}\n`);
  writeFileSync(
    config,
    [
      '[databases]',
      `* = host=${target.hostname} port=${target.port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      'max_client_conn = 500',
      'default_pool_size = 10',
      'ignore_startup_parameters = extra_float_digits',
      '',
    ].join('\n'),
  );
  for (const file of [folder, config, users]) {
    if (ids.uid !== undefined && ids.gid !== undefined) chownSync(file, ids.uid, ids.gid);
  }
  chmodSync(folder, 0o700);
  const child = spawn(program, [config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    ...ids,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  await untilPrinted(child.stderr, 'process up', ended, 'pgbouncer');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    port,
    through: (url) => {
      const changed = new URL(url);
      changed.port = String(port);
      return changed.toString();
    },
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}
