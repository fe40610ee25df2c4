import type { ServiceImplementation } from 'nice-grpc';
import type { Award, AwardResult, PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import {
  listEntries,
  readBalance,
  type AwardItem,
  type AwardOutcome,
  type ExpiryRule,
} from '../ledger/index.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { holdHeir } from '../members/identities.store.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { AnswerQueue } from './answer-queue.ts';
import { campaignDiscountMethods } from '../campaigns/campaign-discounts.service.ts';
import { campaignMethods } from '../campaigns/campaigns.service.ts';
import { earningMethods } from '../earning/earning.service.ts';
import { expiryMethods } from './expiry.service.ts';
import { explainBalance } from './explain.ts';
import { createHolds } from './holds.ts';
import { orderMethods } from '../orders/orders.service.ts';
import { programMethods } from '../program/program.service.ts';
import { awardProblem, MAX_AWARDS, NEVER } from './requests.ts';
import { simulatorMethods } from '../simulator/simulator.service.ts';
import { vipTierMethods } from '../tiers/tiers.service.ts';
import { fulfilmentMethods } from '../rewards/fulfilment.service.ts';
import { redemptionMethods } from '../rewards/redemptions.service.ts';
import { rewardMethods } from '../rewards/rewards.service.ts';

/** Awards of a stream that wait for their commit at once; beyond it the caller is slowed down. */
const STREAM_WINDOW = 512;

export function createPointsService(
  deps: CoreDependencies,
): ServiceImplementation<typeof PointsServiceDefinition, CallerContext> {
  const { pool, ledger, clock } = deps;
  const holds = createHolds(deps);

  /** @returns a result for each award: refused ones beside those that were written. */
  async function awardEach(
    merchantId: string,
    actor: string,
    awards: readonly Award[],
    write: (items: readonly AwardItem[]) => Promise<readonly AwardOutcome[]>,
  ): Promise<AwardResult[]> {
    const results = new Array<AwardResult>(awards.length);
    const items: AwardItem[] = [];
    const positions: number[] = [];
    for (const [index, award] of awards.entries()) {
      const problem = awardProblem(award);
      if (problem) results[index] = refusal('invalid_input', problem.field, problem.message);
      else {
        items.push(awardItem(merchantId, actor, award, clock()));
        positions.push(index);
      }
    }
    const outcomes = await write(items);
    for (const [nth, outcome] of outcomes.entries())
      results[positions[nth] as number] = awardResult(outcome);
    return results;
  }

  return {
    async getPointsBalance(request, context) {
      const balance = await withTenant(pool, tenantOf(context), (client) =>
        readBalance(client, tenantOf(context), request.customerId),
      );
      if (!balance) throw notFound('customer_id');
      return { balance };
    },

    async listEntries(request, context) {
      const merchantId = tenantOf(context);
      const { entries, nextCursor } = await withTenant(pool, merchantId, async (client) => {
        if (request.customerId && !(await readBalance(client, merchantId, request.customerId)))
          throw notFound('customer_id');
        return listEntries(client, {
          merchantId,
          ...(request.customerId && { customerId: request.customerId }),
          types: request.types,
          cursor: request.page?.cursor ?? '',
          pageSize: request.page?.pageSize ?? 50,
        });
      });
      return { entries, page: { nextCursor, total: -1 } };
    },

    explainBalance: (request, context) =>
      withTenant(pool, tenantOf(context), (client) =>
        explainBalance(client, tenantOf(context), request.customerId),
      ),

    async earnPoints(request, context) {
      const award = request.award;
      const problem = awardProblem(award);
      if (!award || problem)
        throw invalidInput(`award.${problem?.field ?? ''}`, problem?.message ?? 'is missing');
      const outcome = await ledger.awardOne(
        awardItem(tenantOf(context), context.caller.actor, award, clock()),
      );
      if (outcome.status === 'conflict')
        throw new DomainError('idempotency_conflict', { field: 'award.idempotency_key' });
      if (outcome.status === 'unknown_customer') throw notFound('award.customer_id');
      return { result: awardResult(outcome) };
    },

    async awardMany(request, context) {
      if (request.awards.length > MAX_AWARDS)
        throw invalidInput('awards', `must have at most ${MAX_AWARDS} items`);
      const results = await awardEach(
        tenantOf(context),
        context.caller.actor,
        request.awards,
        (items) => ledger.award(items),
      );
      return { results };
    },

    async *awardStream(requests, context) {
      const merchantId = tenantOf(context);
      const answers = new AnswerQueue<{ reference: number; result: AwardResult }>(STREAM_WINDOW);
      const reading = (async () => {
        for await (const { reference, award } of requests) {
          await answers.room();
          const problem = awardProblem(award);
          if (!award || problem) {
            answers.add(
              Promise.resolve({
                reference,
                result: refusal(
                  'invalid_input',
                  `award.${problem?.field ?? ''}`,
                  problem?.message ?? '',
                ),
              }),
            );
            continue;
          }
          answers.add(
            ledger
              .awardOne(awardItem(merchantId, context.caller.actor, award, clock()))
              .then((outcome) => ({ reference, result: awardResult(outcome) })),
          );
        }
      })();
      reading.then(
        () => answers.end(),
        (error: unknown) => answers.fail(error),
      );
      yield* answers;
    },

    ...orderMethods(deps),

    adjustPoints: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { points, reason } = request;
        const customerId = await holdHeir(client, merchantId, request.customerId);
        const key = `adjust/${request.idempotencyKey}`;
        const { actor } = context.caller;
        const outcome =
          points > 0
            ? (
                await ledger.award(
                  [
                    {
                      merchantId,
                      customerId,
                      points,
                      key,
                      type: 'adjust',
                      source: 'manual',
                      reason,
                      actor,
                      expiresAt: expiryAsked(request.expiresAt, clock()),
                    },
                  ],
                  client,
                )
              )[0]
            : await ledger.debit(
                {
                  merchantId,
                  customerId,
                  points: -points,
                  key,
                  type: 'adjust',
                  source: 'manual',
                  reason,
                  actor,
                  occurredAt: clock(),
                  whenShort: 'refuse',
                },
                client,
              );
        const transactionId = postedId(outcome, 'customer_id', 'idempotency_key');
        if (outcome?.status === 'awarded' || outcome?.status === 'posted') {
          await writeAudit(client, merchantId, {
            actor,
            action: 'points_adjusted',
            targetTable: 'points_transactions',
            targetId: transactionId,
            metadata: { customer_id: customerId, points },
          });
        }
        return holds.entryAndBalance(client, merchantId, customerId, transactionId);
      }),

    reverseEntry: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { rows } = await client.query<{
          customer_id: string;
          source: string | null;
          type: string;
          is_closed: boolean;
        }>(
          `SELECT t.customer_id, t.source, t.type, b.closed_at IS NOT NULL AS is_closed FROM points_transactions t
           LEFT JOIN points_balances b ON b.merchant_id = t.merchant_id AND b.customer_id = t.customer_id
           WHERE t.merchant_id = $1 AND t.transaction_id = $2`,
          [merchantId, request.transactionId],
        );
        const original = rows[0];
        if (!original) throw notFound('transaction_id');
        if (request.customerId !== '' && request.customerId !== original.customer_id)
          throw notFound('customer_id');
        // What an order, a redemption or an expiry did is undone by the order, the redemption, the expiry.
        if (original.source !== 'manual' && original.type !== 'import') {
          throw invalidInput(
            'transaction_id',
            'only adjustments and imports can be undone by hand',
          );
        }
        if (original.is_closed)
          throw invalidInput('transaction_id', 'belongs to an account that was merged or erased');
        const outcome = await ledger.reverse(
          {
            merchantId,
            transactionId: request.transactionId,
            key: `reversal/${request.transactionId}`,
            source: 'undo',
            reason: request.reason || null,
            actor: context.caller.actor,
            whenShort: 'debt',
          },
          client,
        );
        if (outcome.status === 'unknown_entry') throw notFound('transaction_id');
        if (outcome.status === 'not_reversible' || outcome.status === 'nothing') {
          throw invalidInput('transaction_id', 'cannot be undone');
        }
        const transactionId = postedId(outcome, 'transaction_id', 'transaction_id');
        if (outcome.status === 'posted') {
          await writeAudit(client, merchantId, {
            actor: context.caller.actor,
            action: 'adjustment_undone',
            targetTable: 'points_transactions',
            targetId: transactionId,
            metadata: { reverses_transaction_id: request.transactionId },
          });
        }
        return holds.entryAndBalance(client, merchantId, original.customer_id, transactionId);
      }),

    holdPoints: (request, context) => holds.hold(tenantOf(context), request),
    confirmHold: (request, context) =>
      holds.confirm(tenantOf(context), request.holdId, context.caller.actor),
    releaseHold: (request, context) =>
      holds.release(tenantOf(context), request.holdId, context.caller.actor),

    async importPoints(request, context) {
      if (request.awards.length > MAX_AWARDS)
        throw invalidInput('awards', `must have at most ${MAX_AWARDS} items`);
      const results = await awardEach(
        tenantOf(context),
        context.caller.actor,
        request.awards.map((award) => ({
          ...award,
          type: 'import',
          source: award.source || 'import',
        })),
        (items) => ledger.award(items),
      );
      return { results };
    },

    ...programMethods(deps),
    ...earningMethods(deps),
    ...simulatorMethods(deps),
    ...campaignMethods(deps),
    ...campaignDiscountMethods(deps),
    ...expiryMethods(deps),
    ...vipTierMethods(deps),
    ...rewardMethods(deps),
    ...redemptionMethods(deps),
    ...fulfilmentMethods(deps),
  };
}

