import type { Merchant } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import { PROGRAM_CONFIG_SQL, startingConfig } from '../program/program.rules.ts';
import { decodeCursor, encodeCursor, uuidPattern } from '../shared/cursor.rules.ts';
import { insertSetupTasks } from './setup.store.ts';

export interface MerchantRow {
  merchant_id: string;
  shopify_domain: string;
  name: string | null;
  currency: string;
  timezone: string;
  plan_id: string;
  status: string;
  created_at: Date;
  uninstalled_at: Date | null;
}

export const merchantColumns = `m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status,
  m.created_at, m.uninstalled_at`;

export function toMerchantMessage(row: MerchantRow): Merchant {
  return {
    merchantId: row.merchant_id,
    shopDomain: row.shopify_domain,
    name: row.name ?? '',
    currency: row.currency,
    timezone: row.timezone,
    planId: row.plan_id,
    status: row.status,
    installedAt: row.created_at.toISOString(),
    uninstalledAt: row.uninstalled_at?.toISOString() ?? '',
  };
}

export interface NewMerchant {
  readonly merchantId: string;
  readonly shopDomain: string;
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  readonly defaultLanguage: string;
  readonly isDevelopment: boolean;
}

/** @returns undefined when another call installed the shop in the meantime. */
export async function insertMerchant(
  on: Queryable,
  merchant: NewMerchant,
): Promise<MerchantRow | undefined> {
  const { rows } = await on.query<MerchantRow>(
    `INSERT INTO merchants AS m (merchant_id, shopify_domain, name, currency, timezone, language, is_development)
     VALUES ($1, $2, nullif($3, ''), coalesce(nullif($4, ''), 'USD'), coalesce(nullif($5, ''), 'UTC'),
             jsonb_build_object('default', $6::text, 'supported', '["en","es","fr"]'::jsonb, 'rtl', '["ar","he"]'::jsonb),
             $7)
     ON CONFLICT DO NOTHING RETURNING ${merchantColumns}`,
    [
      merchant.merchantId,
      merchant.shopDomain,
      merchant.name,
      merchant.currency,
      merchant.timezone,
      merchant.defaultLanguage,
      merchant.isDevelopment,
    ],
  );
  return rows[0];
}

export interface ProfileChange {
  /** Empty: as it was. */
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  /** Absent: as it was. */
  readonly isDevelopment?: boolean | undefined;
}

/** Also what an install of a known shop does: `reinstall` ends its absence. @returns what it was before, too. */
export async function updateProfile(
  on: Queryable,
  merchantId: string,
  profile: ProfileChange,
  reinstall: boolean,
): Promise<(MerchantRow & { was_uninstalled: boolean; former_currency: string }) | undefined> {
  const { rows } = await on.query<
    MerchantRow & { was_uninstalled: boolean; former_currency: string }
  >(
    `WITH before AS (SELECT uninstalled_at, currency FROM merchants WHERE merchant_id = $1 FOR NO KEY UPDATE)
     UPDATE merchants m SET
       name = coalesce(nullif($2, ''), m.name), currency = coalesce(nullif($3, ''), m.currency),
       timezone = coalesce(nullif($4, ''), m.timezone), is_development = coalesce($6, m.is_development),
       uninstalled_at = CASE WHEN $5 THEN NULL ELSE m.uninstalled_at END
     FROM before WHERE m.merchant_id = $1
     RETURNING ${merchantColumns}, before.uninstalled_at IS NOT NULL AS was_uninstalled,
       before.currency AS former_currency`,
    [
      merchantId,
      profile.name,
      profile.currency,
      profile.timezone,
      reinstall,
      profile.isDevelopment,
    ],
  );
  const row = rows[0];
  if (row !== undefined && row.former_currency !== row.currency)
    await restartProgram(on, merchantId, row.currency);
  if (reinstall && row?.was_uninstalled === true) await forgetVisits(on, merchantId);
  return row;
}

/** What the nights before an absence found says nothing of now. */
async function forgetVisits(on: Queryable, merchantId: string): Promise<void> {
  await on.query(
    `UPDATE shop_health SET reconciled_at = NULL, reconcile_failed_at = NULL, ledger_checked_at = NULL, access = NULL,
       missing_scopes = '{}', missing_topics = '{}' WHERE merchant_id = $1`,
    [merchantId],
  );
}

