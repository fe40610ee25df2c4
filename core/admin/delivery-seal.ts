import type { BlindIndex } from '../database/blind-index.ts';
import type { Encryption } from '../database/encryption.ts';
import { personsIn } from './persons.rules.ts';

/**
 * A delivery is sealed before its tenant is known (the shop may never have installed), so it is bound to the shop's
 * domain in the place of the tenant.
 */
function placeOf(shopDomain: string, deliveryId: string) {
  return { merchantId: shopDomain, table: 'webhook_inbox', column: 'payload', rowId: deliveryId };
}

export function sealPayload(
  encryption: Encryption,
  shopDomain: string,
  deliveryId: string,
  payload: Buffer,
): Buffer {
  // Byte for byte, as latin1 is: a replay must see what was signed, be it malformed or not.
  return encryption.encrypt(payload.toString('latin1'), placeOf(shopDomain, deliveryId));
}

/** Empty once the contents were erased. */
export function openPayload(
  encryption: Encryption,
  shopDomain: string,
  deliveryId: string,
  sealed: Buffer | null,
): Buffer {
  if (sealed === null) return Buffer.alloc(0);
  return Buffer.from(encryption.decrypt(sealed, placeOf(shopDomain, deliveryId)), 'latin1');
}

/**
 * By what erasing a person finds the deliveries that hold them. Null when the body cannot be read: such a delivery
 * goes with the first erasure in its shop, rather than staying with somebody in it.
 */
export function subjectTokensOf(
  blindIndex: BlindIndex,
  shopDomain: string,
  topic: string,
  payload: Buffer,
): Buffer[] | null {
  const persons = personsIn(topic, payload.toString('utf8'));
  if (persons === undefined) return null;
  return personTokens(blindIndex, shopDomain, [...persons.customerIds], [...persons.emails]);
}

export function personTokens(
  blindIndex: BlindIndex,
  shopDomain: string,
  customerIds: readonly string[],
  emails: readonly string[],
): Buffer[] {
  return [
    ...customerIds.map((id) => blindIndex.shopifyCustomerId(shopDomain, id)),
    ...emails.map((email) => blindIndex.email(shopDomain, email)),
  ];
}
