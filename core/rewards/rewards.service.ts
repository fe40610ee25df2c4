import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Reward as RewardMessage } from '#proto/points/v1/rewards.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { idOfKey } from '../shared/id-of-key.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import type { PointsMethods } from '../call/methods.ts';
import { readProgram } from '../program/program.store.ts';
import { REWARD_LIMITS, rewardFromMessage, rewardRevision } from './rewards.rules.ts';
import {
  countRewards,
  insertReward,
  listRewards,
  readReward,
  reorderRewards,
  setRewardStatus,
  updateReward,
} from './rewards.store.ts';
import type { ShopAction } from '#vocabulary/activity.ts';

type Methods = PointsMethods<
  'listRewards' | 'getReward' | 'upsertReward' | 'setRewardStatus' | 'reorderRewards'
>;

/** What a merchant sets up for points to be exchanged for. */
export function rewardMethods({ pool }: Pick<CoreDependencies, 'pool'>): Methods {
  async function changed(
    client: PoolClient,
    merchantId: string,
    actor: string,
    action: ShopAction,
    rewardId: string,
    metadata: Readonly<Record<string, unknown>>,
  ): Promise<RewardMessage | undefined> {
    await writeAudit(client, merchantId, {
      actor,
      action,
      targetTable: 'rewards',
      targetId: rewardId,
      metadata,
    });
    await addOutboxEvents(client, merchantId, 'rewards.updated', [{ reward_id: rewardId }]);
    return (await listRewards(client, merchantId, rewardId))[0];
  }

  return {
    listRewards: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => ({
        rewards: await listRewards(client, tenantOf(context)),
        currency: (await readProgram(client, tenantOf(context))).currency,
      })),

    getReward: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const [reward] = await listRewards(client, tenantOf(context), request.rewardId);
        if (!reward) throw notFound('reward_id');
        return { reward };
      }),

    upsertReward: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const message = request.reward;
        if (!message) throw invalidInput('reward', 'is missing');
        const { currency } = await readProgram(client, merchantId, true);
        await requireTiers(client, merchantId, message.tierIds);
        const before = message.rewardId
          ? await readReward(client, merchantId, message.rewardId, true)
          : undefined;
        if (message.rewardId && (!before || before.status === 'deleted'))
          throw notFound('reward.reward_id');
        const newId =
          request.idempotencyKey === ''
            ? randomUUID()
            : idOfKey(merchantId, request.idempotencyKey);
        const [made] = before ? [] : await listRewards(client, merchantId, newId);
        if (made) return { reward: made };
        const { count, lastPosition } = await countRewards(client, merchantId);
        if (!before && count >= REWARD_LIMITS.maxRewards)
          throw invalidInput('reward', `there are ${REWARD_LIMITS.maxRewards} rewards already`);
        const reward = rewardFromMessage(message, {
          currency,
          position: before?.position ?? lastPosition + 1,
          rewardId: before?.rewardId ?? newId,
        });
        if (before) {
          const step = stepOfEdit({
            opened: message.revision,
            current: rewardRevision(before),
            wanted: 'message' in reward ? undefined : rewardRevision(reward),
          });
          if (step === 'saved')
            return { reward: (await listRewards(client, merchantId, before.rewardId))[0] };
        }
        if ('message' in reward) throw invalidInput(reward.field, reward.message);
        if (before) await updateReward(client, merchantId, reward);
        else await insertReward(client, merchantId, reward);
        const saved = await changed(
          client,
          merchantId,
          context.caller.actor,
          before ? 'reward_updated' : 'reward_created',
          reward.rewardId,
          { kind: reward.kind, points_cost: reward.pointsCost },
        );
        return { reward: saved };
      }),

    setRewardStatus: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const before = await readReward(client, merchantId, request.rewardId, true);
        if (!before) throw notFound('reward_id');
        if (before.status === request.status) {
          const [same] = await listRewards(client, merchantId, request.rewardId);
          return { reward: same, previousStatus: before.status };
        }
        await setRewardStatus(client, merchantId, request.rewardId, request.status);
        const saved = await changed(
          client,
          merchantId,
          context.caller.actor,
          request.status === 'deleted' ? 'reward_deleted' : 'reward_status_changed',
          request.rewardId,
          { from: before.status, to: request.status },
        );
        return { reward: saved, previousStatus: before.status };
      }),

    reorderRewards: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const known = new Set(
          (await listRewards(client, merchantId)).map((reward) => reward.rewardId),
        );
        if (request.rewardIds.some((rewardId) => !known.has(rewardId)))
          throw notFound('reward_ids');
        await reorderRewards(client, merchantId, request.rewardIds);
        await addOutboxEvents(client, merchantId, 'rewards.updated', [{}]);
        return {};
      }),
  };
}

async function requireTiers(
  client: PoolClient,
  merchantId: string,
  tierIds: readonly string[],
): Promise<void> {
  if (tierIds.length === 0) return;
  const { rows } = await client.query<{ tier_id: string }>(
    `SELECT tier_id FROM vip_tiers WHERE merchant_id = $1 AND tier_id = ANY ($2)`,
    [merchantId, tierIds],
  );
  if (new Set(rows.map((row) => row.tier_id)).size < new Set(tierIds).size)
    throw new DomainError('not_found', { field: 'reward.tier_ids', message: 'is not known' });
}
