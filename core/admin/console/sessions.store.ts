import { randomUUID } from 'node:crypto';
import type { AdminSession } from '#proto/admin/v1/console.ts';
import type { Encryption } from '../../database/encryption.ts';
import type { Queryable } from '../../ledger/index.ts';
import { hashSessionSecret, isSameText, newSessionSecret, readSessionToken } from './secrets.ts';
import { writeSessionToken } from './secrets.ts';
import { expiryOf, hasEnded, stages } from './sign-in.rules.ts';
import type { Stage } from './sign-in.rules.ts';

export interface StoredSession {
  readonly sessionId: string;
  readonly adminId: string;
  readonly stage: Stage;
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
}

interface SessionRow {
  session_id: string;
  admin_id: string;
  token: Buffer;
  stage: string;
  expires_at: Date;
  last_seen_at: Date;
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
  const { rows } = await on.query<SessionRow>(
    `SELECT session_id, admin_id, token, stage, expires_at, last_seen_at FROM admin_sessions WHERE session_id = $1`,
    [read.sessionId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const kept = encryption.decrypt(row.token, placeOf(row.session_id));
  if (!isSameText(kept, hashSessionSecret(read.secret))) return undefined;
  const stage = stages.find((known) => known === row.stage);
  const times = { expiresAt: row.expires_at, lastSeenAt: row.last_seen_at };
  if (stage === undefined || hasEnded(times, now)) return undefined;
  return { sessionId: row.session_id, adminId: row.admin_id, stage, ...times };
}

/** Begins a session, or takes one a step further: with a new token, so that one that was seen before is worth nothing. */
export async function putSession(
  on: Queryable,
  encryption: Encryption,
  session: { readonly adminId: string; readonly stage: Stage; readonly sessionId?: string },
  now: Date,
): Promise<AdminSession> {
  const sessionId = session.sessionId ?? randomUUID();
  const secret = newSessionSecret();
  const expiresAt = expiryOf(session.stage, now);
  await on.query(
    `INSERT INTO admin_sessions (session_id, admin_id, token, stage, expires_at, last_seen_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (session_id) DO UPDATE SET token = EXCLUDED.token, stage = EXCLUDED.stage,
       expires_at = EXCLUDED.expires_at, last_seen_at = EXCLUDED.last_seen_at`,
    [
      sessionId,
      session.adminId,
      encryption.encrypt(hashSessionSecret(secret), placeOf(sessionId)),
      session.stage,
      expiresAt,
      now,
    ],
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
  await on.query('UPDATE admin_sessions SET token = $2 WHERE session_id = $1', [
    session.sessionId,
    encryption.encrypt(hashSessionSecret(secret), placeOf(session.sessionId)),
  ]);
  return {
    sessionToken: writeSessionToken({ sessionId: session.sessionId, secret }),
    stage: session.stage,
    expiresAt: session.expiresAt.toISOString(),
  };
}

export async function touchSession(on: Queryable, sessionId: string, now: Date): Promise<void> {
  await on.query('UPDATE admin_sessions SET last_seen_at = $2 WHERE session_id = $1', [
    sessionId,
    now,
  ]);
}

export async function endSession(on: Queryable, sessionId: string): Promise<void> {
  await on.query('DELETE FROM admin_sessions WHERE session_id = $1', [sessionId]);
}

/** All of a person's sessions, but one where it is named. */
export async function endSessions(on: Queryable, adminId: string, but?: string): Promise<void> {
  await on.query(
    'DELETE FROM admin_sessions WHERE admin_id = $1 AND session_id IS DISTINCT FROM $2',
    [adminId, but ?? null],
  );
}

export async function deleteEndedSessions(on: Queryable, now: Date): Promise<void> {
  await on.query('DELETE FROM admin_sessions WHERE expires_at <= $1', [now]);
}
