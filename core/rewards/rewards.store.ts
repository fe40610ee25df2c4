import type { PoolClient } from 'pg';
import type { Reward as RewardMessage } from '#proto/points/v1/rewards.ts';
import type { Reward as RewardModel } from '#prisma/generated/client.ts';
import { onPrisma, safeNumber, toJson } from '../database/prisma-client.ts';
import { jsonObject } from '../shared/stored-json.rules.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { configOf, rewardFromStored, toRewardMessage, type Reward } from './rewards.rules.ts';

export interface RewardRow {
  reward_id: string;
  type: string;
  channel: string;
  status: string;
  title: unknown;
  points_cost: number;
  value: string | null;
  currency: string | null;
  config: unknown;
  icon_url: string | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `w.reward_id, w.type, w.channel, w.status, w.title, w.points_cost, w.value::text AS value, w.currency,
  w.config, w.icon_url, w.created_at, w.updated_at`;

interface RewardWithUse extends RewardRow {
  redeemed: number;
  used: number;
  points_spent: number;
}

/** The merchant's rewards in their order, with how they were used. The tenant must be set on the transaction. */
export async function listRewards(
  client: PoolClient,
  merchantId: string,
  rewardId?: string,
): Promise<RewardMessage[]> {
  const { rows } = await client.query<RewardWithUse>(
    `SELECT ${COLUMNS}, coalesce(u.redeemed, 0) AS redeemed, coalesce(u.used, 0) AS used,
            coalesce(u.points_spent, 0)::bigint AS points_spent
     FROM rewards w
     LEFT JOIN (SELECT r.reward_id, count(*) AS redeemed, count(r.used_order_id) AS used, sum(r.points_spent) AS points_spent
                FROM reward_redemptions r
                WHERE r.merchant_id = $1 AND r.status = 'completed' AND r.reward_id IS NOT NULL
                  AND ($2::uuid IS NULL OR r.reward_id = $2)
                GROUP BY r.reward_id) u ON u.reward_id = w.reward_id
     WHERE w.merchant_id = $1 AND CASE WHEN $2::uuid IS NULL THEN w.status <> 'deleted' ELSE w.reward_id = $2 END
     ORDER BY coalesce((w.config->>'position')::integer, 0), w.created_at, w.reward_id`,
    [merchantId, rewardId ?? null],
  );
  return rows.map((row) =>
    toRewardMessage(rewardFromStored(row), {
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      redeemed: row.redeemed,
      used: row.used,
      pointsSpent: row.points_spent,
    }),
  );
}

export async function readReward(
  client: PoolClient,
  merchantId: string,
  rewardId: string,
  lock = false,
): Promise<Reward | undefined> {
  // First, alone: Prisma has no word for a lock.
  if (lock)
    await client.query('SELECT FROM rewards WHERE merchant_id = $1 AND reward_id = $2 FOR UPDATE', [
      merchantId,
      rewardId,
    ]);
  const row = await onPrisma(client, (tx) =>
    tx.reward.findUnique({ where: keyOf(merchantId, rewardId) }),
  );
  return row === null ? undefined : rewardFromStored(storedOf(row));
}

const keyOf = (merchantId: string, rewardId: string) => ({
  merchantId_rewardId: { merchantId, rewardId },
});

const storedOf = (row: RewardModel): RewardRow => ({
  reward_id: row.rewardId,
  type: row.type,
  channel: row.channel,
  status: row.status,
  title: row.title,
  points_cost: safeNumber(row.pointsCost),
  value: row.value?.toFixed(4) ?? null,
  currency: row.currency,
  config: row.config,
  icon_url: row.iconUrl,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
});

/** What the shop has allowed the app to do; null while unknown. */
export async function readGranted(client: PoolClient, merchantId: string): Promise<string | null> {
  const { rows } = await client.query<{ granted: string | null }>(
    'SELECT shop_scopes($1) AS granted',
    [merchantId],
  );
  return rows[0]?.granted ?? null;
}

/** Those of them that are the tenant's, deleted ones too. */
export async function readRewards(
  client: PoolClient,
  merchantId: string,
  rewardIds: readonly string[],
): Promise<ReadonlyMap<string, Reward>> {
  if (rewardIds.length === 0) return new Map();
  const { rows } = await client.query<RewardRow>(
    `SELECT ${COLUMNS} FROM rewards w WHERE w.merchant_id = $1 AND w.reward_id = ANY ($2)`,
    [merchantId, rewardIds],
  );
  return new Map(rows.map((row) => [row.reward_id, rewardFromStored(row)]));
}

export async function insertReward(
  client: PoolClient,
  merchantId: string,
  reward: Reward,
): Promise<void> {
  await onPrisma(client, (tx) =>
    tx.reward.create({
      data: {
        merchantId,
        rewardId: reward.rewardId,
        ...columnsOf(reward),
        config: toJson({ ...NOTHING, ...configOf(reward) }),
      },
    }),
  );
}

/** The reward must be locked. */
export async function updateReward(
  client: PoolClient,
  merchantId: string,
  reward: Reward,
): Promise<void> {
  const where = keyOf(merchantId, reward.rewardId);
  await onPrisma(client, async (tx) => {
    const { config } = await tx.reward.findUniqueOrThrow({ where, select: { config: true } });
    const next = toJson({ ...jsonObject(config), ...NOTHING, ...configOf(reward) });
    await tx.reward.update({ where, data: { ...columnsOf(reward), config: next } });
  });
}

const columnsOf = (reward: Reward) => ({
  type: reward.kind,
  channel: reward.channel,
  status: reward.status,
  title: toJson(reward.title),
  pointsCost: BigInt(reward.pointsCost),
  value: reward.value === null ? null : formatAmount(reward.value),
  currency: reward.currency,
  iconUrl: reward.iconUrl || null,
});

/** What an earlier version of the reward may have had and this one has not. */
const NOTHING = {
  discount: null,
  min_points: null,
  max_points: null,
  collection_id: null,
  product_id: null,
  variant_id: null,
  target_title: null,
  max_shipping: null,
  min_purchase: null,
};

export async function setRewardStatus(
  client: PoolClient,
  merchantId: string,
  rewardId: string,
  status: string,
): Promise<void> {
  await onPrisma(client, (tx) =>
    tx.reward.updateMany({ where: { merchantId, rewardId }, data: { status } }),
  );
}

/** Puts the named rewards first, in their order, and the others behind them in the order they had. */
export async function reorderRewards(
  client: PoolClient,
  merchantId: string,
  rewardIds: readonly string[],
): Promise<void> {
  await client.query(
    `UPDATE rewards w SET config = w.config || jsonb_build_object('position', o.nth)
     FROM (SELECT r.reward_id, row_number() OVER (
             ORDER BY array_position($2::uuid[], r.reward_id) NULLS LAST,
                      coalesce((r.config->>'position')::integer, 0), r.created_at, r.reward_id) AS nth
           FROM rewards r WHERE r.merchant_id = $1) o
     WHERE w.merchant_id = $1 AND w.reward_id = o.reward_id`,
    [merchantId, rewardIds],
  );
}

export async function countRewards(
  client: PoolClient,
  merchantId: string,
): Promise<{ count: number; lastPosition: number }> {
  const { rows } = await client.query<{ count: number; last: number }>(
    `SELECT count(*) FILTER (WHERE status <> 'deleted') AS count,
            coalesce(max((config->>'position')::integer), 0) AS last
     FROM rewards WHERE merchant_id = $1`,
    [merchantId],
  );
  return { count: rows[0]?.count ?? 0, lastPosition: rows[0]?.last ?? 0 };
}
