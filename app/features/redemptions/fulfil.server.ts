import type { BeginFulfillmentResponse } from '#proto/points/v1/rewards.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { ShopNotConnected } from '../../shopify/offline-token.server.ts';
import type { Promised } from './discount-input.ts';
import {
  findCard,
  findCredits,
  findDiscount,
  makeCard,
  makeDiscount,
  payCredit,
  switchOff,
} from './make-reward.server.ts';
import type { Made } from './make-reward.server.ts';
import { REWARD_KINDS, type RedemptionFailure, type RewardKind } from '#vocabulary/rewards.ts';

export interface Saga {
  readonly points: CoreClients['points'];
  /** Writes down outside of the database that store credit is about to be paid. */
  readonly journal: (promised: Promised) => Promise<void>;
  readonly shopify: AdminClient;
  readonly now: () => number;
}

/** `wait`: nothing can be done yet; try again in a few seconds. */
export type Step = 'done' | 'wait';

/** Longer than a request to Shopify may take: what was sent before has arrived by then, or never will. */
const answerTimeMs = 20_000;

/** What Shopify is asked to make of each kind. */
const madeAs: Readonly<Record<RewardKind, 'discount' | 'card' | 'credit'>> = {
  amount_off: 'discount',
  percent_off: 'discount',
  free_shipping: 'discount',
  free_product: 'discount',
  coupon: 'discount',
  cashback: 'credit',
  store_credit: 'credit',
  gift_card: 'card',
};
const wayOf = (kind: string) =>
  madeAs[REWARD_KINDS.find((known) => known === kind) ?? 'amount_off'];

/**
 * Advances a redemption or a return by one step, from its stored state. It can die anywhere and be called
 * again: what Shopify has is read back before anything is created, and core settles points once.
 */
export async function settleRedemption(saga: Saga, redemptionId: string): Promise<Step> {
  const order = await saga.points.beginFulfillment({ redemptionId });
  const { redemption } = order;
  if (redemption === undefined) return 'done';
  // One that is withdrawn while it is being made is made first: only what is there can be switched off for good.
  if (redemption.returning && redemption.status !== 'pending')
    return returnCode(saga, order, redemptionId);
  if (redemption.status === 'failed') return withdraw(saga, order);
  if (redemption.status !== 'pending') return 'done';
  try {
    return await fulfil(saga, order, redemptionId);
  } catch (error) {
    const failure = finalFailure(error, order.giveUp);
    if (failure === undefined) throw error;
    return fail(saga, redemptionId, failure);
  }
}

/** Errors that a retry cannot fix. */
function finalFailure(error: unknown, giveUp: boolean): RedemptionFailure | undefined {
  if (error instanceof AdminApiError && error.code === 'ACCESS_DENIED') return 'missing_scope';
  if (!giveUp) return undefined;
  return error instanceof ShopNotConnected ? 'not_connected' : 'timeout';
}

async function fulfil(
  saga: Saga,
  order: BeginFulfillmentResponse,
  redemptionId: string,
): Promise<Step> {
  const { terms, redemption } = order;
  if (terms === undefined || redemption === undefined) return 'done';
  const promised: Promised = {
    terms,
    code: order.code,
    shopifyCustomerId: order.shopifyCustomerId,
    startsAt: redemption.createdAt,
    expiresAt: redemption.expiresAt,
    redemptionId,
    points: redemption.pointsSpent,
  };
  const way = wayOf(terms.kind);
  if (way === 'credit') return credit(saga, order, promised, redemptionId);
  const find = () =>
    way === 'card'
      ? findCard(saga.shopify, order.code, redemptionId)
      : findDiscount(saga.shopify, order.code).then((found) => found?.id);
  const known = await find();
  if (order.shopifyCustomerId === '') {
    if (known !== undefined && way !== 'card') await switchOff(saga.shopify, known);
    return fail(saga, redemptionId, 'customer_gone');
  }
  if (known !== undefined) return complete(saga, order, redemptionId, known);
  if (order.giveUp) return fail(saga, redemptionId, 'timeout');
  const made: Made =
    way === 'card'
      ? await makeCard(saga.shopify, promised)
      : await makeDiscount(saga.shopify, promised);
  if ('failure' in made) return fail(saga, redemptionId, made.failure);
  if ('id' in made) return complete(saga, order, redemptionId, made.id);
  // Another worker was faster, or Shopify's search is behind: it is there, and will be found.
  return 'wait';
}

/**
 * Store credit has no id of ours and no idempotency. The attempt is recorded first, and a worker that finds
 * the record looks for its result before asking again.
 */
async function credit(
  saga: Saga,
  order: BeginFulfillmentResponse,
  promised: Promised,
  redemptionId: string,
): Promise<Step> {
  if (promised.shopifyCustomerId === '') return fail(saga, redemptionId, 'customer_gone');
  if (order.wasSent) {
    if (saga.now() - Date.parse(order.sentAt) < answerTimeMs) return 'wait';
    const candidates = await findCredits(saga.shopify, promised, promised.startsAt);
    for (const id of candidates) {
      const { taken } = await saga.points.completeRedemption({ redemptionId, shopifyId: id });
      if (!taken) return 'done';
    }
  }
  if (order.giveUp) return fail(saga, redemptionId, 'timeout');
  const { granted } = await saga.points.markSent({ redemptionId });
  if (!granted) return 'wait';
  // Money, of which Shopify keeps nothing of ours: what a restore would need is kept apart.
  await saga.journal(promised);
  const made = await payCredit(saga.shopify, promised);
  if ('failure' in made) return fail(saga, redemptionId, made.failure);
  if ('taken' in made) return fail(saga, redemptionId, 'refused');
  return complete(saga, order, redemptionId, made.id);
}

async function complete(
  saga: Saga,
  order: BeginFulfillmentResponse,
  redemptionId: string,
  shopifyId: string,
): Promise<Step> {
  const { redemption } = await saga.points.completeRedemption({ redemptionId, shopifyId });
  // It failed meanwhile and its points are back: the code must be deactivated.
  if (redemption?.status === 'failed') return withdraw(saga, order);
  return 'done';
}

async function fail(
  saga: Saga,
  redemptionId: string,
  failureCode: RedemptionFailure,
): Promise<Step> {
  await saga.points.failRedemption({ redemptionId, failureCode });
  return 'done';
}

/** No code without its debit. */
async function withdraw(saga: Saga, { terms, code }: BeginFulfillmentResponse): Promise<Step> {
  if (terms === undefined || wayOf(terms.kind) !== 'discount') return 'done';
  const found = await findDiscount(saga.shopify, code);
  if (found !== undefined) await switchOff(saga.shopify, found.id);
  return 'done';
}

/** Deactivates first, then returns the points: otherwise a code could be used after its points are back. */
async function returnCode(
  saga: Saga,
  order: BeginFulfillmentResponse,
  redemptionId: string,
): Promise<Step> {
  const found = await findDiscount(saga.shopify, order.code);
  let isUsed = found?.isUsed ?? false;
  if (found !== undefined && !isUsed) {
    await switchOff(saga.shopify, found.id);
    // A customer may have just paid with it.
    isUsed = (await findDiscount(saga.shopify, order.code))?.isUsed ?? false;
  }
  await saga.points.finishReturn({ redemptionId, codeUsed: isUsed });
  return 'done';
}
