import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './lock.mjs';
import { chooseAccount, folderFor } from './postgres-engine.ts';
import { startEmbeddedPostgres, withClient } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { Problem } from './process.ts';

/**
 * Continuous archiving and point-in-time recovery on the embedded engine: what RDS does for production, with the same
 * means of PostgreSQL itself.
 */
export interface Archive {
  /** Finished segments of the write-ahead log. */
  readonly wal: string;
  /** Copies of the data folder. */
  readonly base: string;
}

export function makeArchive(folder: string): Archive {
  const archive = { wal: path.join(folder, 'wal'), base: path.join(folder, 'base') };
  const account = chooseAccount(folder);
  for (const each of Object.values(archive)) account.makeFolder(each);
  return archive;
}

/**
 * Settings of a server that archives. `basic_archive` comes with PostgreSQL: it writes to a temporary file, flushes and
 * renames it, and never replaces a different file of the same name.
 */
export function archivingSettings({ wal }: Archive, everySeconds: number): string[] {
  return [
    'wal_level=replica',
    'archive_mode=on',
    'archive_library=basic_archive',
    `basic_archive.archive_directory=${wal}`,
    // A segment that is not full is archived as well, so that no more than this can be lost.
    `archive_timeout=${everySeconds}`,
  ];
}

/** What a copy of a running cluster leaves out: a server of its own makes them again. */
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'pg_internal.init']);
const emptied = new Set(['pg_wal', 'pg_replslot', 'pg_stat_tmp', 'pg_notify', 'pg_subtrans']);

/** Copies the files of a running server, as pg_basebackup does. @returns the folder of the copy */
export async function takeBaseBackup(
  { adminUrl }: Pick<EmbeddedPostgres, 'adminUrl'>,
  dataDir: string,
  { base }: Archive,
): Promise<string> {
  const target = path.join(base, new Date().toISOString().replaceAll(/\D/g, ''));
  await copyRunningCluster({ adminUrl }, dataDir, target);
  return target;
}

/** Copies the cluster in `dataDir` into the folder `target`, which is made, while its server runs. */
export async function copyRunningCluster(
  { adminUrl }: Pick<EmbeddedPostgres, 'adminUrl'>,
  dataDir: string,
  target: string,
): Promise<void> {
  const account = chooseAccount(dataDir);
  const cluster = folderFor(path.resolve(dataDir), account, { create: false });
  account.makeFolder(target);
  // Start and stop belong to one session.
  await withClient(adminUrl, async (client) => {
    await client.query(`SELECT pg_backup_start('copy', true)`);
    copyTree(cluster, target, true);
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string | null }>(
      'SELECT labelfile, spcmapfile FROM pg_backup_stop(true)',
    );
    account.writeFile(path.join(target, 'backup_label'), rows[0]?.labelfile ?? '');
  });
}

function copyTree(from: string, to: string, isRunning: boolean): void {
  for (const name of readdirSync(from)) {
    if (leftOut.has(name) || name.startsWith('pgsql_tmp')) continue;
    const source = path.join(from, name);
    const target = path.join(to, name);
    try {
      const { uid, gid, mode } = lstatSync(source);
      if (lstatSync(source).isDirectory()) {
        mkdirSync(target, { mode });
        if (isRunning && emptied.has(name)) {
          if (name === 'pg_wal')
            mkdirOwned(path.join(target, 'archive_status'), { uid, gid, mode });
        } else copyTree(source, target, isRunning);
      } else copyFileSync(source, target);
      own(target, { uid, gid, mode });
    } catch (error) {
      // A server that works removes files meanwhile; the log knows of them.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

function mkdirOwned(folder: string, ownership: Ownership): void {
  mkdirSync(folder);
  own(folder, ownership);
}

function own(target: string, { uid, gid, mode }: Ownership): void {
  if (process.getuid?.() === 0) chownSync(target, uid, gid);
  chmodSync(target, mode & 0o7777);
}

export interface RestoreOptions {
  /** The copy of the files to begin with. */
  readonly backup: string;
  readonly archive: Archive;
  /** The folder that the database was in: its passwords are kept beside the cluster. */
  readonly passwords: string;
  /** A new, empty folder. */
  readonly dataDir: string;
  /** What was committed until then is there, and nothing later; without it, all that was archived. */
  readonly until?: Date;
  readonly port?: number;
  readonly settings?: readonly string[];
}

/** Starts a server on the copy, which replays the archived log up to the chosen moment. */
export async function restore(options: RestoreOptions): Promise<EmbeddedPostgres> {
  const { backup, archive, dataDir, passwords, until, port } = options;
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o755);
  const account = chooseAccount(dataDir);
  const cluster = folderFor(path.resolve(dataDir), account);
  if (existsSync(cluster)) throw new Problem(`${cluster} is not empty.`);
  account.makeFolder(cluster);
  copyTree(backup, cluster, false);
  copyFileSync(path.join(passwords, 'postgres.json'), path.join(dataDir, 'postgres.json'));
  account.writeFile(path.join(cluster, 'recovery.signal'), '');
  return startEmbeddedPostgres({
    dataDir,
    ...(port !== undefined && { port }),
    settings: [
      ...(options.settings ?? []),
      `restore_command=cp "${archive.wal}/%f" "%p"`,
      // No one connects before the moment is reached.
      'hot_standby=off',
      'recovery_target_action=promote',
      ...(until === undefined
        ? []
        : [`recovery_target_time=${until.toISOString().replace('Z', '+00')}`]),
    ],
  });
}

/** Waits until everything written so far is in the archive. */
export async function untilArchived(
  { adminUrl }: Pick<EmbeddedPostgres, 'adminUrl'>,
  { wal }: Archive,
  withinMs = 30_000,
): Promise<void> {
  const segment = await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT pg_walfile_name(pg_switch_wal()) AS name',
    );
    return rows[0]?.name ?? '';
  });
  const deadline = Date.now() + withinMs;
  while (!existsSync(path.join(wal, segment))) {
    if (Date.now() > deadline)
      throw new Problem(`The segment ${segment} was not archived within ${withinMs / 1000} s.`);
    await pause(50);
  }
}

/** Ends the server at once and removes its files, as when a disk is gone. */
export async function destroy(
  server: Pick<EmbeddedPostgres, 'pid'>,
  dataDir: string,
): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  const account = chooseAccount(dataDir);
  const cluster = folderFor(path.resolve(dataDir), account, { create: false });
  const deadline = Date.now() + 10_000;
  while (isAlive(server.pid) && Date.now() < deadline) await pause(20);
  rmSync(cluster, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
