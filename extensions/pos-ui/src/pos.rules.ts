export type PosState =
  | { readonly kind: 'offline' }
  | { readonly kind: 'no_customer' }
  | { readonly kind: 'customer'; readonly id: string };

/** What the POS can show now. Offline, no balance can be read and no points spent. */
export function posStateOf(
  internet: 'Connected' | 'Disconnected',
  customer: { readonly id: number } | undefined,
): PosState {
  if (internet === 'Disconnected') return { kind: 'offline' };
  return customer === undefined
    ? { kind: 'no_customer' }
    : { kind: 'customer', id: String(customer.id) };
}
