import { DELIVERY_STATUSES, type DeliveryStatus } from '#vocabulary/deliveries.ts';

export function isDeliveryStatus(status: string): status is DeliveryStatus {
  return DELIVERY_STATUSES.some((known) => known === status);
}

/** What is under way already need not be started again. */
export function isReplayable(delivery: { status: string }): boolean {
  return delivery.status !== 'processing';
}
