import { randomUUID } from 'node:crypto';
import type { AdminSession } from '#proto/admin/v1/console.ts';
import type { Encryption } from '../shared/encryption.ts';
import { onPrisma, toBytes } from '../database/prisma-client.ts';
import type { Queryable } from '../database/queryable.ts';
import { hashSessionSecret, isSameText, newSessionSecret, readSessionToken } from './secrets.ts';
import { writeSessionToken } from './secrets.ts';
import { expiryOf, hasEnded } from './sign-in.rules.ts';
import { SIGN_IN_STAGES, type SignInStage } from '#vocabulary/console.ts';

export interface StoredSession {
  readonly sessionId: string;
  readonly adminId: string;
  readonly stage: SignInStage;
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
}

const placeOf = (sessionId: string) => ({
  merchantId: 'platform',
  table: 'admin_sessions',
  column: 'token',
  rowId: sessionId,
});

/** The session that a token is of, unless it has ended. */
export async function findSession(
  on: Queryable,
  encryption: Encryption,
  token: string,
  now: Date,
): Promise<StoredSession | undefined> {
  const read = readSessionToken(token);
  if (read === undefined) return undefined;
  const row = await onPrisma(on, (tx) =>
    tx.adminSession.findUnique({ where: { sessionId: read.sessionId } }),
  );
  if (row === null) return undefined;
  const kept = encryption.decrypt(row.token, placeOf(row.sessionId));
  if (!isSameText(kept, hashSessionSecret(read.secret))) return undefined;
  const stage = SIGN_IN_STAGES.find((known) => known === row.stage);
  const times = { expiresAt: row.expiresAt, lastSeenAt: row.lastSeenAt };
  if (stage === undefined || hasEnded(times, now)) return undefined;
  return { sessionId: row.sessionId, adminId: row.adminId, stage, ...times };
}

/** Begins a session, or takes one a step further: with a new token, so that an earlier one is invalid. */
export async function putSession(
  on: Queryable,
  encryption: Encryption,
  session: { readonly adminId: string; readonly stage: SignInStage; readonly sessionId?: string },
  now: Date,
): Promise<AdminSession> {
  const sessionId = session.sessionId ?? randomUUID();
  const secret = newSessionSecret();
  const expiresAt = expiryOf(session.stage, now);
  const kept = {
    token: toBytes(encryption.encrypt(hashSessionSecret(secret), placeOf(sessionId))),
    stage: session.stage,
    expiresAt,
    lastSeenAt: now,
  };
  await onPrisma(on, (tx) =>
    tx.adminSession.upsert({
      where: { sessionId },
      create: { sessionId, adminId: session.adminId, ...kept },
      update: kept,
    }),
  );
  return {
    sessionToken: writeSessionToken({ sessionId, secret }),
    stage: session.stage,
    expiresAt: expiresAt.toISOString(),
  };
}

/** A new token within the time that the session has left. */
export async function renewToken(
  on: Queryable,
  encryption: Encryption,
  session: StoredSession,
): Promise<AdminSession> {
  const secret = newSessionSecret();
  const token = toBytes(encryption.encrypt(hashSessionSecret(secret), placeOf(session.sessionId)));
  await onPrisma(on, (tx) =>
    tx.adminSession.updateMany({ where: { sessionId: session.sessionId }, data: { token } }),
  );
  return {
    sessionToken: writeSessionToken({ sessionId: session.sessionId, secret }),
    stage: session.stage,
    expiresAt: session.expiresAt.toISOString(),
  };
}

export async function touchSession(on: Queryable, sessionId: string, now: Date): Promise<void> {
  await onPrisma(on, (tx) =>
    tx.adminSession.updateMany({ where: { sessionId }, data: { lastSeenAt: now } }),
  );
}

export async function endSession(on: Queryable, sessionId: string): Promise<void> {
  await onPrisma(on, (tx) => tx.adminSession.deleteMany({ where: { sessionId } }));
}

/** All of a person's sessions, but one where it is named. */
export async function endSessions(on: Queryable, adminId: string, but?: string): Promise<void> {
  await onPrisma(on, (tx) =>
    tx.adminSession.deleteMany({
      where: { adminId, ...(but !== undefined && { sessionId: { not: but } }) },
    }),
  );
}

export async function deleteEndedSessions(on: Queryable, now: Date): Promise<void> {
  await onPrisma(on, (tx) => tx.adminSession.deleteMany({ where: { expiresAt: { lte: now } } }));
}
