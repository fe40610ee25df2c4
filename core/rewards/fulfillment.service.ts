import type { PoolClient } from 'pg';
import type {
  BeginFulfillmentResponse,
  CompleteRedemptionRequest,
  CompleteRedemptionResponse,
  FailRedemptionRequest,
  FinishReturnRequest,
  Redemption,
} from '#proto/points/v1/rewards.ts';
import { holdName } from '../database/advisory-lock.ts';
import { memberOfEntry, settleHold } from '../ledger/index.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError } from '../shared/errors.ts';
import type { PointsMethods } from '../call/methods.ts';
import { mustRead } from './redemptions.service.ts';
import {
  claimStuckRedemptions,
  isAnotherSent,
  isShopifyIdTaken,
  markClaimed,
  markCompleted,
  markCompletedByUse,
  markFailed,
  markReturned,
  markSent,
  markUsed,
} from './redemption-steps.store.ts';
import {
  isUsed,
  kindOf,
  promisedReward,
  encryptCode,
  toRedemptionMessage,
  type RedemptionRow,
} from './redemptions.store.ts';
import { kindRules, toRewardMessage } from './rewards.rules.ts';
import { GIVE_UP_MS, redemptionCode } from './start-redemption.ts';
import type { HoldStatus } from '#vocabulary/ledger.ts';

type Methods = PointsMethods<
  | 'beginFulfillment'
  | 'markSent'
  | 'completeRedemption'
  | 'failRedemption'
  | 'finishReturn'
  | 'claimStuckRedemptions'
>;

/** A redemption whose row is locked, in a transaction of its tenant. */
interface Step {
  readonly client: PoolClient;
  readonly deps: CoreDependencies;
  readonly merchantId: string;
  readonly actor: string;
  readonly row: RedemptionRow;
}

/**
 * The worker's half of a redemption. Every step may be repeated: what happened once is answered and not done again, so
 * that a worker that dies at any point is followed by another.
 */
export function fulfillmentMethods(deps: CoreDependencies): Methods {
  const { pool } = deps;
  const onRedemption = <T>(
    { redemptionId }: { readonly redemptionId: string },
    context: CallerContext,
    work: (step: Step) => Promise<T>,
  ) =>
    asTenant(pool, context, async (client, merchantId) => {
      const row = await mustRead(client, merchantId, redemptionId, true);
      return work({ client, deps, merchantId, actor: context.caller.actor, row });
    });

  return {
    beginFulfillment: (request, context) => onRedemption(request, context, begin),
    markSent: (request, context) => onRedemption(request, context, grantSending),
    completeRedemption: (request, context) =>
      onRedemption(request, context, (step) => complete(step, request)),
    failRedemption: (request, context) =>
      onRedemption(request, context, (step) => fail(step, request)),
    finishReturn: (request, context) =>
      onRedemption(request, context, (step) => endReturn(step, request)),
    claimStuckRedemptions: async ({ limit, olderThanSeconds }) => ({
      redemptions: await claimStuckRedemptions(pool, limit, olderThanSeconds),
    }),
  };
}

const message = ({ deps, merchantId }: Step, row: RedemptionRow): Redemption =>
  toRedemptionMessage(deps, merchantId, row, deps.clock());

const reread = async (step: Step): Promise<Redemption> =>
  message(step, await mustRead(step.client, step.merchantId, step.row.redemption_id));

const codeOf = ({ deps, merchantId, row }: Step): string =>
  redemptionCode(deps, merchantId, row.redemption_id, promisedReward(row));

const encryptedCodeOf = (step: Step): Buffer =>
  encryptCode(step.deps, step.merchantId, step.row.redemption_id, codeOf(step));

const unused = { createdAt: null, updatedAt: null, redeemed: 0, used: 0, pointsSpent: 0 };

async function begin(step: Step): Promise<BeginFulfillmentResponse> {
  const { client, deps, merchantId, row } = step;
  await markClaimed(client, merchantId, row);
  return {
    redemption: message(step, row),
    terms: toRewardMessage(promisedReward(row), unused),
    code: codeOf(step),
    shopifyCustomerId: row.redacted_at === null ? (row.shopify_customer_id ?? '') : '',
    wasSent: row.sent_at !== null,
    sentAt: row.sent_at?.toISOString() ?? '',
    giveUp: deps.clock().getTime() - row.created_at.getTime() > GIVE_UP_MS,
  };
}

/** One at a time: two payments of one amount to one member could not be distinguished afterward. */
async function grantSending({ client, merchantId, row }: Step): Promise<{ granted: boolean }> {
  if (row.status !== 'pending') return { granted: false };
  await holdName(client, `redemption-sent/${merchantId}/${row.customer_id}`);
  if (await isAnotherSent(client, merchantId, row)) return { granted: false };
  await markSent(client, merchantId, row);
  return { granted: true };
}

