import type { Queryable } from '../database/queryable.ts';
import {
  referralConfigFrom,
  referralConfigJson,
  type ReferralConfig,
} from './referral-config.rules.ts';

export interface StoredReferralConfig {
  readonly config: ReferralConfig;
  readonly currency: string;
  readonly shopName: string;
  /** The program as a whole is on: while it is off, no link leads anywhere. */
  readonly isProgramActive: boolean;
}

/** The shop's referral program; its defaults when nothing was saved yet. The tenant must be set. */
export async function readReferralConfig(
  on: Queryable,
  merchantId: string,
): Promise<StoredReferralConfig> {
  const { rows } = await on.query<{
    stored: unknown;
    currency: string;
    name: string | null;
    status: string | null;
  }>(
    `SELECT s.referral_config AS stored, m.currency, m.name, s.config->>'status' AS status FROM merchants m
     LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id WHERE m.merchant_id = $1`,
    [merchantId],
  );
  const row = rows[0];
  return {
    config: referralConfigFrom(row?.stored),
    currency: row?.currency ?? '',
    shopName: row?.name ?? '',
    isProgramActive: row?.status === 'active',
  };
}

/** The caller has locked the tenant. */
export async function saveReferralConfig(
  on: Queryable,
  merchantId: string,
  config: ReferralConfig,
): Promise<void> {
  await on.query(
    `INSERT INTO program_settings (merchant_id, referral_config) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET referral_config = EXCLUDED.referral_config`,
    [merchantId, JSON.stringify(referralConfigJson(config))],
  );
}
