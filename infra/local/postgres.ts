import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { holderOf, identityOf, isAlive } from './lock.mjs';
import { chooseAccount, engineFor, folderFor } from './postgres-engine.ts';
import type { Account, Engine } from './postgres-engine.ts';
import { passwordVerifier } from './password-verifier.ts';
import { Problem, runOrThrow } from './process.ts';

export const ownerRole = 'loyalnest_owner';
export const databaseName = 'loyalnest';

export interface EmbeddedPostgresOptions {
  /** Folder that holds the cluster (made when missing). */
  dataDir: string;
  /** A fixed TCP port; without it a free one is chosen. */
  port?: number;
  /** Also listen on a unix socket in this folder (at most 90 bytes long). */
  socketDir?: string;
  /** False only for tests: commits are not flushed to disk. */
  durable?: boolean;
  /** More settings of the server, `name=value`. */
  settings?: readonly string[];
  /** The folder is a copy of another server's, which it follows: it takes no writes. */
  standby?: boolean;
}

export interface EmbeddedPostgres {
  /** Connects as the owner of the database `loyalnest`: migrates, is no superuser (as on RDS). */
  ownerUrl: string;
  /** Connects as the superuser, for bootstrap and cloning only. */
  adminUrl: string;
  port: number;
  pid: number;
  logFile: string;
  stop: () => Promise<void>;
}

interface Secrets {
  admin: string;
  owner: string;
}

const host = '127.0.0.1';
const startTimeoutMs = 60_000;

/**
 * Starts PostgreSQL 15 from its npm package on `dataDir`, creating the cluster, the owner and the
 * database when they are missing. A server that a killed process left behind is stopped first.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const account = chooseAccount(dataDir);
  const engine = engineFor(account);
  const cluster = folderFor(dataDir, account);
  claim(dataDir);
  const secrets = readSecrets(dataDir, cluster);
  if (!existsSync(path.join(cluster, 'PG_VERSION')))
    await createCluster(engine, cluster, account, secrets, options);
  await stopOrphan(cluster);

  const logFile = path.join(dataDir, 'postgres.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const child = launch(engine, cluster, account, port, logFile, options);
    try {
      await untilReady(child, cluster, logFile);
    } catch (error) {
      const taken = readLog(logFile).includes('Address already in use');
      if (!taken || options.port !== undefined || attempt === 5) {
        throw taken ? new Problem(`PostgreSQL cannot listen on port ${port}: it is taken.`) : error;
      }
      continue;
    }
    const adminUrl = urlOf('postgres', secrets.admin, port, 'postgres');
    if (options.standby !== true) await ensureOwnerAndDatabase(adminUrl, secrets.owner);
    return {
      adminUrl,
      ownerUrl: urlOf(ownerRole, secrets.owner, port, databaseName),
      port,
      pid: child.pid ?? 0,
      logFile,
      stop: async () => {
        await stopServer(child.pid ?? 0);
        rmSync(claimFile(dataDir), { force: true });
      },
    };
  }
}

/** The server that another running process started on this folder, and must stop itself. */
export function runningPostgres(dataDir: string): EmbeddedPostgres | undefined {
  const absolute = path.resolve(dataDir);
  const holder = holderOf(claimFile(absolute));
  if (holder === undefined || holder === process.pid) return undefined;
  const cluster = folderFor(absolute, chooseAccount(absolute), { create: false });
  const pidFile = readPidFile(cluster);
  if (pidFile?.ready !== true) return undefined;
  const secrets = readSecrets(absolute, cluster);
  return {
    adminUrl: urlOf('postgres', secrets.admin, pidFile.port, 'postgres'),
    ownerUrl: urlOf(ownerRole, secrets.owner, pidFile.port, databaseName),
    port: pidFile.port,
    pid: pidFile.pid,
    logFile: path.join(absolute, 'postgres.log'),
    stop: () => Promise.resolve(),
  };
}

/** Removes a cluster with everything in it; its server must be stopped, or be an orphan. */
export async function removeCluster(dataDir: string): Promise<void> {
  const absolute = path.resolve(dataDir);
  if (!existsSync(absolute)) return;
  claim(absolute);
  const cluster = folderFor(absolute, chooseAccount(absolute), { create: false });
  await stopOrphan(cluster);
  // Beside or inside the folder; inside, the second removal finds nothing more to do.
  rmSync(path.dirname(cluster), { recursive: true, force: true });
  rmSync(absolute, { recursive: true, force: true });
}

