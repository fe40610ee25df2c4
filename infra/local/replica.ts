import { chmodSync, copyFileSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copyRunningCluster } from './point-in-time.ts';
import { chooseAccount, folderFor } from './postgres-engine.ts';
import { removeCluster, startEmbeddedPostgres } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';

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

/** A copy that asks `primary` for all that it writes. */
async function copyRunning(
  primary: EmbeddedPostgres,
  dataDir: string,
  folder: string,
): Promise<void> {
  const account = chooseAccount(folder);
  const target = folderFor(folder, account);
  copyFileSync(path.join(dataDir, 'postgres.json'), path.join(folder, 'postgres.json'));
  await copyRunningCluster(primary, dataDir, target);
  account.writeFile(path.join(target, 'standby.signal'), '');
  const { username, password, port } = new URL(primary.adminUrl);
  account.writeFile(
    path.join(target, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${port} user=${username} password=${password}'\n`,
  );
}
