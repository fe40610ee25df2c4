import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Reward as RewardMessage, UpsertRewardRequest } from '#proto/points/v1/rewards.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { idOfKey } from '../shared/id-of-key.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import type { PointsMethods } from '../call/methods.ts';
import { requireTiers } from '../members/known-tiers.store.ts';
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
  return {
    listRewards: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        rewards: await listRewards(client, merchantId),
        currency: (await readProgram(client, merchantId)).currency,
      })),

    getReward: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const [reward] = await listRewards(client, merchantId, request.rewardId);
        if (!reward) throw notFound('reward_id');
        return { reward };
      }),

    upsertReward: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        reward: await upsertReward(client, merchantId, context.caller.actor, request),
      })),

    setRewardStatus: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const before = await readReward(client, merchantId, request.rewardId, true);
        if (!before) throw notFound('reward_id');
        if (before.status === request.status) {
          const [same] = await listRewards(client, merchantId, request.rewardId);
          return { reward: same, previousStatus: before.status };
        }
        await setRewardStatus(client, merchantId, request.rewardId, request.status);
        const saved = await tellChange(
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
      asTenant(pool, context, async (client, merchantId) => {
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

/** Makes a reward, or changes one that no other user has changed meanwhile. @returns it as it is listed */
async function upsertReward(
  client: PoolClient,
  merchantId: string,
  actor: string,
  { reward: message, idempotencyKey }: UpsertRewardRequest,
): Promise<RewardMessage | undefined> {
  if (!message) throw invalidInput('reward', 'is missing');
  const { currency } = await readProgram(client, merchantId, true);
  await requireTiers(client, merchantId, message.tierIds, 'reward.tier_ids');
  const before = message.rewardId
    ? await readReward(client, merchantId, message.rewardId, true)
    : undefined;
  if (message.rewardId && (!before || before.status === 'deleted'))
    throw notFound('reward.reward_id');
  const newId = idempotencyKey === '' ? randomUUID() : idOfKey(merchantId, idempotencyKey);
  const [made] = before ? [] : await listRewards(client, merchantId, newId);
  if (made) return made;
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
    if (step === 'saved') return (await listRewards(client, merchantId, before.rewardId))[0];
  }
  if ('message' in reward) throw invalidInput(reward.field, reward.message);
  if (before) await updateReward(client, merchantId, reward);
  else await insertReward(client, merchantId, reward);
  const action = before ? 'reward_updated' : 'reward_created';
  return tellChange(client, merchantId, actor, action, reward.rewardId, {
    kind: reward.kind,
    points_cost: reward.pointsCost,
  });
}

/** Saves a change and writes its event. @returns the reward as it is listed */
async function tellChange(
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
