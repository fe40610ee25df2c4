import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { DomainError } from '../shared/errors.ts';
import { writePlatformAudit } from '../shared/audit.store.ts';
import { insertAdmin, setPassword, setPendingSecret } from './admins.store.ts';
import type { EncryptionDeps } from '../shared/blind-index.ts';
import { hashPassword, newOneTimePassword } from './secrets.ts';
import { endSessions } from './sessions.store.ts';
import { invitationLifeMs } from './sign-in.rules.ts';
import type { AdminRole } from '#vocabulary/console.ts';

export interface Invitation {
  readonly username: string;
  readonly email: string;
  readonly role: AdminRole;
  /** The admin who invites; null: the command line. */
  readonly by: string | null;
}

/**
 * Makes an account with a password for one sign-in.
 * @throws DomainError idempotency_conflict when the username or the address is taken
 */
export async function createAdmin(
  client: PoolClient,
  encryptionDeps: EncryptionDeps,
  { username, email, role, by }: Invitation,
  now: Date,
): Promise<{ adminId: string; oneTimePassword: string }> {
  const adminId = randomUUID();
  const oneTimePassword = newOneTimePassword();
  const isNew = await insertAdmin(client, encryptionDeps, {
    adminId,
    username,
    email,
    role,
    passwordHash: await hashPassword(oneTimePassword),
    passwordExpiresAt: new Date(now.getTime() + invitationLifeMs),
  });
  if (!isNew)
    throw new DomainError('idempotency_conflict', {
      field: 'username',
      message: 'the username or the address is taken',
    });
  await writePlatformAudit(client, by, {
    action: 'admin_invited',
    targetTable: 'admin_users',
    targetId: adminId,
    severity: 'warning',
    metadata: { role },
  });
  return { adminId, oneTimePassword };
}

/** Clears password, authenticator and sessions of an admin who cannot sign in any more, or must not. */
export async function resetAccess(
  client: PoolClient,
  encryptionDeps: EncryptionDeps,
  { adminId, by }: { readonly adminId: string; readonly by: string | null },
  now: Date,
): Promise<string> {
  const oneTimePassword = newOneTimePassword();
  const expiresAt = new Date(now.getTime() + invitationLifeMs);
  await setPassword(client, adminId, await hashPassword(oneTimePassword), expiresAt);
  await setPendingSecret(client, encryptionDeps, adminId, null);
  await endSessions(client, adminId);
  await writePlatformAudit(client, by, {
    action: 'admin_access_reset',
    targetTable: 'admin_users',
    targetId: adminId,
    severity: 'warning',
  });
  return oneTimePassword;
}
