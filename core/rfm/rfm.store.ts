import { VALID_ORDER, inShopCurrency } from '../members/spending.store.ts';
import type { Queryable } from '../database/queryable.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { AOV_WINDOW_DAYS, MIN_ORDERS_FOR_AOV } from './aov.rules.ts';
import type { AovState, OrderValues } from './aov.rules.ts';
import { rfmConfigFrom, rfmConfigInto } from './rfm-config.rules.ts';
import type { RfmConfig } from './rfm-config.rules.ts';
import { textOf } from '../shared/stored-json.rules.ts';

/** What scoring goes by in one shop. */
export interface RfmSettings {
  readonly config: RfmConfig;
  readonly currency: string;
  readonly aov: AovState | undefined;
  readonly fullPassAt: Date | null;
  /** The shop's currency at that pass; empty before the first. */
  readonly fullPassCurrency: string;
  readonly updatedAt: Date | null;
}

interface Row {
  currency: string;
  rfm_thresholds: unknown;
  rfm_state: Record<string, unknown> | null;
  updated_at: Date | null;
}

/** The tenant must be set on the transaction. `lock` keeps others from changing it meanwhile. */
export async function readRfmSettings(
  on: Queryable,
  merchantId: string,
  lock = false,
): Promise<RfmSettings | undefined> {
  const { rows } = await on.query<Row>(
    `SELECT m.currency, s.rfm_thresholds, s.rfm_state, s.updated_at FROM merchants m
     LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id
     WHERE m.merchant_id = $1 ${lock ? 'FOR NO KEY UPDATE OF m' : ''}`,
    [merchantId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const state = row.rfm_state ?? {};
  const fullPassAt = state['full_pass_at'];
  return {
    config: rfmConfigFrom(row.rfm_thresholds),
    currency: row.currency,
    aov: aovFrom(state),
    fullPassAt: typeof fullPassAt === 'string' ? new Date(fullPassAt) : null,
    fullPassCurrency: textOf(state['full_pass_currency']),
    updatedAt: row.updated_at,
  };
}

function aovFrom(state: Readonly<Record<string, unknown>>): AovState | undefined {
  const aov = typeof state['aov'] === 'string' ? parseAmount(state['aov']) : undefined;
  if (aov === undefined || typeof state['estimated_at'] !== 'string') return undefined;
  return {
    aov,
    basis: state['basis'] === 'orders' ? 'orders' : 'size_band',
    orders: Number(state['orders']),
    version: Number(state['version']),
    estimatedAt: new Date(state['estimated_at']),
  };
}

export async function saveAov(on: Queryable, merchantId: string, state: AovState): Promise<void> {
  await saveState(on, merchantId, {
    aov: formatAmount(state.aov),
    basis: state.basis,
    orders: state.orders,
    version: state.version,
    estimated_at: state.estimatedAt.toISOString(),
  });
}

export async function saveFullPass(
  on: Queryable,
  merchantId: string,
  at: Date,
  currency: string,
): Promise<void> {
  await saveState(on, merchantId, { full_pass_at: at.toISOString(), full_pass_currency: currency });
}

async function saveState(
  on: Queryable,
  merchantId: string,
  state: Readonly<Record<string, unknown>>,
): Promise<void> {
  await on.query(
    `INSERT INTO program_settings AS s (merchant_id, rfm_state) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET rfm_state = s.rfm_state || EXCLUDED.rfm_state`,
    [merchantId, JSON.stringify(state)],
  );
}

export async function saveRfmConfig(
  on: Queryable,
  merchantId: string,
  config: RfmConfig,
): Promise<void> {
  await on.query(
    `INSERT INTO program_settings (merchant_id, rfm_thresholds) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET rfm_thresholds = EXCLUDED.rfm_thresholds`,
    [merchantId, JSON.stringify(rfmConfigInto(config))],
  );
}

/** Of members that are scored: erased and merged ones are in no segment. */
export const SCORED_MEMBER = 'c.merged_into_customer_id IS NULL AND c.redacted_at IS NULL';

const AOV_WINDOW = `merchant_id = $1 AND ${VALID_ORDER}
  AND ${inShopCurrency('orders')}
  AND ordered_at <= $2 AND ordered_at > $2::timestamptz - interval '${AOV_WINDOW_DAYS * 24} hours'`;

export async function readOrderValues(
  on: Queryable,
  merchantId: string,
  asOf: Date,
): Promise<OrderValues> {
  const { rows } = await on.query<{ orders: number; average: string }>(
    `SELECT count(*) AS orders, coalesce(round(avg(gross_subtotal - refunded), 4), 0)::text AS average
     FROM orders WHERE ${AOV_WINDOW}`,
    [merchantId, asOf],
  );
  return { orders: rows[0]?.orders ?? 0, average: parseAmount(rows[0]?.average ?? '0') ?? 0n };
}

/** Whether a size band's default is no longer needed; reads no more orders than necessary. */
export async function hasEnoughOrders(
  on: Queryable,
  merchantId: string,
  asOf: Date,
): Promise<boolean> {
  const { rows } = await on.query<{ orders: number }>(
    `SELECT count(*) AS orders FROM (SELECT 1 FROM orders WHERE ${AOV_WINDOW} LIMIT ${MIN_ORDERS_FOR_AOV}) o`,
    [merchantId, asOf],
  );
  return (rows[0]?.orders ?? 0) >= MIN_ORDERS_FOR_AOV;
}

export async function countMembers(on: Queryable, merchantId: string): Promise<number> {
  const { rows } = await on.query<{ members: number }>(
    `SELECT count(*) AS members FROM customers c WHERE c.merchant_id = $1 AND ${SCORED_MEMBER}`,
    [merchantId],
  );
  return rows[0]?.members ?? 0;
}
