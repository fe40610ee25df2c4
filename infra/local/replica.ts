import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseAccount, folderFor } from './postgres-engine.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { Problem } from './process.ts';

export interface Replica {
  /** Turns a URL of the primary into one of the replica. */
  of(url: string): string;
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** A second server that follows `primary`, whose folder is `dataDir`, as a streaming replica that may be read. */
export async function startReplica(primary: EmbeddedPostgres, dataDir: string): Promise<Replica> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-replica-'));
  chmodSync(folder, 0o755);
  await copyRunning(primary, dataDir, folder);
  const server = await startEmbeddedPostgres({ dataDir: folder, durable: false, standby: true });
  return {
    adminUrl: server.adminUrl,
    of: (url) => {
      const changed = new URL(url);
      changed.port = String(server.port);
      return changed.toString();
    },
    async stop() {
      await server.stop();
      await removeCluster(folder);
    },
  };
}

/** A base backup by PostgreSQL's own protocol for tools that copy files. */
async function copyRunning(
  primary: EmbeddedPostgres,
  dataDir: string,
  folder: string,
): Promise<void> {
  const account = chooseAccount(dataDir);
  const from = folderFor(dataDir, account);
  const target = folderFor(folder, account);
  copyFileSync(path.join(dataDir, 'postgres.json'), path.join(folder, 'postgres.json'));
  // Both must be asked on one connection.
  await withClient(primary.adminUrl, async (client) => {
    await client.query(`SELECT pg_backup_start('replica', true)`);
    account.makeFolder(target);
    const { status, stderr } = spawnSync('cp', ['-a', `${from}/.`, target], { encoding: 'utf8' });
    if (status !== 0) throw new Problem(`Copying ${from} failed.\n${stderr}`);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(false)',
    );
    rmSync(path.join(target, 'postmaster.pid'), { force: true });
    account.writeFile(path.join(target, 'backup_label'), rows[0]?.labelfile ?? '');
    account.writeFile(path.join(target, 'standby.signal'), '');
    const { username, password, port } = new URL(primary.adminUrl);
    account.writeFile(
      path.join(target, 'postgresql.auto.conf'),
      `primary_conninfo = 'host=127.0.0.1 port=${port} user=${username} password=${password}'\n`,
    );
  });
}
