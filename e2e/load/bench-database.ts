import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '#infra/local/migrate.ts';
import { removeCluster, startEmbeddedPostgres } from '#infra/local/postgres.ts';
import { stopAtEnd } from './cleanup.ts';
import { losable } from './losable-postgres.ts';
import type { LosablePostgres } from './losable-postgres.ts';

export interface BenchDatabase {
  readonly ownerUrl: string;
  readonly adminUrl: string;
  readonly appUrl: string;
  /** Its files and passwords. */
  readonly dataDir: string;
  /** Of the server, whose children are its connections. */
  readonly pid: number;
  /** The same server, which can be lost and comes back. */
  readonly server: LosablePostgres;
  stop(): Promise<void>;
}

/** A durable PostgreSQL of the benchmark's own (synchronous_commit on), migrated and empty. */
export async function startBenchDatabase(
  options: { queue?: boolean; settings?: readonly string[] } = {},
): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-bench-'));
  chmodSync(dataDir, 0o755);
  const how = { dataDir, durable: true, settings: [...(options.settings ?? [])] };
  const started = await startEmbeddedPostgres(how);
  const server = losable(started, how);
  const stop = stopAtEnd(async () => {
    await server.stop();
    await removeCluster(dataDir);
  });
  try {
    const appUrl = new URL(started.ownerUrl);
    appUrl.username = 'loyalnest_app';
    appUrl.password = randomBytes(16).toString('hex');
    await migrate(started.ownerUrl, 'up', {
      appUrl: appUrl.toString(),
      queue: options.queue ?? false,
    });
    const adminUrl = new URL(started.adminUrl);
    adminUrl.pathname = new URL(started.ownerUrl).pathname;
    return {
      ownerUrl: started.ownerUrl,
      adminUrl: adminUrl.toString(),
      appUrl: appUrl.toString(),
      dataDir,
      pid: started.pid,
      server,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
