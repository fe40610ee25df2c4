import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  archivingSettings,
  destroy,
  makeArchive,
  restore,
  takeBaseBackup,
  untilArchived,
} from './point-in-time.ts';
import type { Archive } from './point-in-time.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';

let folder: string;
let archive: Archive;
const running: EmbeddedPostgres[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-archive-'));
  chmodSync(folder, 0o755);
  archive = makeArchive(folder);
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop().catch(() => undefined);
  for (const name of ['first', 'then', 'newest'])
    await removeCluster(path.join(folder, name)).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

async function markersOf({ ownerUrl }: EmbeddedPostgres): Promise<number[]> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>('SELECT n FROM markers ORDER BY n');
    return rows.map(({ n }) => n);
  });
}

test('a database whose disk is gone comes back as it was at a chosen moment, or as it was last archived', async () => {
  const dataDir = path.join(folder, 'first');
  const server = await startEmbeddedPostgres({
    dataDir,
    settings: archivingSettings(archive, 60),
  });
  running.push(server);
  await withClient(server.ownerUrl, (client) =>
    client.query('CREATE TABLE markers (n integer PRIMARY KEY)'),
  );
  const backup = await takeBaseBackup(server, dataDir, archive);
  expect(readdirSync(path.join(backup, 'pg_wal'))).toEqual(['archive_status']);

  const written: { readonly n: number; readonly at: number }[] = [];
  await withClient(server.ownerUrl, async (client) => {
    for (let n = 1; n <= 20; n += 1) {
      await client.query('INSERT INTO markers VALUES ($1)', [n]);
      written.push({ n, at: Date.now() });
      await pause(20);
    }
  });
  await untilArchived(server, archive);
  running.pop();
  await destroy(server, dataDir);

  const moment = new Date((written[11]?.at ?? 0) + 5);
  const then = await restore({
    backup,
    archive,
    passwords: dataDir,
    dataDir: path.join(folder, 'then'),
    until: moment,
  });
  running.push(then);
  expect(await markersOf(then)).toEqual(written.slice(0, 12).map(({ n }) => n));
  // It is a database like any other again.
  await withClient(then.ownerUrl, (client) => client.query('INSERT INTO markers VALUES (99)'));

  const newest = await restore({
    backup,
    archive,
    passwords: dataDir,
    dataDir: path.join(folder, 'newest'),
  });
  running.push(newest);
  expect(await markersOf(newest)).toEqual(written.map(({ n }) => n));
}, 60_000);
