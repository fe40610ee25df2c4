import type { Queryable } from '../database/queryable.ts';
import type { Encryption } from '../shared/encryption.ts';
import { jsonObject, textOf, type Json } from '../shared/stored-json.rules.ts';
import {
  messageSettingsFrom,
  messageSettingsJson,
  type MessageSettings,
} from './message-settings.rules.ts';
import { MESSAGE_PROVIDERS, PROVIDER_FIELDS, type MessageProvider } from '#vocabulary/messages.ts';

/** How messages are sent: the shop's settings, and the providers it has connected. */

export async function readMessageSettings(
  on: Queryable,
  merchantId: string,
): Promise<MessageSettings> {
  const { rows } = await on.query<{ stored: unknown }>(
    'SELECT s.message_settings AS stored FROM program_settings s WHERE s.merchant_id = $1',
    [merchantId],
  );
  return messageSettingsFrom(rows[0]?.stored);
}

/** The caller has locked the tenant. */
export async function saveMessageSettings(
  on: Queryable,
  merchantId: string,
  settings: MessageSettings,
): Promise<void> {
  await on.query(
    `INSERT INTO program_settings (merchant_id, message_settings) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET message_settings = EXCLUDED.message_settings`,
    [merchantId, JSON.stringify(messageSettingsJson(settings))],
  );
}

export interface ProviderRow {
  readonly integration_id: string;
  readonly platform: MessageProvider;
  readonly api_key: Buffer | null;
  readonly settings: Json;
  readonly status: 'ok' | 'error' | 'disabled';
  readonly error_details: unknown;
  readonly last_checked_at: Date | null;
}

export async function readProviders(on: Queryable, merchantId: string): Promise<ProviderRow[]> {
  const { rows } = await on.query<ProviderRow>(
    `SELECT i.integration_id, i.platform, i.api_key, i.settings, i.status, i.error_details, i.last_checked_at
     FROM integrations i WHERE i.merchant_id = $1 AND i.platform = ANY ($2) AND i.api_key IS NOT NULL`,
    [merchantId, MESSAGE_PROVIDERS],
  );
  return rows;
}

/** One whose credentials were refused is tried all the same: the merchant may have mended it at the provider. */
export const usableOf = (rows: readonly ProviderRow[]): ReadonlySet<MessageProvider> =>
  new Set(rows.filter(({ status }) => status !== 'disabled').map(({ platform }) => platform));

const placeOf = (merchantId: string, integrationId: string) => ({
  merchantId,
  table: 'integrations',
  column: 'api_key',
  rowId: integrationId,
});

/** The secret and the settings of a provider, by the names of PROVIDER_FIELDS. */
export function credentialsOf(
  encryption: Encryption,
  merchantId: string,
  row: ProviderRow,
): Record<string, string> {
  const { secret, settings } = PROVIDER_FIELDS[row.platform];
  const stored = jsonObject(row.settings);
  const plain = settings.map((name): [string, string] => [name, textOf(stored[name])]);
  return {
    ...Object.fromEntries(plain),
    [secret]:
      row.api_key === null
        ? ''
        : encryption.decrypt(row.api_key, placeOf(merchantId, row.integration_id)),
  };
}

export interface ProviderChange {
  readonly integrationId: string;
  readonly provider: MessageProvider;
  /** Null: as it was. */
  readonly secret: string | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly enabled: boolean;
}

const hintLength = 4;

export async function saveProvider(
  on: Queryable,
  encryption: Encryption,
  merchantId: string,
  change: ProviderChange,
): Promise<void> {
  const encrypted =
    change.secret === null
      ? null
      : encryption.encrypt(change.secret, placeOf(merchantId, change.integrationId));
  await on.query(
    `INSERT INTO integrations (merchant_id, integration_id, platform, api_key, settings, status)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (merchant_id, platform) DO UPDATE SET
       api_key = coalesce(EXCLUDED.api_key, integrations.api_key),
       settings = integrations.settings || EXCLUDED.settings, status = EXCLUDED.status, error_details = NULL`,
    [
      merchantId,
      change.integrationId,
      change.provider,
      encrypted,
      JSON.stringify({
        ...change.settings,
        ...(change.secret !== null && { hint: change.secret.slice(-hintLength) }),
      }),
      change.enabled ? 'ok' : 'disabled',
    ],
  );
}

export async function forgetProvider(
  on: Queryable,
  merchantId: string,
  provider: MessageProvider,
): Promise<void> {
  await on.query('DELETE FROM integrations WHERE merchant_id = $1 AND platform = $2', [
    merchantId,
    provider,
  ]);
}

/** What a provider said of the credentials, by a test or by refusing a message. One that is switched off stays so. */
export async function recordCheck(
  on: Queryable,
  merchantId: string,
  provider: MessageProvider,
  check: { readonly ok: boolean; readonly reason: string; readonly at: Date },
): Promise<void> {
  await on.query(
    `UPDATE integrations SET last_checked_at = $3, error_details = $4,
       status = CASE WHEN status = 'disabled' THEN status WHEN $5 THEN 'ok' ELSE 'error' END
     WHERE merchant_id = $1 AND platform = $2`,
    [
      merchantId,
      provider,
      check.at,
      check.ok ? null : JSON.stringify({ reason: check.reason }),
      check.ok,
    ],
  );
}
