import { localSecrets } from './demo-secrets.ts';
import { dataDir, fromData } from './paths.ts';
import { runningPostgres, startEmbeddedPostgres } from './postgres.ts';
import { Problem } from './process.ts';

export interface Database {
  /** Migrates. */
  ownerUrl: string;
  /** What the processes connect with. */
  appUrl: string;
  embedded: boolean;
  /** Stops what was started for this; another process's server keeps running. */
  stop: () => Promise<void>;
}

/**
 * The database the environment names, else the embedded one in DATA_DIR: the server that a running demo
 * has started there, or one of our own.
 */
export async function openDatabase(): Promise<Database> {
  const { DATABASE_OWNER_URL: owner, DATABASE_URL: app } = process.env;
  if (owner !== undefined && owner !== '') {
    return {
      ownerUrl: owner,
      appUrl: app ?? '',
      embedded: false,
      stop: () => Promise.resolve(),
    };
  }
  if (app !== undefined && app !== '') {
    throw new Problem(
      'DATABASE_URL is set and DATABASE_OWNER_URL is missing: migrations run as the owner of the database, not as the application.',
    );
  }
  const folder = fromData('postgres');
  const server = runningPostgres(folder) ?? (await startEmbeddedPostgres({ dataDir: folder }));
  const appUrl = new URL(server.ownerUrl);
  appUrl.username = 'loyalnest_app';
  appUrl.password = localSecrets(dataDir).APP_DATABASE_PASSWORD ?? '';
  return {
    ownerUrl: server.ownerUrl,
    appUrl: appUrl.toString(),
    embedded: true,
    stop: server.stop,
  };
}
