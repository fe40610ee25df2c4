import type { PoolClient } from 'pg';
import type { Redemption, StartRedemptionRequest } from '#proto/points/v1/rewards.ts';
import { holdName } from '../database/advisory-lock.ts';
import { readBalance } from '../ledger/index.ts';
import { identityInForce } from '../members/identities.store.ts';
import { asTenant } from '../call/as-tenant.ts';
import { shopperOf, tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, notFound, notParticipating } from '../shared/errors.ts';
import type { PointsMethods } from '../call/methods.ts';
import { readProgram } from '../program/program.store.ts';
import { readMember, type RedeemingMember } from './redeeming-member.store.ts';
import { markReturning } from './redemption-steps.store.ts';
import { priceOf, whyUnavailable } from './redemption.rules.ts';
import {
  isUsed,
  listRedemptions,
  readRedemption,
  readRedemptionByKey,
  toRedemptionMessage,
  type RedemptionRow,
} from './redemptions.store.ts';
import { missingPermissions, type Reward } from './rewards.rules.ts';
import { readGranted, readReward } from './rewards.store.ts';
import { startRedemption } from './start-redemption.ts';

type Methods = PointsMethods<
  'startRedemption' | 'getRedemption' | 'listRedemptions' | 'startReturn'
>;

/** What a member, or staff for a member, does with rewards. */
export function redemptionMethods(deps: CoreDependencies): Methods {
  const { pool, clock } = deps;
  const message = (merchantId: string, row: RedemptionRow): Redemption =>
    toRedemptionMessage(deps, merchantId, row, clock());

  return {
    startRedemption: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const member = await memberOf(client, merchantId, request.customerId, context);
        const row = await startOnce(client, deps, merchantId, { request, context, member });
        const balance = await readBalance(client, merchantId, member.customer_id);
        return { redemption: message(merchantId, row), available: balance?.available ?? 0 };
      }),

    getRedemption: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        redemption: message(merchantId, await ownRedemption(client, request.redemptionId, context)),
      })),

    listRedemptions: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        if (request.customerId && !(await readBalance(client, merchantId, request.customerId)))
          throw notFound('customer_id');
        const { rows, nextCursor } = await listRedemptions(client, merchantId, {
          customerId: request.customerId,
          pageSize: request.page?.pageSize ?? 50,
          cursor: request.page?.cursor ?? '',
        });
        return {
          redemptions: rows.map((row) => message(merchantId, row)),
          page: { nextCursor, total: -1 },
        };
      }),

    startReturn: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const row = await ownRedemption(client, request.redemptionId, context, true);
        const current = message(merchantId, row);
        if (row.status === 'returned' || current.returning) return { redemption: current };
        if (!current.returnable) {
          throw new DomainError('reward_unavailable', {
            field: 'redemption_id',
            message: isUsed(row) ? 'the code was used' : 'it cannot be returned',
          });
        }
        await markReturning(client, merchantId, row);
        return { redemption: { ...current, returning: true } };
      }),
  };
}

interface Asked {
  readonly request: StartRedemptionRequest;
  readonly context: CallerContext;
  readonly member: RedeemingMember;
}

/** Starts a redemption, or finds the one that the same attempt started before. */
async function startOnce(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  { request, context, member }: Asked,
): Promise<RedemptionRow> {
  const key = `${member.customer_id}/${request.idempotencyKey}`;
  await holdName(client, `redemption/${merchantId}/${key}`);
  const known = await readRedemptionByKey(client, merchantId, key);
  if (known) {
    const isSame =
      known.reward_id === request.rewardId &&
      (request.points === 0 || request.points === known.points_spent);
    if (!isSame) throw new DomainError('idempotency_conflict', { field: 'idempotency_key' });
    return known;
  }
  const reward = await requireAvailable(client, merchantId, { request, context, member });
  const price = priceOf(reward, request.points);
  if ('problem' in price)
    throw new DomainError('invalid_input', { field: 'points', message: price.problem });
  const start = { customerId: member.customer_id, reward, price, key };
  const redemptionId = await startRedemption(client, deps, merchantId, start);
  return mustRead(client, merchantId, redemptionId);
}

/** The reward that is asked for. @throws DomainError not_found, or reward_unavailable saying why */
async function requireAvailable(
  client: PoolClient,
  merchantId: string,
  { request, context, member }: Asked,
): Promise<Reward> {
  const reward = await readReward(client, merchantId, request.rewardId);
  if (!reward || reward.status === 'deleted') throw notFound('reward_id');
  // Staff redeem POS rewards, with the member present.
  if (reward.channel === 'pos' && shopperOf(context) !== undefined)
    throw new DomainError('reward_unavailable', {
      field: 'reward_id',
      message: 'the reward is redeemed at the POS',
    });
  if (member.absence !== null) throw notParticipating();
  const { program } = await readProgram(client, merchantId);
  const why = whyUnavailable(reward, {
    isProgramActive: program.isActive,
    tierId: member.vip_tier_id,
    segments: member.segments,
    missingPermissions: missingPermissions(reward.kind, await readGranted(client, merchantId)),
  });
  if (why) throw new DomainError('reward_unavailable', { field: 'reward_id', message: why });
  return reward;
}

export async function mustRead(
  client: PoolClient,
  merchantId: string,
  redemptionId: string,
  lock = false,
): Promise<RedemptionRow> {
  const row = await readRedemption(client, merchantId, redemptionId, lock);
  if (!row) throw notFound('redemption_id');
  return row;
}

/** A shopper sees only what is theirs. */
async function ownRedemption(
  client: PoolClient,
  redemptionId: string,
  context: CallerContext,
  lock = false,
): Promise<RedemptionRow> {
  const row = await mustRead(client, tenantOf(context), redemptionId, lock);
  const shopper = shopperOf(context);
  if (shopper === undefined) return row;
  if (row.shopify_customer_id !== (await identityInForce(client, tenantOf(context), shopper)))
    throw notFound('redemption_id');
  return row;
}

/** The member who is named, or the shopper who calls. */
export async function memberOf(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  context: CallerContext,
): Promise<RedeemingMember> {
  const shopper = shopperOf(context);
  const member = await readMember(client, merchantId, {
    customerId: customerId || null,
    shopifyCustomerId: shopper ?? null,
  });
  if (member) return member;
  // A customer who bought nothing yet is no member, and has no points.
  if (!customerId && shopper !== undefined)
    throw new DomainError('insufficient_points', { field: 'points' });
  throw notFound('customer_id');
}
