import type { PoolClient } from 'pg';
import type { Redemption } from '#proto/points/v1/rewards.ts';
import { decryptName } from '../members/customer-encryption.ts';
import { keysetPage } from '../shared/keyset.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import type { EncryptionDeps } from '../shared/blind-index.ts';
import { textOf } from '../shared/stored-json.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { isReturnable } from './redemption.rules.ts';
import {
  configOf,
  isKind,
  kindRules,
  rewardFromStored,
  shortAmount,
  type Reward,
} from './rewards.rules.ts';
import type { GiftKind, RewardKind } from '#vocabulary/rewards.ts';

export interface RedemptionRow {
  redemption_id: string;
  customer_id: string;
  reward_id: string | null;
  campaign_id: string | null;
  hold_id: string | null;
  points_spent: number;
  discount_code: Buffer | null;
  shopify_discount_id: string | null;
  status: string;
  currency: string | null;
  value: string | null;
  expires_at: Date | null;
  used_order_id: string | null;
  idempotency_key: string | null;
  created_at: Date;
  terms: Readonly<Record<string, unknown>>;
  transaction_id: string | null;
  failure_code: string | null;
  completed_at: Date | null;
  used_at: Date | null;
  return_requested_at: Date | null;
  sent_at: Date | null;
  used_order_name: string | null;
  shopify_customer_id: string | null;
  redacted_at: Date | null;
  first_name: Buffer | null;
  last_name: Buffer | null;
  gift: string | null;
}

const SELECT = `SELECT r.redemption_id, r.customer_id, r.reward_id, r.campaign_id, r.hold_id, r.points_spent, r.discount_code,
  r.shopify_discount_id, r.status, r.currency, r.value::text AS value, r.expires_at, r.used_order_id, r.idempotency_key,
  r.created_at, r.terms, r.transaction_id, r.failure_code, r.completed_at, r.used_at, r.return_requested_at, r.sent_at,
  (SELECT o.name FROM orders o WHERE o.merchant_id = r.merchant_id AND o.shopify_order_id = r.used_order_id) AS used_order_name,
  c.shopify_customer_id, c.redacted_at, c.first_name, c.last_name, r.gift
 FROM reward_redemptions r JOIN customers c ON c.merchant_id = r.merchant_id AND c.customer_id = r.customer_id`;

/** Reads a redemption; with `lock`, no other transaction settles it until this one ends. */
export async function readRedemption(
  client: PoolClient,
  merchantId: string,
  redemptionId: string,
  lock = false,
): Promise<RedemptionRow | undefined> {
  const { rows } = await client.query<RedemptionRow>(
    'SELECT * FROM redemption_of($1, $2, NULL, $3)',
    [merchantId, redemptionId, lock],
  );
  return rows[0];
}

export async function readRedemptionByKey(
  client: PoolClient,
  merchantId: string,
  key: string,
): Promise<RedemptionRow | undefined> {
  const { rows } = await client.query<RedemptionRow>(
    'SELECT * FROM redemption_of($1, NULL, $2, false)',
    [merchantId, key],
  );
  return rows[0];
}

/** Redemptions by their ids, in no order. */
export async function readRedemptions(
  client: PoolClient,
  merchantId: string,
  redemptionIds: readonly string[],
): Promise<RedemptionRow[]> {
  const { rows } = await client.query<RedemptionRow>(
    `${SELECT} WHERE r.merchant_id = $1 AND r.redemption_id = ANY ($2)`,
    [merchantId, redemptionIds],
  );
  return rows;
}

