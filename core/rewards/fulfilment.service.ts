import type { PoolClient } from 'pg';
import type { Redemption } from '#proto/points/v1/rewards.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { newEntryId } from '../ledger/index.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError } from '../shared/errors.ts';
import type { PointsMethods } from '../call/methods.ts';
import { mustRead } from './redemptions.service.ts';
import {
  isUsed,
  kindOf,
  promisedReward,
  sealCode,
  toRedemptionMessage,
  updateRedemption,
  type RedemptionRow,
} from './redemptions.store.ts';
import { kindRules, toRewardMessage } from './rewards.rules.ts';
import { GIVE_UP_MS, redemptionCode } from './start-redemption.ts';
import type { HoldStatus } from '#vocabulary/ledger.ts';

type Methods = PointsMethods<
  | 'beginFulfilment'
  | 'markSent'
  | 'completeRedemption'
  | 'failRedemption'
  | 'finishReturn'
  | 'claimStuckRedemptions'
>;

const unused = { createdAt: null, updatedAt: null, redeemed: 0, used: 0, pointsSpent: 0 };

/**
 * The worker's half of a redemption. Every step may be repeated: what happened once is answered and not done again, so
 * that a worker that dies at any point is followed by another.
 */
export function fulfilmentMethods(deps: CoreDependencies): Methods {
  const { pool, clock, ledger } = deps;
  const message = (merchantId: string, row: RedemptionRow): Redemption =>
    toRedemptionMessage(deps, merchantId, row, clock());
  const reread = async (client: PoolClient, merchantId: string, row: RedemptionRow) =>
    message(merchantId, await mustRead(client, merchantId, row.redemption_id));

  async function confirm(
    client: PoolClient,
    merchantId: string,
    row: RedemptionRow,
    actor: string,
  ) {
    if (row.hold_id === null) return null;
    const metadata = {
      reason_code: 'redeemed' as const,
      redemption_id: row.redemption_id,
      subject: promisedReward(row).title,
    };
    const settled = await settleHold(client, merchantId, row.hold_id, 'confirmed', actor, metadata);
    if (settled.status !== 'conflict') return settled.transaction_id;
    // The hold ended otherwise meanwhile (it lapsed, or its member was merged); the code is out, so it is paid for.
    const outcome = await ledger.debit(
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

  return {
    beginFulfilment: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await mustRead(client, merchantId, request.redemptionId, true);
        await updateRedemption(client, merchantId, row, 'claimed_at = now()', [], undefined);
        const terms = promisedReward(row);
        return {
          redemption: message(merchantId, row),
          terms: toRewardMessage(terms, unused),
          code: redemptionCode(deps, merchantId, row.redemption_id, terms),
          shopifyCustomerId: row.redacted_at === null ? (row.shopify_customer_id ?? '') : '',
          wasSent: row.sent_at !== null,
          sentAt: row.sent_at?.toISOString() ?? '',
          giveUp: clock().getTime() - row.created_at.getTime() > GIVE_UP_MS,
        };
      }),

    markSent: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await mustRead(client, merchantId, request.redemptionId, true);
        if (row.status !== 'pending') return { granted: false };
        // One at a time: two payments of one amount to one member could not be told apart afterwards.
        await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
          `redemption-sent/${merchantId}/${row.customer_id}`,
        ]);
        const { rows } = await client.query(
          `SELECT 1 FROM reward_redemptions WHERE merchant_id = $1 AND customer_id = $2 AND status = 'pending'
             AND sent_at IS NOT NULL AND redemption_id <> $3 LIMIT 1`,
          [merchantId, row.customer_id, row.redemption_id],
        );
        if (rows.length > 0) return { granted: false };
        await updateRedemption(client, merchantId, row, 'sent_at = now()', [], undefined);
        return { granted: true };
      }),

    completeRedemption: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await mustRead(client, merchantId, request.redemptionId, true);
        if (row.status !== 'pending') return { redemption: message(merchantId, row), taken: false };
        const { rows: others } = await client.query(
          `SELECT 1 FROM reward_redemptions WHERE merchant_id = $1 AND shopify_discount_id = $2`,
          [merchantId, request.shopifyId],
        );
        if (others.length > 0) return { redemption: message(merchantId, row), taken: true };
        const transactionId = await confirm(client, merchantId, row, context.caller.actor);
        const kind = kindOf(row);
        const hasCode = kindRules[kind].isCode || kind === 'gift_card';
        const code = redemptionCode(deps, merchantId, row.redemption_id, promisedReward(row));
        await updateRedemption(
          client,
          merchantId,
          row,
          `status = 'completed', completed_at = now(), shopify_discount_id = $3, transaction_id = $4, discount_code = $5`,
          [
            request.shopifyId,
            transactionId,
            hasCode ? sealCode(deps, merchantId, row.redemption_id, code) : null,
          ],
          // What was to be withdrawn while it was being made is withdrawn now that it is there.
          row.return_requested_at === null ? 'completed' : 'returning',
        );
        return { redemption: await reread(client, merchantId, row), taken: false };
      }),

    failRedemption: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await mustRead(client, merchantId, request.redemptionId, true);
        if (row.status !== 'pending') return { redemption: message(merchantId, row) };
        // An order was paid with it, so it is out, whatever the worker could find of it.
        if (isUsed(row)) {
          const transactionId = await confirm(client, merchantId, row, context.caller.actor);
          const code = redemptionCode(deps, merchantId, row.redemption_id, promisedReward(row));
          await updateRedemption(
            client,
            merchantId,
            row,
            `status = 'completed', completed_at = now(), transaction_id = $3, discount_code = $4,
             return_requested_at = NULL`,
            [transactionId, sealCode(deps, merchantId, row.redemption_id, code)],
            'completed',
          );
          return { redemption: await reread(client, merchantId, row) };
        }
        if (row.hold_id !== null)
          await settleHold(client, merchantId, row.hold_id, 'released', context.caller.actor, {});
        await updateRedemption(
          client,
          merchantId,
          row,
          `status = 'failed', failure_code = $3, return_requested_at = NULL`,
          [request.failureCode],
          'failed',
        );
        return { redemption: await reread(client, merchantId, row) };
      }),

    finishReturn: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await mustRead(client, merchantId, request.redemptionId, true);
        // Whoever was first decided: an order that used the code ends the return.
        if (row.status !== 'completed' || row.return_requested_at === null)
          return { redemption: message(merchantId, row) };
        if (request.codeUsed || isUsed(row)) {
          await updateRedemption(
            client,
            merchantId,
            row,
            'return_requested_at = NULL, used_at = coalesce(used_at, now())',
            [],
            'used',
          );
        } else {
          await giveBack(client, deps, merchantId, row, context.caller.actor);
          await updateRedemption(
            client,
            merchantId,
            row,
            `status = 'returned', returned_at = now(), return_requested_at = NULL`,
            [],
            'returned',
          );
        }
        return { redemption: await reread(client, merchantId, row) };
      }),

    async claimStuckRedemptions(request) {
      const { rows } = await pool.query<{
        merchant_id: string;
        shop_domain: string;
        redemption_id: string;
        status: string;
      }>('SELECT * FROM redemptions_claim_stuck($1, $2)', [
        request.limit,
        request.olderThanSeconds,
      ]);
      return {
        redemptions: rows.map((row) => ({
          merchantId: row.merchant_id,
          shopDomain: row.shop_domain,
          redemptionId: row.redemption_id,
          status: row.status,
        })),
      };
    },
  };
}