/** A free TCP port. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string')
          reject(new Error('No port was given.'));
        else resolve(address.port);
      });
    });
  });
}

/** The same server and settings, another user and database. */
export function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${password}@${host}:${port}/${database}?sslmode=disable`;
}

/** Marks the folder as used by this process; refuses when another living one uses it. */
function claim(dataDir: string): void {
  const file = claimFile(dataDir);
  const holder = holderOf(file);
  if (holder !== undefined && holder !== process.pid) {
    throw new Problem(
      `${dataDir} is in use by another LoyalNest process (${holder}). Stop that one, or set DATA_DIR to another folder.`,
    );
  }
  writeFileSync(file, identityOf(process.pid));
}

function claimFile(dataDir: string): string {
  return path.join(dataDir, 'used-by.pid');
}

function readSecrets(dataDir: string, cluster: string): Secrets {
  const file = path.join(dataDir, 'postgres.json');
  if (existsSync(file)) {
    const { admin, owner } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
    if (typeof admin === 'string' && typeof owner === 'string') return { admin, owner };
  }
  if (existsSync(path.join(cluster, 'PG_VERSION'))) {
    throw new Problem(
      `${file} with the passwords of the embedded database is missing. Start over with --reset.`,
    );
  }
  const secrets = {
    admin: randomBytes(18).toString('hex'),
    owner: randomBytes(18).toString('hex'),
  };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

async function createCluster(
  engine: Engine,
  cluster: string,
  account: Account,
  secrets: Secrets,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  // An interrupted initdb leaves files without PG_VERSION; initdb wants an empty folder.
  rmSync(cluster, { recursive: true, force: true });
  account.makeFolder(cluster);
  const passwordFile = path.join(cluster, '..', `${path.basename(cluster)}.password`);
  account.writeFile(passwordFile, secrets.admin);
  try {
    const flags = [
      `--pgdata=${cluster}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--data-checksums',
      ...(options.durable === false ? ['--no-sync'] : []),
    ];
    // macOS has no C.UTF-8; C sorts the same way.
    const args =
      process.platform === 'linux' ? flags : flags.map((flag) => flag.replace('C.UTF-8', 'C'));
    await runOrThrow('Creating the embedded database', engine.initdb, args, {
      cwd: path.dirname(cluster),
      env: engine.env,
      ...account.ids,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function launch(
  engine: Engine,
  cluster: string,
  account: Account,
  port: number,
  logFile: string,
  options: EmbeddedPostgresOptions,
): ChildProcess {
  const flags = [...settingsFor(options), ...(options.settings ?? [])].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const log = openSync(logFile, 'w');
  try {
    // Its own process group: Ctrl-C at the terminal must reach the server last, through stop().
    return spawn(engine.postgres, ['-D', cluster, '-p', String(port), ...flags], {
      cwd: cluster,
      env: engine.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...account.ids,
    });
  } finally {
    closeSync(log);
  }
}

function settingsFor(options: EmbeddedPostgresOptions): string[] {
  const megabytes = Math.floor(os.totalmem() / 1024 / 1024);
  const sharedBuffers = Math.min(1024, Math.max(128, Math.floor(megabytes / 16)));
  return [
    `listen_addresses=${host}`,
    `unix_socket_directories=${options.socketDir ?? ''}`,
    'max_connections=200',
    `shared_buffers=${sharedBuffers}MB`,
    'wal_buffers=16MB',
    'max_wal_size=4GB',
    'checkpoint_timeout=15min',
    'random_page_cost=1.1',
    'jit=off',
    // A shop's first minutes: plans made for empty tables last until the tables are looked at again.
    'autovacuum_naptime=15s',
    'timezone=UTC',
    'log_timezone=UTC',
    'lc_messages=C',
    'password_encryption=scram-sha-256',
    'log_min_duration_statement=-1',
    ...(options.durable === false
      ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
      : []),
  ];
}

/** The server writes `ready` as the eighth line of postmaster.pid; pg_ctl waits for the same. */
async function untilReady(child: ChildProcess, cluster: string, logFile: string): Promise<void> {
  const state: { failure?: string } = {};
  child.once('error', (error) => (state.failure = error.message));
  child.once('exit', (code) => (state.failure ??= `it ended with code ${code ?? 'none'}`));
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (state.failure !== undefined) {
      throw new Problem(`PostgreSQL did not start: ${state.failure}.\n${readLog(logFile)}`);
    }
    const pidFile = readPidFile(cluster);
    if (pidFile?.pid === child.pid && pidFile?.ready === true) {
      child.unref();
      return;
    }
    await pause(10);
  }
  child.kill('SIGQUIT');
  throw new Problem(
    `PostgreSQL was not ready within ${startTimeoutMs / 1000} s.\n${readLog(logFile)}`,
  );
}

interface PidFile {
  pid: number;
  port: number;
  ready: boolean;
}

function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/** Stops the server that a killed process left running on this cluster. */
async function stopOrphan(cluster: string): Promise<void> {
  const left = readPidFile(cluster);
  if (left === undefined || !(left.pid > 0) || !isAlive(left.pid) || !isServerOf(left.pid, cluster))
    return;
  await stopServer(left.pid);
}

/** After a reboot the process id may belong to anything: look at the command before signalling. */
function isServerOf(pid: number, cluster: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster);
  } catch {
    return process.platform !== 'linux';
  }
}

/** Fast shutdown: clients are disconnected, a checkpoint is written. */
async function stopServer(pid: number): Promise<void> {
  if (pid <= 0) return;
  for (const [signal, waitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 2_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await pause(10);
    }
  }
}

async function ensureOwnerAndDatabase(adminUrl: string, password: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const roles = await client.query('select 1 from pg_roles where rolname = $1', [ownerRole]);
    const verb = roles.rowCount === 0 ? 'create' : 'alter';
    await client.query(
      `${verb} role ${ownerRole} with login nosuperuser createdb createrole nobypassrls password ${client.escapeLiteral(passwordVerifier(password))}`,
    );
    const databases = await client.query('select 1 from pg_database where datname = $1', [
      databaseName,
    ]);
    if (databases.rowCount === 0)
      await client.query(`create database ${databaseName} owner ${ownerRole}`);
  });
}

/** Opens one connection for `work` and closes it. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // A broken connection also fails its query; without a listener the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function readLog(logFile: string): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n').trim();
}
