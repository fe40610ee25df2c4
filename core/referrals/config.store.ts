import type { PointsName } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import { pointsNamesOf } from '../merchants/merchant.rules.ts';
import {
  referralConfigFrom,
  referralConfigJson,
  type ReferralConfig,
} from './referral-config.rules.ts';

export interface StoredReferralConfig {
  readonly config: ReferralConfig;
  readonly currency: string;
  readonly shopName: string;
  /** What the shop calls its points, by language. */
  readonly pointsName: Readonly<Record<string, PointsName>>;
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
    branding: unknown;
    status: string | null;
  }>(
    `SELECT s.referral_config AS stored, m.currency, m.name, s.branding, s.config->>'status' AS status FROM merchants m
     LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id WHERE m.merchant_id = $1`,
    [merchantId],
  );
  const row = rows[0];
  return {
    config: referralConfigFrom(row?.stored),
    currency: row?.currency ?? '',
    shopName: row?.name ?? '',
    pointsName: pointsNamesOf(row?.branding),
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
