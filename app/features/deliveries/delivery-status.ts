/** How a message from Shopify stands; the order in which the filter offers them. */
export const DELIVERY_STATUSES = [
  'received',
  'processing',
  'processed',
  'ignored',
  'refused',
  'failed',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export function isDeliveryStatus(status: string): status is DeliveryStatus {
  return DELIVERY_STATUSES.some((known) => known === status);
}

/** What is under way already need not be started again. */
export function isReplayable(delivery: { status: string }): boolean {
  return delivery.status !== 'processing';
}