/** What the merchant has not chosen yet follows the shop into another currency; what was saved stays as it is. */
async function restartProgram(on: Queryable, merchantId: string, currency: string): Promise<void> {
  await on.query(
    `UPDATE program_settings SET config = config || $2 WHERE merchant_id = $1 AND NOT config ? 'version'`,
    [merchantId, JSON.stringify(startingConfig(currency))],
  );
}

/** An uninstall older than the latest install changes nothing. @returns whether it changed anything */
export async function markUninstalled(
  on: Queryable,
  merchantId: string,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE merchants m SET uninstalled_at = $2
     WHERE m.merchant_id = $1 AND m.uninstalled_at IS NULL AND m.created_at <= $2
       AND NOT EXISTS (SELECT 1 FROM audit_logs a
                       WHERE a.merchant_id = $1 AND a.created_at > $2 AND a.action = 'shop_reinstalled')`,
    [merchantId, at],
  );
  return rowCount === 1;
}

export interface SettingsRow extends MerchantRow {
  language: unknown;
  branding: unknown;
}

export async function readSettings(
  on: Queryable,
  merchantId: string,
): Promise<SettingsRow | undefined> {
  const { rows } = await on.query<SettingsRow>(
    `SELECT ${merchantColumns}, m.language, s.branding FROM merchants m
     LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id WHERE m.merchant_id = $1`,
    [merchantId],
  );
  return rows[0];
}

/** `branding` is merged over what is stored: the rest of it belongs to other features. */
export async function writeSettings(
  on: Queryable,
  merchantId: string,
  defaultLanguage: string,
  branding: unknown,
): Promise<void> {
  await on.query(
    `UPDATE merchants SET language = jsonb_set(language, '{default}', to_jsonb($2::text)) WHERE merchant_id = $1`,
    [merchantId, defaultLanguage],
  );
  await on.query(
    `INSERT INTO program_settings AS s (merchant_id, branding) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET branding = s.branding || EXCLUDED.branding`,
    [merchantId, JSON.stringify(branding)],
  );
}

/** The rows that a new tenant starts with. */
export async function insertTenantDefaults(
  on: Queryable,
  merchantId: string,
  currency: string,
): Promise<void> {
  await on.query(
    'INSERT INTO program_settings (merchant_id, config) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [merchantId, JSON.stringify(startingConfig(currency))],
  );
  await insertSetupTasks(on, merchantId);
}

/** What programFromConfig reads; undefined when nothing was saved yet. */
export async function readProgramConfig(on: Queryable, merchantId: string): Promise<unknown> {
  const { rows } = await on.query<{ config: unknown }>(
    `SELECT ${PROGRAM_CONFIG_SQL} AS config FROM program_settings s WHERE s.merchant_id = $1`,
    [merchantId],
  );
  return rows[0]?.config;
}

/** Without a tenant: an install and a webhook know the shop's domain alone. */
export async function findMerchantByShop(
  on: Queryable,
  shopDomain: string,
): Promise<MerchantRow | undefined> {
  const { rows } = await on.query<MerchantRow>('SELECT * FROM merchant_by_shop($1)', [shopDomain]);
  return rows[0];
}

/** Shops in the order of their ids, for the jobs that visit every one of them. */
export async function listMerchants(
  on: Queryable,
  pageSize: number,
  cursor: string,
): Promise<{ rows: MerchantRow[]; nextCursor: string }> {
  const after =
    cursor === ''
      ? null
      : (decodeCursor(cursor, uuidPattern)?.[0] ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  const { rows } = await on.query<MerchantRow>('SELECT * FROM merchants_after($1, $2)', [
    after,
    pageSize + 1,
  ]);
  const page = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? page.at(-1) : undefined;
  return { rows: page, nextCursor: last === undefined ? '' : encodeCursor(last.merchant_id) };
}

/** Whether the shop uses the app at present; false for an unknown one. Needs no tenant. */
export async function isInstalled(on: Queryable, merchantId: string): Promise<boolean> {
  const { rows } = await on.query<{ is_installed: boolean }>(
    'SELECT merchant_is_installed($1) AS is_installed',
    [merchantId],
  );
  return rows[0]?.is_installed ?? false;
}
