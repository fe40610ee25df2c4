import type { AdminUser } from '#proto/admin/v1/console.ts';
import { z } from 'zod';
import type { BlindIndex } from '../../database/blind-index.ts';
import type { Encryption } from '../../database/encryption.ts';
import type { Queryable } from '../../ledger/index.ts';
import { roles, scopesOf } from './sign-in.rules.ts';
import type { Role } from './sign-in.rules.ts';

/** Stands where hashed values of tenants name theirs. */
const platform = 'platform';

export interface Seals {
  readonly encryption: Encryption;
  readonly blindIndex: BlindIndex;
}

export interface Admin {
  readonly adminId: string;
  readonly username: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly passwordExpiresAt: Date | null;
  readonly mustChangePassword: boolean;
  readonly role: Role;
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

interface AdminRow {
  admin_id: string;
  username: string;
  email: Buffer;
  password_hash: string;
  password_expires_at: Date | null;
  must_change_password: boolean;
  metadata: Buffer;
  mfa_enabled: boolean;
  mfa_secret: Buffer | null;
  mfa_last_step: string | null;
  recovery_code_hashes: Buffer[];
  status: string;
  last_login_at: Date | null;
  created_at: Date;
}

const columns = `u.admin_id, u.username, u.email, u.password_hash, u.password_expires_at, u.must_change_password,
  u.metadata, u.mfa_enabled, u.mfa_secret, u.mfa_last_step, u.recovery_code_hashes, u.status, u.last_login_at,
  u.created_at`;

const metadataSchema = z.object({ role: z.enum(roles), scopes: z.array(z.string()) });

/** Of no tenant: bound to the person twice, as `sealed_columns()` says. */
const placeOf = (column: string, adminId: string) => ({
  merchantId: adminId,
  table: 'admin_users',
  column,
  rowId: adminId,
});

function toAdmin({ encryption }: Seals, row: AdminRow): Admin {
  const { role, scopes } = metadataSchema.parse(
    JSON.parse(encryption.decrypt(row.metadata, placeOf('metadata', row.admin_id))),
  );
  return {
    adminId: row.admin_id,
    username: row.username,
    email: encryption.decrypt(row.email, placeOf('email', row.admin_id)),
    passwordHash: row.password_hash,
    passwordExpiresAt: row.password_expires_at,
    mustChangePassword: row.must_change_password,
    role,
    scopes,
    mfaEnabled: row.mfa_enabled,
    mfaSecret:
      row.mfa_secret === null
        ? null
        : encryption.decrypt(row.mfa_secret, placeOf('mfa_secret', row.admin_id)),
    mfaLastStep: row.mfa_last_step === null ? null : Number(row.mfa_last_step),
    recoveryCodeHashes: row.recovery_code_hashes,
    status: row.status,
    lastLoginAt: row.last_login_at,
    createdAt: row.created_at,
  };
}

/** By e-mail address where there is an @ in it, else by username. */
export async function findAdmin(
  on: Queryable,
  seals: Seals,
  login: string,
): Promise<Admin | undefined> {
  const { rows } = login.includes('@')
    ? await on.query<AdminRow>(`SELECT ${columns} FROM admin_users u WHERE u.email_hash = $1`, [
        seals.blindIndex.email(platform, login),
      ])
    : await on.query<AdminRow>(`SELECT ${columns} FROM admin_users u WHERE u.username = $1`, [
        login.trim().toLowerCase(),
      ]);
  return rows[0] === undefined ? undefined : toAdmin(seals, rows[0]);
}

/** Keeps others from changing the row until the transaction ends. */
export async function lockAdmin(
  on: Queryable,
  seals: Seals,
  adminId: string,
): Promise<Admin | undefined> {
  const { rows } = await on.query<AdminRow>(
    `SELECT ${columns} FROM admin_users u WHERE u.admin_id = $1 FOR UPDATE`,
    [adminId],
  );
  return rows[0] === undefined ? undefined : toAdmin(seals, rows[0]);
}

/** All of them, locked, so that the last superadmin cannot be two people who each remove the other. */
export async function lockAdmins(on: Queryable, seals: Seals): Promise<Admin[]> {
  const { rows } = await on.query<AdminRow>(
    `SELECT ${columns} FROM admin_users u ORDER BY u.admin_id FOR UPDATE`,
  );
  return rows.map((row) => toAdmin(seals, row));
}

export async function listAdmins(on: Queryable, seals: Seals): Promise<Admin[]> {
  const { rows } = await on.query<AdminRow>(
    `SELECT ${columns} FROM admin_users u ORDER BY u.created_at, u.admin_id`,
  );
  return rows.map((row) => toAdmin(seals, row));
}

export interface NewAdmin {
  readonly adminId: string;
  readonly username: string;
  readonly email: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly passwordExpiresAt: Date;
}

function sealMetadata({ encryption }: Seals, adminId: string, role: Role): Buffer {
  return encryption.encrypt(
    JSON.stringify({ role, scopes: scopesOf(role) }),
    placeOf('metadata', adminId),
  );
}

/** @returns false when the username or the address is taken */
export async function insertAdmin(on: Queryable, seals: Seals, admin: NewAdmin): Promise<boolean> {
  const { rowCount } = await on.query(
    `INSERT INTO admin_users (admin_id, username, email, email_hash, password_hash, password_expires_at,
       must_change_password, metadata)
     VALUES ($1, $2, $3, $4, $5, $6, true, $7) ON CONFLICT DO NOTHING`,
    [
      admin.adminId,
      admin.username,
      seals.encryption.encrypt(admin.email, placeOf('email', admin.adminId)),
      seals.blindIndex.email(platform, admin.email),
      admin.passwordHash,
      admin.passwordExpiresAt,
      sealMetadata(seals, admin.adminId, admin.role),
    ],
  );
  return rowCount === 1;
}

export async function updateAdmin(
  on: Queryable,
  seals: Seals,
  adminId: string,
  change: { readonly role: Role; readonly status: string },
): Promise<void> {
  await on.query('UPDATE admin_users SET metadata = $2, status = $3 WHERE admin_id = $1', [
    adminId,
    sealMetadata(seals, adminId, change.role),
    change.status,
  ]);
}

/** A password of their own when `expiresAt` is null; else one for a single sign-in. */
export async function setPassword(
  on: Queryable,
  adminId: string,
  passwordHash: string,
  expiresAt: Date | null,
): Promise<void> {
  await on.query(
    `UPDATE admin_users SET password_hash = $2, password_expires_at = $3, must_change_password = $4
     WHERE admin_id = $1`,
    [adminId, passwordHash, expiresAt, expiresAt !== null],
  );
}

/** A secret that is not in force yet; null forgets the authenticator. */
export async function setPendingSecret(
  on: Queryable,
  { encryption }: Seals,
  adminId: string,
  secret: string | null,
): Promise<void> {
  const sealed =
    secret === null ? null : encryption.encrypt(secret, placeOf('mfa_secret', adminId));
  await on.query(
    `UPDATE admin_users SET mfa_enabled = false, mfa_secret = $2, mfa_last_step = NULL,
       recovery_code_hashes = '{}' WHERE admin_id = $1`,
    [adminId, sealed],
  );
}

export async function enableSecondFactor(
  on: Queryable,
  adminId: string,
  step: number,
  recoveryCodeHashes: readonly Buffer[],
): Promise<void> {
  await on.query(
    `UPDATE admin_users SET mfa_enabled = true, mfa_last_step = $2, recovery_code_hashes = $3 WHERE admin_id = $1`,
    [adminId, step, recoveryCodeHashes],
  );
}

export async function useStep(on: Queryable, adminId: string, step: number): Promise<void> {
  await on.query('UPDATE admin_users SET mfa_last_step = $2 WHERE admin_id = $1', [adminId, step]);
}

export async function useRecoveryCode(on: Queryable, adminId: string, hash: Buffer): Promise<void> {
  await on.query(
    'UPDATE admin_users SET recovery_code_hashes = array_remove(recovery_code_hashes, $2) WHERE admin_id = $1',
    [adminId, hash],
  );
}

export async function noteSignIn(on: Queryable, adminId: string, now: Date): Promise<void> {
  await on.query('UPDATE admin_users SET last_login_at = $2 WHERE admin_id = $1', [adminId, now]);
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
