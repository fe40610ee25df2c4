import type { PoolClient } from 'pg';
import type { AdminSession } from '#proto/admin/v1/console.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { onPlatform } from '../database/platform-transaction.ts';
import { writePlatformAudit } from '../shared/audit.store.ts';
import { DomainError } from '../shared/errors.ts';
import { lockAdmin, noteSignIn, useRecoveryCode, useStep, type Admin } from './admins.store.ts';
import { hashRecoveryCode } from './secrets.ts';
import { findSession, putSession, type StoredSession } from './sessions.store.ts';
import { nextStage, tryLimits } from './sign-in.rules.ts';
import { acceptedStep, fromBase32 } from './totp.rules.ts';
import { recordTry, type TryKey } from './tries.store.ts';
import type { SignInStage } from '#vocabulary/console.ts';
import type { PlatformAction } from '#vocabulary/activity.ts';

/**
 * The session of a user who signs in to the console, from stage to stage. What is tried is counted in a transaction
 * of its own, outside of what is rolled back when it was wrong.
 */

export type ConsoleDependencies = Pick<
  CoreDependencies,
  'pool' | 'encryption' | 'blindIndex' | 'clock'
>;

export const wrong = (field: string) =>
  new DomainError('unauthenticated', { field, message: 'is wrong' });

/** Counts a try. @throws DomainError rate_limited when there were too many of them */
export async function refuseIfTooMany(
  { pool, blindIndex, clock }: ConsoleDependencies,
  keys: readonly TryKey[],
): Promise<void> {
  const isAllowed = await onPlatform(pool, (client) =>
    recordTry(client, blindIndex, keys, clock()),
  );
  if (!isAllowed)
    throw new DomainError('rate_limited', {
      message: 'too many tries; wait a quarter of an hour',
    });
}

/** Runs work for a session that has reached one of these stages; the user's row is locked. */
export function inSession<T>(
  deps: ConsoleDependencies,
  token: string,
  allowed: readonly SignInStage[],
  work: (client: PoolClient, session: StoredSession, admin: Admin) => Promise<T>,
): Promise<T> {
  const { pool, encryption, clock } = deps;
  return onPlatform(pool, async (client) => {
    const session = await findSession(client, encryption, token, clock());
    const admin = session && (await lockAdmin(client, deps, session.adminId));
    if (session === undefined || admin === undefined || admin.status !== 'active')
      throw wrong('session_token');
    if (!allowed.includes(session.stage))
      throw new DomainError('forbidden', { message: `the session is at ${session.stage}` });
    return work(client, session, admin);
  });
}

/** Counts an attempt in a session. @returns what it is counted under, to be forgotten when it was right */
export async function refuseTooManyCodes(
  deps: ConsoleDependencies,
  token: string,
  allowed: readonly SignInStage[],
): Promise<TryKey[]> {
  const adminId = await inSession(deps, token, allowed, (_client, session) =>
    Promise.resolve(session.adminId),
  );
  const keys: TryKey[] = [{ key: `code ${adminId}`, limit: tryLimits.code }];
  await refuseIfTooMany(deps, keys);
  return keys;
}

/** The session goes on to the next stage, under a new token. */
export async function advance(
  { encryption, clock }: ConsoleDependencies,
  client: PoolClient,
  { sessionId, adminId }: StoredSession,
  admin: Pick<Admin, 'adminId' | 'mfaEnabled' | 'mustChangePassword'>,
): Promise<AdminSession> {
  const stage = nextStage(admin, { secondFactor: true });
  if (stage === 'signed_in') {
    await noteSignIn(client, admin.adminId, clock());
    await writePlatformAudit(client, admin.adminId, {
      action: 'admin_signed_in',
      targetTable: 'admin_users',
      targetId: admin.adminId,
    });
  }
  return putSession(client, encryption, { sessionId, adminId, stage }, clock());
}

/** Stays written down though the call fails. */
export async function noteFailure(
  { pool }: ConsoleDependencies,
  adminId: string,
  action: PlatformAction,
): Promise<void> {
  await onPlatform(pool, (client) =>
    writePlatformAudit(client, null, {
      action,
      targetTable: 'admin_users',
      targetId: adminId,
      severity: 'warning',
    }),
  );
}

/** Uses a code of the authenticator up, or a recovery code. @returns whether it was right */
export async function useCode(
  { clock }: ConsoleDependencies,
  client: PoolClient,
  admin: Admin,
  code: string,
): Promise<boolean> {
  const plain = code.replace(/\s/g, '');
  if (/^\d{6}$/.test(plain)) {
    const step =
      admin.mfaSecret === null
        ? undefined
        : acceptedStep(fromBase32(admin.mfaSecret), plain, clock(), admin.mfaLastStep);
    if (step !== undefined) await useStep(client, admin.adminId, step);
    return step !== undefined;
  }
  const hash = hashRecoveryCode(admin.adminId, plain);
  if (!admin.recoveryCodeHashes.some((known) => known.equals(hash))) return false;
  await useRecoveryCode(client, admin.adminId, hash);
  await writePlatformAudit(client, admin.adminId, {
    action: 'admin_recovery_code_used',
    targetTable: 'admin_users',
    targetId: admin.adminId,
    severity: 'warning',
  });
  return true;
}
