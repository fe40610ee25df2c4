import type { Order } from '#proto/points/v1/points.ts';
import type { CoreClients } from '../core-client/clients.server.ts';
import type { AdminClient } from './admin-client.server.ts';
import type { ListedOrder } from './admin/order-documents.ts';
import { asideOf, toOrder, toPartialOrder } from './admin/orders.ts';
import type { OrderAside } from './admin/orders.ts';
import { claimByOrder } from './claim-by-order.ts';
import { readLines, readWholeOrder } from './read-orders.ts';
import type { WantedLines } from './read-orders.ts';
import type { OrderTrigger } from '#vocabulary/orders.ts';

export interface RecordingServices {
  readonly points: Pick<CoreClients['points'], 'recordOrder'>;
  readonly referrals: Pick<CoreClients['referrals'], 'completeReferral' | 'reportOrderRisk'>;
  readonly shopify: AdminClient;
  readonly trigger: Extract<OrderTrigger, 'synced' | 'reconciled' | 'edited'>;
  readonly lines: WantedLines;
  readonly now: () => number;
}

export interface Recorded {
  /** Whether Shopify has such an order. */
  readonly isFound: boolean;
  /** Whether that moved points: no webhook had brought what was read. */
  readonly movedPoints: boolean;
  /** A webhook reported a later state than Shopify's response: read again. */
  readonly isInDoubt: boolean;
}

/** Reads an order with its refunds and records it in core. */
export async function recordWholeOrder(id: string, services: RecordingServices): Promise<Recorded> {
  const { points, shopify, trigger } = services;
  const read = await readWholeOrder(shopify, id, services);
  if (read === undefined) return { isFound: false, movedPoints: false, isInDoubt: false };
  const { order } = read;
  const { readAnew, entries } = await points.recordOrder({ order, trigger, deliveryId: '' });
  await recordAside(order, read.aside, services);
  return { isFound: true, movedPoints: entries.length > 0, isInDoubt: readAnew };
}

/**
 * Records an order that was read in a list in core. If it has refunds, the list has only their sum: it
 * is read individually, and only if that finds nothing, the list's amounts are used. @returns whether that moved points
 */
export async function recordListedOrder(
  node: ListedOrder,
  services: RecordingServices & { readonly askedAt: string },
): Promise<boolean> {
  const { points, shopify, trigger, askedAt } = services;
  const hasRefunds = node.refunds.length > 0;
  if (hasRefunds) {
    const { isFound, movedPoints } = await recordWholeOrder(node.id, services);
    if (isFound) return movedPoints;
  }
  const order = hasRefunds
    ? toPartialOrder(node, { askedAt })
    : toOrder(node, [], { askedAt, lines: await readLines(shopify, node, [], services.lines) });
  const { readAnew, entries } = await points.recordOrder({ order, trigger, deliveryId: '' });
  await recordAside(order, asideOf(node, askedAt), services);
  const again = readAnew && (await recordWholeOrder(node.id, services)).movedPoints;
  return again || entries.length > 0;
}

/** What the order says of a referral, once the order is known. A message about it may have been lost. */
async function recordAside(
  order: Order,
  { referral, risk, readAt }: OrderAside,
  { referrals }: Pick<RecordingServices, 'referrals'>,
): Promise<void> {
  if (risk !== undefined)
    await referrals.reportOrderRisk({ orderId: order.orderId, risk, ratedAt: readAt });
  const { customer, orderedAt, test } = order;
  if (referral === undefined || customer === undefined || test) return;
  await claimByOrder(
    { referral, shopifyCustomerId: customer.shopifyCustomerId, orderedAt },
    referrals,
  );
}
