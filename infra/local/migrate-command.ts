import { parseArgs } from 'node:util';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import type { Direction } from './migrate.ts';
import { dataDir } from './paths.ts';
import { withClient } from './postgres.ts';
import { Problem } from './process.ts';

const directions: readonly Direction[] = ['up', 'down', 'status'];

/** `npm run migrate [up|down|status] [-- --partitions=N] [--partition=create] [--yes]`, or `-- --citus [--check]` */
export async function migrateCommand(args: readonly string[]): Promise<void> {
  const { direction, partitions, yes, citus, check } = readArguments(args);
  if (citus) {
    await distributeByTenant(check);
    return;
  }
  if (direction === 'down' && !yes && process.env.NODE_ENV === 'production')
    throw new Problem(
      'Migrating down drops what the latest migration made, with its data. In production that wants --yes: npm run migrate -- down --yes',
    );
  const database = await openDatabase();
  try {
    await migrate(database.ownerUrl, direction, {
      partitions,
      queue: (process.env.REDIS_URL ?? '') === '',
      ...(database.appUrl === '' ? {} : { appUrl: database.appUrl }),
      ...(database.embedded ? { localData: dataDir } : {}),
      log: (line) => process.stdout.write(`${line}\n`),
    });
    if (direction !== 'status') process.stdout.write(`Migrated ${direction}.\n`);
  } finally {
    await database.stop();
  }
}

/** Distributes the tables of a migrated database by tenant, or says what that would do. */
async function distributeByTenant(check: boolean): Promise<void> {
  const { distribute } = await import('./citus.ts');
  const database = await openDatabase();
  try {
    await distribute(database.ownerUrl, {
      check,
      log: (line) => process.stdout.write(`${line}\n`),
    });
    process.stdout.write(check ? 'Everything fits; nothing was changed.\n' : 'Distributed.\n');
  } finally {
    await database.stop();
  }
}

/** `npm run migrate:refresh-rfm`: what the nightly schedule does, now. */
export async function refreshRfm(): Promise<void> {
  const database = await openDatabase();
  try {
    await withClient(database.appUrl, (client) =>
      client.query('select refresh_rfm_segment_counts()'),
    );
    process.stdout.write('Refreshed rfm_segment_counts.\n');
  } finally {
    await database.stop();
  }
}

function readArguments(args: readonly string[]): {
  direction: Direction;
  partitions: number;
  yes: boolean;
  citus: boolean;
  check: boolean;
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      partitions: { type: 'string' },
      // The deployment guide's: the first migration makes them, so that it asks for nothing more than `up`.
      partition: { type: 'string' },
      yes: { type: 'boolean', default: false },
      citus: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const [word = 'up', ...rest] = positionals;
  const direction = directions.find((known) => known === word);
  if (direction === undefined || rest.length > 0) {
    throw new Problem(
      `npm run migrate takes ${directions.join(', ')}, not "${positionals.join(' ')}".`,
    );
  }
  if (values.partition !== undefined && (values.partition !== 'create' || direction !== 'up'))
    throw new Problem('--partition takes nothing but create, and goes with migrating up.');
  if (values.check && !values.citus)
    throw new Problem('--check goes with --citus: npm run migrate -- --citus --check');
  if (values.citus && positionals.length > 0)
    throw new Problem('--citus distributes a database that is migrated, and takes no direction.');
  return {
    direction,
    partitions: Number(values.partitions ?? process.env.DB_PARTITIONS ?? 8),
    yes: values.yes,
    citus: values.citus,
    check: values.check,
  };
}