async function complete(
  step: Step,
  { shopifyId }: CompleteRedemptionRequest,
): Promise<CompleteRedemptionResponse> {
  const { client, merchantId, row } = step;
  if (row.status !== 'pending') return { redemption: message(step, row), taken: false };
  if (await isShopifyIdTaken(client, merchantId, shopifyId))
    return { redemption: message(step, row), taken: true };
  const transactionId = await spendPoints(step);
  const kind = kindOf(row);
  const hasCode = kindRules[kind].isCode || kind === 'gift_card';
  const code = hasCode ? encryptedCodeOf(step) : null;
  await markCompleted(client, merchantId, row, { shopifyId, transactionId, code });
  return { redemption: await reread(step), taken: false };
}

async function fail(
  step: Step,
  { failureCode }: FailRedemptionRequest,
): Promise<{ redemption: Redemption }> {
  const { client, merchantId, row } = step;
  if (row.status !== 'pending') return { redemption: message(step, row) };
  // An order was paid with it, so it is out, whatever the worker could find of it.
  if (isUsed(row)) {
    const transactionId = await spendPoints(step);
    await markCompletedByUse(client, merchantId, row, {
      transactionId,
      code: encryptedCodeOf(step),
    });
    return { redemption: await reread(step) };
  }
  if (row.hold_id !== null) await endHold(step, row.hold_id, 'released', {});
  await markFailed(client, merchantId, row, failureCode);
  return { redemption: await reread(step) };
}

async function endReturn(
  step: Step,
  { codeUsed }: FinishReturnRequest,
): Promise<{ redemption: Redemption }> {
  const { client, merchantId, row } = step;
  // The first of the two wins: an order that used the code ends the return.
  if (row.status !== 'completed' || row.return_requested_at === null)
    return { redemption: message(step, row) };
  if (codeUsed || isUsed(row)) await markUsed(client, merchantId, row);
  else {
    await returnPoints(step);
    await markReturned(client, merchantId, row);
  }
  return { redemption: await reread(step) };
}

/** The points that were set aside are spent. @returns the entry, if points were set aside at all */
async function spendPoints(step: Step): Promise<string | null> {
  const { client, deps, merchantId, actor, row } = step;
  if (row.hold_id === null) return null;
  const metadata = {
    reason_code: 'redeemed' as const,
    redemption_id: row.redemption_id,
    subject: promisedReward(row).title,
  };
  const settled = await endHold(step, row.hold_id, 'confirmed', metadata);
  if (settled.status !== 'conflict') return settled.transactionId;
  // The hold ended otherwise meanwhile (it expired, or its member was merged); the code is out, so it is paid for.
  const outcome = await deps.ledger.debit(
    {
      merchantId,
      customerId: row.customer_id,
      points: row.points_spent,
      key: `hold/${row.hold_id}`,
      type: 'redeem',
      source: 'redemption',
      actor,
      metadata,
      whenShort: 'debt',
    },
    client,
  );
  if (outcome.status !== 'posted' && outcome.status !== 'duplicate')
    throw new Error(`a redemption could not be debited: ${outcome.status}`);
  return outcome.transactionId;
}

async function endHold(
  { client, merchantId, actor }: Step,
  holdId: string,
  outcome: Extract<HoldStatus, 'confirmed' | 'released'>,
  metadata: Readonly<Record<string, unknown>>,
) {
  const settled = await settleHold(client, merchantId, holdId, outcome, actor, metadata);
  if (settled.status === 'unknown_hold') throw new Error('a hold has gone');
  return settled;
}

/** The points of an unused code, to the lots they came from; to the member who took over, if there was a merge. */
async function returnPoints({ client, deps, merchantId, actor, row }: Step): Promise<void> {
  const transactionId = row.transaction_id;
  if (transactionId === null) return;
  const { ledger } = deps;
  const entry = {
    merchantId,
    key: `reversal/${transactionId}`,
    source: 'redemption',
    actor,
    metadata: {
      reason_code: 'redemption_returned' as const,
      redemption_id: row.redemption_id,
      subject: promisedReward(row).title,
    },
  };
  const outcome =
    (await memberOfEntry(client, merchantId, transactionId)) === row.customer_id
      ? await ledger.reverse({ ...entry, transactionId, whenShort: 'debt' }, client)
      : (
          await ledger.award(
            [{ ...entry, customerId: row.customer_id, points: row.points_spent, type: 'adjust' }],
            client,
          )
        )[0];
  const status = outcome?.status;
  if (status !== 'posted' && status !== 'duplicate' && status !== 'awarded')
    throw new DomainError('internal', {
      message: `a debit could not be reversed: ${status ?? ''}`,
    });
}
