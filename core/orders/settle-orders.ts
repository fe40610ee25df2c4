import type { PoolClient } from 'pg';
import type { RecordOrderRequest } from '#proto/points/v1/points.ts';
import { jsonObject } from '../shared/stored-json.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import type { EarningContext } from '../program/multipliers.rules.ts';
import { recordedEntries, toContext, toFacts } from './order-facts.ts';
import {
  lockAndReadLots,
  readHeirs,
  type MergedOrderRow,
  type OrderContextRow,
  type Restated,
} from './orders.store.ts';
import type { Program } from '../program/program.rules.ts';
import {
  awardKey,
  type OrderFacts,
  type RecordedEntry,
  type Settlement,
} from './settlement-facts.rules.ts';
import { accountAfter, needsLots, settle } from './settlement.rules.ts';

/** Settles merged orders: finds who has the entries now, and what of them expired where points are deducted. */

/** One RecordOrder call: a tenant and what was learned of one of its orders. */
export interface OrderUpdate {
  readonly merchantId: string;
  readonly request: RecordOrderRequest;
  /** Nothing was learned of it but that its points may count by now. */
  readonly isDue?: true;
}

/** Settles an order once more by what is known of it. */
export const dueUpdate = (merchantId: string, orderId: string): OrderUpdate => ({
  merchantId,
  isDue: true,
  request: {
    order: undefined,
    refund: { orderId, currency: '', refund: undefined, observedAt: '' },
    trigger: '',
    deliveryId: '',
  },
});

export interface Accepted {
  readonly index: number;
  readonly update: OrderUpdate;
  readonly context: OrderContextRow;
  readonly program: Program;
  member: string | null;
}

/** An order to be settled: the one an update is about, or one that changes with it and has no response of its own. */
export interface Settling {
  readonly item: Accepted;
  readonly isTold: boolean;
  readonly row: MergedOrderRow;
  readonly facts: OrderFacts;
  readonly recorded: readonly RecordedEntry[];
  readonly context: EarningContext | null;
  settlement: Settlement;
}

export async function settleAll(
  client: PoolClient,
  accepted: readonly Accepted[],
  merged: readonly MergedOrderRow[],
  now: Date,
): Promise<Settling[]> {
  const others = new Map<string, { merchantId: string; member: string }>();
  for (const { merchant_id: merchantId, facts, entries } of merged)
    for (const { member } of entries ?? [])
      if (member !== facts.customer_id || facts.is_redacted)
        others.set(`${merchantId}/${member}`, { merchantId, member });
  const heirs = new Map(
    (await readHeirs(client, [...others.values()])).map(
      (row) =>
        [
          `${row.merchant_id}/${row.member}`,
          { member: row.heir, isErased: row.is_erased },
        ] as const,
    ),
  );
  const settling = merged.map((row): Settling => {
    const isTold = row.ord !== null;
    const item = (
      isTold
        ? accepted[Number(row.ord) - 1]
        : accepted.find(({ update }) => update.merchantId === row.merchant_id)
    ) as Accepted;
    const facts = toFacts(row, item.program, item.context, now);
    const recorded = recordedEntries(
      row,
      (member) => heirs.get(`${row.merchant_id}/${member}`) ?? { member, isErased: false },
    );
    // An order other than the reported one is never awarded here, only corrected.
    const context = isTold ? toContext(item.update.request, item.context, item.program) : null;
    return {
      item,
      isTold,
      row,
      facts,
      recorded,
      context,
      settlement: settle(facts, recorded, item.program, context),
    };
  });
  await settleWithLots(client, settling);
  return settling;
}