export function listRedemptions(
  client: PoolClient,
  merchantId: string,
  filter: { readonly customerId: string; readonly pageSize: number; readonly cursor: string },
): Promise<{ rows: RedemptionRow[]; nextCursor: string }> {
  const values: unknown[] = [merchantId];
  const where = ['r.merchant_id = $1'];
  if (filter.customerId !== '') where.push(`r.customer_id = $${values.push(filter.customerId)}`);
  return keysetPage<RedemptionRow>(client, {
    // The page's own column goes before the first FROM, which must be that of the list.
    select: `SELECT x.* FROM (${SELECT} WHERE ${where.join(' AND ')}) x`,
    where: [],
    values,
    time: 'x.created_at',
    id: 'x.redemption_id',
    idOf: (row) => row.redemption_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
}

export interface NewRedemption {
  readonly redemptionId: string;
  readonly customerId: string;
  readonly rewardId: string | null;
  readonly campaignId: string | null;
  readonly tierId: string | null;
  readonly gift: GiftKind | null;
  readonly holdId: string | null;
  readonly points: number;
  readonly value: bigint | null;
  readonly reward: Reward;
  readonly codeHash: Buffer | null;
  readonly expiresAt: Date | null;
  readonly createdAt: Date | null;
  readonly key: string;
}

/** @returns those that are new; of the others the key was taken before, or by another call at the same moment */
export async function insertRedemptions(
  client: PoolClient,
  merchantId: string,
  made: readonly NewRedemption[],
): Promise<ToldRedemption[]> {
  const { rows } = await client.query<ToldRedemption>(
    `INSERT INTO reward_redemptions (merchant_id, redemption_id, customer_id, reward_id, campaign_id, tier_id, gift, hold_id,
       points_spent, discount_code_hash, currency, value, expires_at, created_at, idempotency_key, terms, claimed_at)
     SELECT $1, r.redemption_id, r.customer_id, r.reward_id, r.campaign_id, r.tier_id, r.gift, r.hold_id, r.points,
            decode(r.code_hash, 'hex'), r.currency, r.value, r.expires_at, coalesce(r.created_at, now()), r.key, r.terms,
            now()
     FROM jsonb_to_recordset($2::jsonb) AS r(redemption_id uuid, customer_id uuid, reward_id uuid, campaign_id uuid,
       tier_id uuid, gift text, hold_id uuid, points bigint, code_hash text, currency text, value numeric,
       expires_at timestamptz, created_at timestamptz, key text, terms jsonb)
     ON CONFLICT (merchant_id, idempotency_key) DO NOTHING
     RETURNING redemption_id, customer_id, campaign_id, gift`,
    [
      merchantId,
      JSON.stringify(
        made.map((one) => ({
          redemption_id: one.redemptionId,
          customer_id: one.customerId,
          reward_id: one.rewardId,
          campaign_id: one.campaignId,
          tier_id: one.tierId,
          gift: one.gift,
          hold_id: one.holdId,
          points: one.points,
          code_hash: one.codeHash?.toString('hex') ?? null,
          currency:
            one.reward.discount === 'amount' && one.value !== null ? one.reward.currency : null,
          value: one.value === null ? null : formatAmount(one.value),
          expires_at: one.expiresAt,
          created_at: one.createdAt,
          key: one.key,
          terms: termsOf(one.reward, configOf(one.reward)),
        })),
      ),
    ],
  );
  return rows;
}

/** What an event says of a redemption. */
export type ToldRedemption = Pick<
  RedemptionRow,
  'redemption_id' | 'customer_id' | 'campaign_id' | 'gift'
>;

export function tellRedemptions(
  client: PoolClient,
  merchantId: string,
  rows: readonly ToldRedemption[],
  status: string,
): Promise<void> {
  return addOutboxEvents(
    client,
    merchantId,
    'redemption.changed',
    rows.map((row) => ({
      customer_id: row.customer_id,
      redemption_id: row.redemption_id,
      status,
      ...(row.gift !== null && { gift: row.gift }),
      ...(row.campaign_id !== null && { campaign_id: row.campaign_id }),
    })),
  );
}

/** What was promised, as it stood then. */
function termsOf(reward: Reward, config: Readonly<Record<string, unknown>>) {
  return {
    kind: reward.kind,
    channel: reward.channel,
    title: reward.title,
    discount: reward.discount,
    ...(reward.discount === 'percent' &&
      reward.value !== null && { percent: shortAmount(reward.value, 'percent') }),
    config,
  };
}

/** Shopify may report that a code was used before the order that used it arrives. */
export const isUsed = (row: Pick<RedemptionRow, 'used_order_id' | 'used_at'>): boolean =>
  row.used_order_id !== null || row.used_at !== null;

export function kindOf(row: Pick<RedemptionRow, 'terms'>): RewardKind {
  const kind = textOf(row.terms['kind']);
  return isKind(kind) ? kind : 'amount_off';
}

/** The reward that was promised, with the whole value of the redemption. */
export function promisedReward(row: RedemptionRow): Reward {
  const config = row.terms['config'];
  return {
    ...rewardFromStored({
      reward_id: row.reward_id ?? '',
      type: kindOf(row),
      channel: textOf(row.terms['channel']),
      status: 'active',
      title: row.terms['title'],
      points_cost: row.points_spent,
      value: row.value,
      currency: row.currency,
      config,
      icon_url: null,
    }),
    discount: row.terms['discount'] === 'percent' ? 'percent' : 'amount',
    mode: 'fixed',
  };
}

const codePlace = (merchantId: string, redemptionId: string) => ({
  merchantId,
  table: 'reward_redemptions',
  column: 'discount_code',
  rowId: redemptionId,
});

export const encryptCode = (
  { encryption }: Pick<EncryptionDeps, 'encryption'>,
  merchantId: string,
  redemptionId: string,
  code: string,
): Buffer => encryption.encrypt(code, codePlace(merchantId, redemptionId));

/** Empty where there is none: not yet, or not any more. */
export const decryptCode = (
  { encryption }: Pick<EncryptionDeps, 'encryption'>,
  merchantId: string,
  redemptionId: string,
  encrypted: Buffer | null,
): string =>
  encrypted === null ? '' : encryption.decrypt(encrypted, codePlace(merchantId, redemptionId));

export function toRedemptionMessage(
  encryptionDeps: Pick<EncryptionDeps, 'encryption'>,
  merchantId: string,
  row: RedemptionRow,
  now: Date,
): Redemption {
  const kind = kindOf(row);
  const promised = promisedReward(row);
  const isPercent = promised.discount === 'percent';
  const value = row.value === null ? undefined : parseAmount(row.value);
  const code = decryptCode(encryptionDeps, merchantId, row.redemption_id, row.discount_code);
  return {
    redemptionId: row.redemption_id,
    customerId: row.customer_id,
    rewardId: row.reward_id ?? '',
    campaignId: row.campaign_id ?? '',
    kind,
    channel: promised.channel,
    title: { ...promised.title },
    status: row.status,
    pointsSpent: row.points_spent,
    code,
    value:
      value === undefined || isPercent
        ? undefined
        : { amount: formatAmount(value), currency: row.currency ?? '' },
    percent: value !== undefined && isPercent ? shortAmount(value, 'percent') : '',
    expiresAt: row.expires_at?.toISOString() ?? '',
    usedOrderId: row.used_order_id ?? '',
    usedOrderName: row.used_order_name ?? '',
    usedAt: row.used_at?.toISOString() ?? '',
    failureCode: row.failure_code ?? '',
    returning: row.return_requested_at !== null,
    returnable: isReturnable(
      {
        status: row.status,
        isCode: kindRules[kind].isCode,
        pointsSpent: row.points_spent,
        isUsed: isUsed(row),
        hasCode: row.discount_code !== null,
        expiresAt: row.expires_at,
      },
      now,
    ),
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? '',
    transactionId: row.transaction_id ?? '',
    customerName:
      row.redacted_at === null
        ? decryptName(encryptionDeps.encryption, merchantId, row.customer_id, row)
        : '',
    gift: row.gift ?? '',
  };
}
