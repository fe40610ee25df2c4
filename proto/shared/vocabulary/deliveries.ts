/** The status of a message from Shopify, in the order of the filter. */
export const DELIVERY_STATUSES = [
  'received',
  'processing',
  'processed',
  'ignored',
  'refused',
  'failed',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** How work on a message may end; `received`: it is to be begun again. */
export const DELIVERY_ENDS = [
  'processed',
  'ignored',
  'refused',
  'failed',
  'received',
] as const satisfies readonly DeliveryStatus[];

/** Those that wait for an operator. */
export const DELIVERY_TROUBLES = ['failed', 'refused'] as const satisfies readonly DeliveryStatus[];
