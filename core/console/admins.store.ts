import type { AdminUser } from '#proto/admin/v1/console.ts';
import { z } from 'zod';
import type { EncryptionDeps } from '../shared/blind-index.ts';
import {
  onPrisma,
  safeNumber,
  toBytes,
  type PrismaTransaction,
} from '../database/prisma-client.ts';
import type { Queryable } from '../database/queryable.ts';
import type { AdminUser as AdminRow } from '#prisma/generated/client.ts';
import { scopesOf } from './sign-in.rules.ts';
import { ADMIN_ROLES, type AdminRole } from '#vocabulary/console.ts';

/** Stands where hashed values of tenants name theirs. */
const platform = 'platform';

export interface Admin {
  readonly adminId: string;
  readonly username: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly passwordExpiresAt: Date | null;
  readonly mustChangePassword: boolean;
  readonly role: AdminRole;
  readonly scopes: readonly string[];
  readonly mfaEnabled: boolean;
  /** Base32; also one that is not in force yet. */
  readonly mfaSecret: string | null;
  readonly mfaLastStep: number | null;
  readonly recoveryCodeHashes: readonly Buffer[];
  readonly status: string;
  readonly lastLoginAt: Date | null;
  readonly createdAt: Date;
}

const metadataSchema = z.object({ role: z.enum(ADMIN_ROLES), scopes: z.array(z.string()) });

/** Of no tenant: bound to the person twice, as `encrypted_columns()` says. */
const placeOf = (column: string, adminId: string) => ({
  merchantId: adminId,
  table: 'admin_users',
  column,
  rowId: adminId,
});

function toAdmin({ encryption }: EncryptionDeps, row: AdminRow): Admin {
  const { role, scopes } = metadataSchema.parse(
    JSON.parse(encryption.decrypt(row.metadata, placeOf('metadata', row.adminId))),
  );
  return {
    adminId: row.adminId,
    username: row.username,
    email: encryption.decrypt(row.email, placeOf('email', row.adminId)),
    passwordHash: row.passwordHash,
    passwordExpiresAt: row.passwordExpiresAt,
    mustChangePassword: row.mustChangePassword,
    role,
    scopes,
    mfaEnabled: row.mfaEnabled,
    mfaSecret:
      row.mfaSecret === null
        ? null
        : encryption.decrypt(row.mfaSecret, placeOf('mfa_secret', row.adminId)),
    mfaLastStep: row.mfaLastStep === null ? null : safeNumber(row.mfaLastStep),
    recoveryCodeHashes: row.recoveryCodeHashes.map((hash) => Buffer.from(hash)),
    status: row.status,
    lastLoginAt: row.lastLoginAt,
    createdAt: row.createdAt,
  };
}

/** By email address where there is an @ in it, else by username. */
export async function findAdmin(
  on: Queryable,
  encryptionDeps: EncryptionDeps,
  login: string,
): Promise<Admin | undefined> {
  const where = login.includes('@')
    ? { emailHash: toBytes(encryptionDeps.blindIndex.email(platform, login)) }
    : { username: login.trim().toLowerCase() };
  const row = await onPrisma(on, (tx) => tx.adminUser.findUnique({ where }));
  return row === null ? undefined : toAdmin(encryptionDeps, row);
}

/** Keeps others from changing the row until the transaction ends. */
export async function lockAdmin(
  on: Queryable,
  encryptionDeps: EncryptionDeps,
  adminId: string,
): Promise<Admin | undefined> {
  // A statement of its own: Prisma has no word for a lock.
  await on.query('SELECT FROM admin_users WHERE admin_id = $1 FOR UPDATE', [adminId]);
  const row = await onPrisma(on, (tx) => tx.adminUser.findUnique({ where: { adminId } }));
  return row === null ? undefined : toAdmin(encryptionDeps, row);
}

/** All of them, locked, so that the last superadmin cannot be lost by two admins who remove each other. */
export async function lockAdmins(on: Queryable, encryptionDeps: EncryptionDeps): Promise<Admin[]> {
  await on.query('SELECT FROM admin_users ORDER BY admin_id FOR UPDATE');
  return listAdmins(on, encryptionDeps);
}

export async function listAdmins(on: Queryable, encryptionDeps: EncryptionDeps): Promise<Admin[]> {
  const rows = await onPrisma(on, (tx) =>
    tx.adminUser.findMany({ orderBy: [{ createdAt: 'asc' }, { adminId: 'asc' }] }),
  );
  return rows.map((row) => toAdmin(encryptionDeps, row));
}

