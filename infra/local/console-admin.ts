import { parseArgs } from 'node:util';
import type { PoolClient } from 'pg';
import { findAdmin } from '#core/console/admins.store.ts';
import type { EncryptionDeps } from '#core/shared/blind-index.ts';
import { createAdmin, resetAccess } from '#core/console/create-admin.ts';
import { adminAccountSchema } from '#core/console/requests.ts';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { createEncryption } from '#core/shared/encryption.ts';
import { onPlatform } from '#core/database/platform-transaction.ts';
import { createPool } from '#core/database/pool.ts';
import { openDatabase } from './database.ts';
import { localSecrets } from './demo-secrets.ts';
import { dataDir } from './paths.ts';
import { Problem } from './process.ts';

export interface Account {
  readonly username: string;
  readonly email: string;
  readonly role: 'superadmin' | 'support' | 'analyst';
}

interface Keys {
  readonly ENCRYPTION_KEYS: string;
  readonly BLIND_INDEX_KEY: string;
}

/** The one-time password; undefined when the account exists and no reset was requested. */
export async function makeConsoleAdmin(
  databaseUrl: string,
  keys: Keys,
  account: Account,
  { reset = false } = {},
): Promise<string | undefined> {
  const pool = createPool({ connectionString: databaseUrl, max: 1 });
  const encryptionDeps: EncryptionDeps = {
    encryption: createEncryption(keys.ENCRYPTION_KEYS),
    blindIndex: createBlindIndex(keys.BLIND_INDEX_KEY),
  };
  try {
    return await onPlatform(pool, (client) => make(client, encryptionDeps, account, reset));
  } finally {
    await pool.end();
  }
}

async function make(
  client: PoolClient,
  encryptionDeps: EncryptionDeps,
  account: Account,
  reset: boolean,
) {
  const known =
    (await findAdmin(client, encryptionDeps, account.email)) ??
    (await findAdmin(client, encryptionDeps, account.username));
  const now = new Date();
  if (known === undefined) {
    const { oneTimePassword } = await createAdmin(
      client,
      encryptionDeps,
      { ...account, by: null },
      now,
    );
    return oneTimePassword;
  }
  return reset
    ? resetAccess(client, encryptionDeps, { adminId: known.adminId, by: null }, now)
    : undefined;
}

/** `npm run console:admin -- --email ada@example.com [--username ada] [--role superadmin] [--reset]` */
export async function consoleAdmin(args: readonly string[]): Promise<void> {
  const { account, reset } = readArguments(args);
  const database = await openDatabase();
  try {
    const oneTimePassword = await makeConsoleAdmin(
      database.appUrl,
      keysOf(database.embedded),
      account,
      { reset },
    );
    if (oneTimePassword === undefined)
      throw new Problem(
        `There is an account for ${account.email} or ${account.username} already. With --reset it gets a new one-time password, and loses its authenticator and its sessions.`,
      );
    process.stdout.write(
      [
        `Username           ${account.username}`,
        `One-time password  ${oneTimePassword}`,
        'Good for one sign-in at /console within three days; it asks for a password of your own and an authenticator.',
        '',
      ].join('\n'),
    );
  } finally {
    await database.stop();
  }
}

/** Those of the running product: of the demo on its own database, else of the environment. */
function keysOf(embedded: boolean): Keys {
  const { ENCRYPTION_KEYS = '', BLIND_INDEX_KEY = '' } = embedded
    ? localSecrets(dataDir)
    : process.env;
  if (ENCRYPTION_KEYS === '' || BLIND_INDEX_KEY === '')
    throw new Problem('ENCRYPTION_KEYS and BLIND_INDEX_KEY must be those that core runs with.');
  return { ENCRYPTION_KEYS, BLIND_INDEX_KEY };
}

function readArguments(args: readonly string[]): { account: Account; reset: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      email: { type: 'string' },
      username: { type: 'string' },
      role: { type: 'string', default: 'superadmin' },
      reset: { type: 'boolean', default: false },
    },
  });
  const { email = '', role } = values;
  const username = values.username ?? (email.split('@')[0] ?? '').replace(/[^\w.-]/g, '-');
  const account = adminAccountSchema.safeParse({ email, username, role });
  if (!account.success)
    throw new Problem(
      `npm run console:admin takes --email <address> [--username <name>] [--role superadmin|support|analyst] [--reset]: ${account.error.issues
        .map(({ path, message }) => `${path.join('.')} ${message}`)
        .join('; ')}`,
    );
  return { account: account.data, reset: values.reset };
}