async function settleHold(
  client: PoolClient,
  merchantId: string,
  holdId: string,
  outcome: Extract<HoldStatus, 'confirmed' | 'released'>,
  actor: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<{ status: string; transaction_id: string | null }> {
  const { rows } = await client.query<{ status: string; transaction_id: string | null }>(
    `SELECT status, transaction_id FROM ledger_settle_hold($1,$2,$3,$4,$5,$6,$7)`,
    [newEntryId(), merchantId, holdId, outcome, 'redemption', actor, JSON.stringify(metadata)],
  );
  const settled = rows[0];
  if (!settled || settled.status === 'unknown_hold') throw new Error('a hold has gone');
  return settled;
}

/** The points of an unused code, to the lots they came from; to the member who took over, if there was a merge. */
async function giveBack(
  client: PoolClient,
  { ledger }: Pick<CoreDependencies, 'ledger'>,
  merchantId: string,
  row: RedemptionRow,
  actor: string,
): Promise<void> {
  const transactionId = row.transaction_id;
  if (transactionId === null) return;
  const { rows } = await client.query<{ customer_id: string }>(
    'SELECT customer_id FROM points_transactions WHERE merchant_id = $1 AND transaction_id = $2',
    [merchantId, transactionId],
  );
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
    rows[0]?.customer_id === row.customer_id
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