/** Where points are deducted or move to another member, what expired of them is read first, with the balances locked. */
async function settleWithLots(client: PoolClient, settling: readonly Settling[]): Promise<void> {
  const careful = settling.filter(({ facts, recorded, settlement }) =>
    needsLots(facts, recorded, settlement),
  );
  if (careful.length === 0) return;
  const lots = await lockAndReadLots(client, [
    ...careful.flatMap(({ row, facts, recorded }) =>
      [
        ...new Set([
          ...recorded.map(({ member }) => member),
          ...(row.entries ?? []).map(({ member }) => member),
          ...(facts.owner === null ? [] : [facts.owner]),
        ]),
      ].map((member) => ({ merchantId: row.merchant_id, orderId: row.order_id, member })),
    ),
    // All balances that are about to be written are locked at once, in one order.
    ...settling.flatMap(({ row, settlement }) =>
      settlement.kind === 'post'
        ? settlement.entries.map(({ member }) => ({
            merchantId: row.merchant_id,
            orderId: null,
            member,
          }))
        : [],
    ),
  ]);
  for (const one of careful) {
    const heirOf = new Map(
      (one.row.entries ?? []).map(({ member }, nth) => [member, one.recorded[nth]?.member]),
    );
    const ofOrder = lots.filter(
      (lot) => lot.merchant_id === one.row.merchant_id && lot.order_id === one.row.order_id,
    );
    const atExpiry = ofOrder[0]?.at_expiry ?? null;
    one.settlement = settle(
      one.facts,
      one.recorded,
      one.item.program,
      one.context,
      ofOrder.map((lot) => ({
        member: heirOf.get(lot.member) ?? lot.member,
        points: BigInt(lot.points),
        expired: BigInt(lot.expired),
        expiresAt: lot.expires_at?.toISOString() ?? null,
      })),
      atExpiry === null ? null : BigInt(atExpiry),
    );
  }
}

/** What has to be kept of an order beside its entries, if that is something else than what is kept. */
export function restated(one: Settling, waivedNow: bigint): Restated[] {
  const { row, facts, recorded, settlement } = one;
  const { account } = settlement;
  const waived = account.waived + waivedNow;
  const worth =
    account.points === null && waived > 0n ? accountAfter(recorded, settlement) : account.points;
  const given = firstGiven(one);
  const refunded = parseAmount(row.facts.refunded) ?? 0n;
  const isTold = isPendingChanged(one);
  if (
    !isTold &&
    worth === facts.account &&
    waived === facts.waived &&
    settlement.refunded === refunded &&
    given === row.facts.first_given
  )
    return [];
  return [
    {
      merchant_id: row.merchant_id,
      order_id: row.order_id,
      account: worth?.toString() ?? null,
      waived: waived.toString(),
      refunded: formatAmount(settlement.refunded),
      first_given: given,
      pending: {
        points: settlement.pending?.points.toString() ?? null,
        counts_at: settlement.pending?.countsAt ?? null,
        award: settlement.pending?.metadata ?? null,
        is_told: isTold,
      },
    },
  ];
}

/** What a member sees as pending has changed: how much of the order waits, or since when. */
export const isPendingChanged = ({ row: { facts }, settlement: { pending } }: Settling): boolean =>
  (pending?.points.toString() ?? null) !== facts.pending_points ||
  (pending?.countsAt ?? null) !== facts.points_count_at ||
  (facts.was_moved && pending !== null && pending.points > 0n);

/** Whether the award counts as a first purchase; null where no rule asks. */
function firstGiven({ facts, recorded, settlement }: Settling): boolean | null {
  const key = awardKey(facts.orderId);
  const asks =
    [...recorded, ...(facts.pending === null ? [] : [facts.pending.award])].some((entry) =>
      entry.factors?.some(({ source }) => source === 'first_purchase_24h'),
    ) ||
    (settlement.kind === 'post' &&
      settlement.entries.some(
        (plan) => plan.key === key && 'first_purchase_24h' in jsonObject(plan.metadata['factors']),
      )) ||
    'first_purchase_24h' in jsonObject(settlement.pending?.metadata['factors']);
  return asks ? facts.isFirst : null;
}