function awardItem(merchantId: string, actor: string, award: Award, now: Date): AwardItem {
  return {
    merchantId,
    actor,
    customerId: award.customerId,
    points: award.points,
    key: award.idempotencyKey,
    type: (award.type || 'earn') as 'earn' | 'referral' | 'campaign' | 'import',
    source: award.source || 'api',
    reason: award.reason || null,
    orderId: award.orderId || null,
    expiresAt: expiryAsked(award.expiresAt, now),
    occurredAt: award.occurredAt ? new Date(award.occurredAt) : null,
  };
}

/** By the program's rule, unless the caller says otherwise: a day, at whose end the points expire, or never. */
function expiryAsked(expiresAt: string, now: Date): ExpiryRule | null {
  if (expiresAt === NEVER) return null;
  return expiresAt === '' ? { by: 'program', at: now } : { by: 'day', at: new Date(expiresAt) };
}

function refusal(code: string, field: string, message: string): AwardResult {
  return {
    status: 'refused',
    transactionId: '',
    sequence: 0,
    balanceAfter: 0,
    problem: { code, field, message },
  };
}

function awardResult(outcome: AwardOutcome): AwardResult {
  switch (outcome.status) {
    case 'awarded':
    case 'duplicate':
      return { ...outcome, problem: undefined };
    case 'conflict':
      return refusal(
        'idempotency_conflict',
        'idempotency_key',
        'was used before for something else',
      );
    case 'unknown_customer':
      return refusal('not_found', 'customer_id', 'is not known');
  }
}

/** The entry's id of a debit, credit or reversal that was made (or had been made before). */
function postedId(
  outcome: { readonly status: string; readonly transactionId?: string } | undefined,
  memberField: string,
  keyField: string,
): string {
  if (outcome?.transactionId !== undefined) return outcome.transactionId;
  if (outcome?.status === 'unknown_customer') throw notFound(memberField);
  if (outcome?.status === 'conflict')
    throw new DomainError('idempotency_conflict', { field: keyField });
  if (outcome?.status === 'insufficient' || outcome?.status === 'nothing') {
    throw new DomainError('insufficient_points', {
      field: 'points',
      message: 'more than the member has available',
    });
  }
  throw new Error(`unexpected outcome ${outcome?.status ?? 'none'}`);
}
