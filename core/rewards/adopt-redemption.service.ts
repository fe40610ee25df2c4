import type { PoolClient } from 'pg';
import type { AdoptRedemptionRequest } from '#proto/points/v1/rewards.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { readCustomer } from '../members/customers.store.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { priceOf } from './redemption.rules.ts';
import { isShopifyIdTaken, markCompleted, markUsed } from './redemption-steps.store.ts';
import {
  encryptCode,
  insertRedemptions,
  kindOf,
  promisedReward,
  readRedemption,
} from './redemptions.store.ts';
import type { RedemptionRow } from './redemptions.store.ts';
import { kindRules, rewardFromStored } from './rewards.rules.ts';
import type { Reward } from './rewards.rules.ts';
import { readReward } from './rewards.store.ts';
import { redemptionCode } from './start-redemption.ts';

type Methods = PointsMethods<'adoptRedemption'>;

/**
 * A code, a card or a credit that Shopify has and a database restored to an earlier time knows nothing of: it is written
 * down under its own id and paid for, with a debt where the points are missing by now. May be repeated.
 */
export function adoptionMethods(deps: CoreDependencies): Methods {
  return {
    adoptRedemption: (request, context) =>
      asTenant(deps.pool, context, async (client, merchantId) => {
        const known = await readRedemption(client, merchantId, request.lostRedemptionId, true);
        if (known !== undefined || (await isShopifyIdTaken(client, merchantId, request.shopifyId)))
          return { isAdopted: false, isKnown: true, isPending: known?.status === 'pending' };
        const { shopifyCustomerId } = request;
        const customer = await readCustomer(client, merchantId, { shopifyCustomerId });
        if (customer === undefined || customer.redacted_at !== null)
          return { isAdopted: false, isKnown: false, isPending: false };
        const row = await insert(client, deps, merchantId, customer.customer_id, request);
        await pay(client, deps, merchantId, row, { request, actor: context.caller.actor });
        return { isAdopted: true, isKnown: false, isPending: false };
      }),
  };
}

async function insert(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  customerId: string,
  request: AdoptRedemptionRequest,
): Promise<RedemptionRow> {
  const { lostRedemptionId: redemptionId, lostRewardId: rewardId } = request;
  const { points, expiresAt, createdAt } = request;
  const stored = rewardId === '' ? undefined : await readReward(client, merchantId, rewardId);
  const reward = stored ?? rewardOf(request);
  const price = priceOf(reward, points);
  const made = request.value === '' ? undefined : parseAmount(request.value);
  await insertRedemptions(client, merchantId, [
    {
      redemptionId,
      customerId,
      rewardId: stored === undefined ? null : rewardId,
      campaignId: null,
      tierId: null,
      gift: null,
      holdId: null,
      points,
      value: made ?? ('problem' in price ? reward.value : price.value),
      reward: made === undefined ? reward : { ...reward, currency: request.currency },
      codeHash:
        request.code === '' || !kindRules[reward.kind].isCode
          ? null
          : deps.blindIndex.discountCode(merchantId, request.code),
      expiresAt: expiresAt === '' ? null : new Date(expiresAt),
      createdAt: new Date(createdAt),
      key: `recovered/${redemptionId}`,
    },
  ]);
  const row = await readRedemption(client, merchantId, redemptionId, true);
  if (row === undefined) throw new Error('an adopted redemption is not there');
  return row;
}

/** All that is left of a reward that the restored database does not have. */
const rewardOf = ({ kind, title, points, value, currency }: AdoptRedemptionRequest): Reward =>
  rewardFromStored({
    reward_id: '',
    type: kind,
    channel: 'online',
    status: 'disabled',
    title: { en: title },
    points_cost: points,
    value: value === '' ? null : value,
    currency: currency === '' ? null : currency,
    config: {},
    icon_url: null,
  });

async function pay(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  row: RedemptionRow,
  { request, actor }: { readonly request: AdoptRedemptionRequest; readonly actor: string },
): Promise<void> {
  const outcome = await deps.ledger.debit(
    {
      merchantId,
      customerId: row.customer_id,
      points: row.points_spent,
      key: `recovered/${row.redemption_id}`,
      type: 'redeem',
      source: 'redemption',
      actor,
      metadata: {
        reason_code: 'redeemed' as const,
        redemption_id: row.redemption_id,
        subject: promisedReward(row).title,
      },
      whenShort: 'debt',
    },
    client,
  );
  if (outcome.status !== 'posted' && outcome.status !== 'duplicate')
    throw new Error(`an adopted redemption could not be debited: ${outcome.status}`);
  await markCompleted(client, merchantId, row, {
    shopifyId: request.shopifyId,
    transactionId: outcome.transactionId,
    code: encryptedCode(deps, merchantId, row, request.code),
  });
  if (request.isUsed) await markUsed(client, merchantId, row);
}

/** Shopify never shows a card's code again, but it follows from the redemption's id. */
function encryptedCode(
  deps: CoreDependencies,
  merchantId: string,
  row: RedemptionRow,
  told: string,
): Buffer | null {
  const kind = kindOf(row);
  if (!kindRules[kind].isCode && kind !== 'gift_card') return null;
  const code =
    told === '' ? redemptionCode(deps, merchantId, row.redemption_id, promisedReward(row)) : told;
  return encryptCode(deps, merchantId, row.redemption_id, code);
}
