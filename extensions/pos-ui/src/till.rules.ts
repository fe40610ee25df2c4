export type TillState =
  | { readonly kind: 'offline' }
  | { readonly kind: 'no_customer' }
  | { readonly kind: 'customer'; readonly id: string };

/** What the till can be asked at the moment. Without a connection nobody's points are known, nor could be spent. */
export function tillStateOf(
  internet: 'Connected' | 'Disconnected',
  customer: { readonly id: number } | undefined,
): TillState {
  if (internet === 'Disconnected') return { kind: 'offline' };
  return customer === undefined
    ? { kind: 'no_customer' }
    : { kind: 'customer', id: String(customer.id) };
}
