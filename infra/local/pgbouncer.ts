import { spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPgbouncer, howToGet } from './optional-tools.ts';
import { fromRoot } from './paths.ts';
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

export interface PgbouncerOptions {
  readonly port?: number;
  /** Variables of the script that starts it. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The shipped pooler, as the script of its image starts it, before the server of `databaseUrl`, for tests; undefined
 * where the program is missing. On `port`, or on a free one; unencrypted, unless `environment` says otherwise.
 */
export async function startPgbouncer(
  databaseUrl: string,
  options: PgbouncerOptions = {},
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
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(folder, ids.uid, ids.gid);
  chmodSync(folder, 0o700);
  // Opened by us: that account may not be allowed into the checkout.
  const script = openSync(fromRoot('infra/modules/services/pgbouncer/start.sh'), 'r');
  const child = spawn('/bin/sh', ['-s'], {
    stdio: [script, 'pipe', 'pipe'],
    cwd: folder,
    ...ids,
    env: {
      NODE_ENV: process.env.NODE_ENV,
      PATH: process.env.PATH,
      PGBOUNCER: program,
      POOLER_FOLDER: folder,
      LISTEN_ADDRESS: '127.0.0.1',
      LISTEN_PORT: String(port),
      DB_HOST: target.hostname,
      DB_PORT: target.port,
      DB_NAME: target.pathname.slice(1),
      DB_USER: decodeURIComponent(target.username),
      DB_PASSWORD: decodeURIComponent(target.password),
      OTHER_DATABASES: 'yes',
      DEFAULT_POOL_SIZE: '10',
      CLIENT_TLS: 'disable',
      SERVER_TLS: 'disable',
      ...options.environment,
    },
  });
  closeSync(script);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  if (child.stderr !== null) await untilPrinted(child.stderr, 'process up', ended, 'pgbouncer');
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
