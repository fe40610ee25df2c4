import { timingSafeEqual } from 'node:crypto';
import type { BlindIndex } from '../shared/blind-index.ts';

/** What a member can end by themselves: text messages are ended together with WhatsApp's. */
export const SUBSCRIPTIONS = ['email', 'sms'] as const;
export type Subscription = (typeof SUBSCRIPTIONS)[number];

export interface Unsubscription {
  readonly customerId: string;
  readonly channel: Subscription;
}

const uuidBytes = 16;
const macAt = 2 * uuidBytes + 1;
const macBytes = 16;

/**
 * The end of an unsubscribe link, without an end of its own: a person may unsubscribe by a letter of last year.
 * Base64url of: merchant (16 bytes), member (16), channel (1), keyed hash (16).
 */
export function unsubscribeToken(
  blindIndex: BlindIndex,
  merchantId: string,
  { customerId, channel }: Unsubscription,
): string {
  return Buffer.concat([
    bytesOf(merchantId),
    bytesOf(customerId),
    Buffer.from([SUBSCRIPTIONS.indexOf(channel)]),
    blindIndex.unsubscribe(merchantId, customerId, channel),
  ]).toString('base64url');
}

/** Undefined for what this shop has not signed. */
export function readUnsubscribeToken(
  blindIndex: BlindIndex,
  merchantId: string,
  token: string,
): Unsubscription | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const channel = SUBSCRIPTIONS[bytes[macAt - 1] ?? -1];
  if (bytes.length !== macAt + macBytes || channel === undefined) return undefined;
  const customerId = uuidOf(bytes.subarray(uuidBytes, 2 * uuidBytes));
  const expected = blindIndex.unsubscribe(merchantId, customerId, channel);
  return bytes.subarray(0, uuidBytes).equals(bytesOf(merchantId)) &&
    timingSafeEqual(bytes.subarray(macAt), expected)
    ? { customerId, channel }
    : undefined;
}

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
