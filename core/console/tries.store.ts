import type { BlindIndex } from '../shared/blind-index.ts';
import type { Queryable } from '../database/queryable.ts';
import { countTry, lockMs, tryWindowMs } from './sign-in.rules.ts';
import type { Tries } from './sign-in.rules.ts';

export interface TryKey {
  /** What is counted; kept as a keyed hash alone. */
  readonly key: string;
  readonly limit: number;
}

interface TriesRow {
  tries: number;
  since: Date;
  locked_until: Date | null;
}

/**
 * Counts a try under each key, if all of them allow it. One that is refused counts nowhere: otherwise a caller who has used up
 * their own tries would go on using up those of the account, and lock its owner out. In PostgreSQL and not in Redis: the
 * keys are counted together or not at all, and a limit on passwords must hold while Redis is away or empty.
 * @returns whether it is allowed
 */
export async function recordTry(
  on: Queryable,
  blindIndex: BlindIndex,
  keys: readonly TryKey[],
  now: Date,
): Promise<boolean> {
  // Always in the same order: two calls that share a key wait for each other instead of deadlocking.
  const sorted = keys
    .map(({ key, limit }) => ({ hash: blindIndex.signInTry(key), limit }))
    .sort((one, other) => Buffer.compare(one.hash, other.hash));
  const counted = [];
  for (const { hash, limit } of sorted) {
    const inserted = await on.query(
      'INSERT INTO admin_sign_in_tries (key_hash, tries, since) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING',
      [hash, now],
    );
    const isNew = inserted.rowCount === 1;
    const known = isNew ? undefined : await lockTries(on, hash);
    counted.push({ hash, isNew, ...countTry(known, now, limit) });
  }
  const isAllowed = counted.every((one) => one.isAllowed);
  for (const one of counted) {
    if (isAllowed ? one.isNew : one.isAllowed && !one.isNew) continue;
    if (!isAllowed && one.isNew)
      await on.query('DELETE FROM admin_sign_in_tries WHERE key_hash = $1', [one.hash]);
    else
      await on.query(
        `INSERT INTO admin_sign_in_tries (key_hash, tries, since, locked_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key_hash) DO UPDATE SET tries = EXCLUDED.tries, since = EXCLUDED.since,
           locked_until = EXCLUDED.locked_until`,
        [one.hash, one.next.tries, one.next.since, one.next.lockedUntil],
      );
  }
  return isAllowed;
}

async function lockTries(on: Queryable, hash: Buffer): Promise<Tries | undefined> {
  const { rows } = await on.query<TriesRow>(
    'SELECT tries, since, locked_until FROM admin_sign_in_tries WHERE key_hash = $1 FOR UPDATE',
    [hash],
  );
  const row = rows[0];
  return row && { tries: row.tries, since: row.since, lockedUntil: row.locked_until };
}

export async function forgetTries(
  on: Queryable,
  blindIndex: BlindIndex,
  keys: readonly TryKey[],
): Promise<void> {
  await on.query('DELETE FROM admin_sign_in_tries WHERE key_hash = ANY ($1)', [
    keys.map(({ key }) => blindIndex.signInTry(key)),
  ]);
}

export async function deleteOldTries(on: Queryable, now: Date): Promise<void> {
  await on.query('DELETE FROM admin_sign_in_tries WHERE since < $1', [
    new Date(now.getTime() - tryWindowMs - lockMs),
  ]);
}
