import type { EarningContext } from '../program/multipliers.rules.ts';
import type { Program } from '../program/program.rules.ts';
import { formatAmount } from '../shared/money.rules.ts';
import type { EntryMetadata } from '../ledger/entry-metadata.rules.ts';
import {
  awardKey,
  type OrderFacts,
  type Pending,
  type PlannedEntry,
} from './settlement-facts.rules.ts';
import { contextTerms, earningTerms, type Terms } from './settlement-terms.rules.ts';

/**
 * Points that wait until a return window is over. Nothing of them is in the ledger: the order keeps what its award will
 * say, by the terms and the number of days in force when it was first settled. Refunds, cancellations and edits change
 * only the sum that waits. When the time has come one entry is written of what is left.
 */

const DAY_MS = 86_400_000;

/** What the order waits for; null where its points count as soon as they are due. */
export function waitOf(
  facts: OrderFacts,
  terms: Terms,
  program: Program,
  context: EarningContext,
): Omit<Pending, 'points'> | null {
  const { pending, dueAt, now } = facts;
  if (pending !== null)
    return { countsAt: pending.countsAt, metadata: byTermsNow(pending.metadata, terms) };
  if (program.pendingDays === 0) return null;
  return {
    countsAt: new Date(Date.parse(dueAt ?? now) + program.pendingDays * DAY_MS).toISOString(),
    metadata: {
      ...earningTerms('order_paid', terms, program.version),
      ...contextTerms(terms, context, facts.isFirst),
    },
  };
}

/** As they were, with what the order's goods are by now: edits change them, and whether it is a first purchase. */
function byTermsNow(stored: EntryMetadata, terms: Terms): EntryMetadata {
  const { excluded: _excluded, multiplier_source: _source, ...kept } = stored;
  const version = stored['rule_version'];
  return {
    ...kept,
    ...earningTerms('order_paid', terms, typeof version === 'number' ? version : 0),
  };
}

type AfterWait = { readonly pending: Pending | null } & (
  | { readonly kind: 'post'; readonly entries: readonly [PlannedEntry] }
  | {
      readonly kind: 'idle';
      readonly reason: 'points_pending' | 'redacted_customer' | 'nothing_new';
    }
);

/** @param worth what the order is worth now @param refunds what each refund so far refunded of the goods that earn */
export function afterWait(
  facts: OrderFacts,
  { countsAt, metadata }: Omit<Pending, 'points'>,
  worth: bigint,
  refunds: readonly { readonly refundId: string; readonly earning: bigint }[],
): AfterWait {
  const { owner } = facts;
  if (facts.isOwnerErased)
    return {
      kind: 'idle',
      reason: 'redacted_customer',
      pending: { points: 0n, countsAt, metadata },
    };
  const isOver = Date.parse(countsAt) <= Date.parse(facts.now);
  if (!isOver || owner === null || worth === 0n)
    return {
      kind: 'idle',
      reason: isOver ? 'nothing_new' : 'points_pending',
      pending: { points: worth, countsAt, metadata },
    };
  const deducted = refunds.filter(({ earning }) => earning > 0n);
  return {
    kind: 'post',
    entries: [
      {
        member: owner,
        key: awardKey(facts.orderId),
        points: Number(worth),
        reasonCode: 'order_paid',
        metadata: {
          ...metadata,
          waited_until: countsAt,
          ...(deducted.length > 0 && {
            refunds: deducted.map(({ refundId }) => refundId),
            refunded: formatAmount(deducted.reduce((all, { earning }) => all + earning, 0n)),
          }),
        },
      },
    ],
    pending: null,
  };
}
