/** Why an order is reported. What `synced` sees first is history and earns nothing. */
export const ORDER_TRIGGERS = [
  'created',
  'paid',
  'updated',
  'edited',
  'cancelled',
  'refunded',
  'synced',
  'reconciled',
] as const;
export type OrderTrigger = (typeof ORDER_TRIGGERS)[number];

/** Where a state of an order comes from: a message, a question to Shopify, or a source that sees no refunds. */
export const ORDER_SOURCES = ['webhook', 'reading', 'partial'] as const;

export const ORDER_CHANNELS = ['online', 'pos'] as const;