export interface NewAdmin {
  readonly adminId: string;
  readonly username: string;
  readonly email: string;
  readonly role: AdminRole;
  readonly passwordHash: string;
  readonly passwordExpiresAt: Date;
}

function encryptMetadata({ encryption }: EncryptionDeps, adminId: string, role: AdminRole) {
  const text = JSON.stringify({ role, scopes: scopesOf(role) });
  return toBytes(encryption.encrypt(text, placeOf('metadata', adminId)));
}

/** @returns false when the username or the address is taken */
export async function insertAdmin(
  on: Queryable,
  encryptionDeps: EncryptionDeps,
  admin: NewAdmin,
): Promise<boolean> {
  const encrypted = encryptionDeps.encryption.encrypt(admin.email, placeOf('email', admin.adminId));
  const { count } = await onPrisma(on, (tx) =>
    tx.adminUser.createMany({
      data: {
        adminId: admin.adminId,
        username: admin.username,
        email: toBytes(encrypted),
        emailHash: toBytes(encryptionDeps.blindIndex.email(platform, admin.email)),
        passwordHash: admin.passwordHash,
        passwordExpiresAt: admin.passwordExpiresAt,
        mustChangePassword: true,
        metadata: encryptMetadata(encryptionDeps, admin.adminId, admin.role),
      },
      skipDuplicates: true,
    }),
  );
  return count === 1;
}

type AdminChange = Parameters<PrismaTransaction['adminUser']['updateMany']>[0]['data'];

const change = (on: Queryable, adminId: string, data: AdminChange): Promise<unknown> =>
  onPrisma(on, (tx) => tx.adminUser.updateMany({ where: { adminId }, data }));

export async function updateAdmin(
  on: Queryable,
  encryptionDeps: EncryptionDeps,
  adminId: string,
  { role, status }: { readonly role: AdminRole; readonly status: string },
): Promise<void> {
  await change(on, adminId, { metadata: encryptMetadata(encryptionDeps, adminId, role), status });
}

/** A password of their own when `expiresAt` is null; else one for a single sign-in. */
export async function setPassword(
  on: Queryable,
  adminId: string,
  passwordHash: string,
  expiresAt: Date | null,
): Promise<void> {
  await change(on, adminId, {
    passwordHash,
    passwordExpiresAt: expiresAt,
    mustChangePassword: expiresAt !== null,
  });
}

/** A secret that is not in force yet; null forgets the authenticator. */
export async function setPendingSecret(
  on: Queryable,
  { encryption }: EncryptionDeps,
  adminId: string,
  secret: string | null,
): Promise<void> {
  await change(on, adminId, {
    mfaEnabled: false,
    mfaSecret:
      secret === null ? null : toBytes(encryption.encrypt(secret, placeOf('mfa_secret', adminId))),
    mfaLastStep: null,
    recoveryCodeHashes: [],
  });
}

export async function enableSecondFactor(
  on: Queryable,
  adminId: string,
  step: number,
  recoveryCodeHashes: readonly Buffer[],
): Promise<void> {
  await change(on, adminId, {
    mfaEnabled: true,
    mfaLastStep: step,
    recoveryCodeHashes: recoveryCodeHashes.map(toBytes),
  });
}

export async function useStep(on: Queryable, adminId: string, step: number): Promise<void> {
  await change(on, adminId, { mfaLastStep: step });
}

export async function useRecoveryCode(on: Queryable, adminId: string, hash: Buffer): Promise<void> {
  // SQL: two codes used at once must not write each other's list back.
  await on.query(
    'UPDATE admin_users SET recovery_code_hashes = array_remove(recovery_code_hashes, $2) WHERE admin_id = $1',
    [adminId, hash],
  );
}

export async function noteSignIn(on: Queryable, adminId: string, now: Date): Promise<void> {
  await change(on, adminId, { lastLoginAt: now });
}

export function toAdminMessage(admin: Admin): AdminUser {
  return {
    adminId: admin.adminId,
    username: admin.username,
    email: admin.email,
    role: admin.role,
    scopes: [...admin.scopes],
    status: admin.status,
    mfaEnabled: admin.mfaEnabled,
    isInvited: admin.mustChangePassword,
    lastLoginAt: admin.lastLoginAt?.toISOString() ?? '',
    createdAt: admin.createdAt.toISOString(),
  };
}
