import type { PoolClient } from 'pg';
import type { AdjustPointsRequest } from '#proto/points/v1/points.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { holdHeir } from '../members/identities.store.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { expiryAsked } from './award-messages.ts';
import { readEntryAndBalance, readUndoable, type UndoableEntry } from './entries.store.ts';

type Dependencies = Pick<CoreDependencies, 'pool' | 'ledger' | 'clock'>;

/** Adjustments by staff, and undoing them. */
export function adjustmentMethods(
  deps: Dependencies,
): PointsMethods<'adjustPoints' | 'reverseEntry'> {
  const { pool, ledger } = deps;
  return {
    adjustPoints: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const customerId = await holdHeir(client, merchantId, request.customerId);
        const outcome = await adjust(deps, client, { ...request, customerId, merchantId, actor });
        const transactionId = postedId(outcome, 'customer_id', 'idempotency_key');
        if (outcome?.status === 'awarded' || outcome?.status === 'posted') {
          await writeAudit(client, merchantId, {
            actor,
            action: 'points_adjusted',
            targetTable: 'points_transactions',
            targetId: transactionId,
            metadata: { customer_id: customerId, points: request.points },
          });
        }
        return readEntryAndBalance(client, merchantId, customerId, transactionId);
      }),

    reverseEntry: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const original = await readUndoable(client, merchantId, request.transactionId);
        requireUndoable(original, request.customerId);
        const outcome = await ledger.reverse(
          {
            merchantId,
            transactionId: request.transactionId,
            key: `reversal/${request.transactionId}`,
            source: 'undo',
            reason: request.reason || null,
            actor,
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
            actor,
            action: 'adjustment_undone',
            targetTable: 'points_transactions',
            targetId: transactionId,
            metadata: { reverses_transaction_id: request.transactionId },
          });
        }
        return readEntryAndBalance(client, merchantId, original.customer_id, transactionId);
      }),
  };
}

type Adjustment = AdjustPointsRequest & { readonly merchantId: string; readonly actor: string };

async function adjust(
  { ledger, clock }: Dependencies,
  client: PoolClient,
  { merchantId, customerId, points, reason, actor, idempotencyKey, expiresAt }: Adjustment,
) {
  const entry = {
    merchantId,
    customerId,
    key: `adjust/${idempotencyKey}`,
    type: 'adjust' as const,
    source: 'manual',
    reason,
    actor,
  };
  if (points < 0)
    return ledger.debit(
      { ...entry, points: -points, occurredAt: clock(), whenShort: 'refuse' },
      client,
    );
  const [outcome] = await ledger.award(
    [{ ...entry, points, expiresAt: expiryAsked(expiresAt, clock()) }],
    client,
  );
  return outcome;
}

/** What an order, a redemption or an expiry did is undone by the order, the redemption, the expiry. */
function requireUndoable(
  original: UndoableEntry | undefined,
  customerId: string,
): asserts original is UndoableEntry {
  if (!original) throw notFound('transaction_id');
  if (customerId !== '' && customerId !== original.customer_id) throw notFound('transaction_id');
  if (original.source !== 'manual' && original.type !== 'import')
    throw invalidInput('transaction_id', 'only adjustments and imports can be undone by hand');
  if (original.is_closed)
    throw invalidInput('transaction_id', 'belongs to an account that was merged or erased');
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
