import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { BlindIndex } from '../shared/blind-index.ts';
import type { Encryption } from '../shared/encryption.ts';
import { personsIn, type NamedPersons } from './persons.rules.ts';

/**
 * A delivery is encrypted before its tenant is known (the shop may never have installed), so it is bound to the shop's
 * domain in the place of the tenant.
 */
function placeOf(shopDomain: string, deliveryId: string) {
  return { merchantId: shopDomain, table: 'webhook_inbox', column: 'payload', rowId: deliveryId };
}

/** What a packed body begins with, and no body of JSON. Those of earlier releases lie there as they came. */
const packedMark = Buffer.from([1]);
/** A window of 8 kB is enough for an order, and spares what a larger one would have to clear for each delivery. */
const packing = { level: 1, memLevel: 5, windowBits: 13, chunkSize: 4_096 };

/**
 * Bodies are JSON that says much twice: packed to a quarter they fit into their row, where whole they would lie in
 * pieces beside the table. Byte for byte: a replay must see what was signed, be it malformed or not.
 */
export function encryptPayload(
  encryption: Encryption,
  shopDomain: string,
  deliveryId: string,
  payload: Buffer,
): Buffer {
  const packed = Buffer.concat([packedMark, deflateRawSync(payload, packing)]);
  return encryption.encryptBytes(packed, placeOf(shopDomain, deliveryId));
}

/** Empty once the contents were erased. */
export function decryptPayload(
  encryption: Encryption,
  shopDomain: string,
  deliveryId: string,
  encrypted: Buffer | null,
): Buffer {
  if (encrypted === null) return Buffer.alloc(0);
  const bytes = encryption.decryptBytes(encrypted, placeOf(shopDomain, deliveryId));
  if (bytes[0] === packedMark[0]) return inflateRawSync(bytes.subarray(packedMark.length));
  return Buffer.from(bytes.toString('utf8'), 'latin1');
}

/**
 * By what erasing a person finds the deliveries that hold them. Null when the body cannot be read: such a delivery
 * goes with the first erasure in its shop, rather than staying with a person in it.
 */
export function subjectTokensOf(
  blindIndex: BlindIndex,
  shopDomain: string,
  topic: string,
  payload: Buffer,
): Buffer[] | null {
  const persons = personsIn(topic, payload.toString('utf8'));
  if (persons === undefined) return null;
  return personTokens(blindIndex, shopDomain, persons);
}

export function personTokens(
  blindIndex: BlindIndex,
  shopDomain: string,
  named: { readonly [Kind in keyof NamedPersons]: Iterable<string> },
): Buffer[] {
  return [
    ...Array.from(named.customerIds, (id) => blindIndex.shopifyCustomerId(shopDomain, id)),
    ...Array.from(named.emails, (email) => blindIndex.email(shopDomain, email)),
    ...Array.from(named.phones, (phone) => blindIndex.phone(shopDomain, phone)),
    ...Array.from(named.orderIds, (id) => blindIndex.shopifyOrderId(shopDomain, id)),
  ];
}
