import { createHmac, createSecretKey } from 'node:crypto';
import type { Encryption } from './encryption.ts';

/**
 * Keyed hashes of what is stored encrypted, so that it can be found by equality without being readable. Each hash is
 * bound to its tenant and purpose: the same address has different hashes in two shops.
 */
export interface BlindIndex {
  /** Case and surrounding space do not matter. */
  email(merchantId: string, address: string): Buffer;
  /** Of one search word, as a person types it: a whole word of a name or its beginning. */
  nameToken(merchantId: string, word: string): Buffer;
  /** Of everything a name can be found by: each of its words and their beginnings from two letters on. */
  nameTokens(merchantId: string, ...names: readonly string[]): Buffer[];
  shopifyCustomerId(merchantId: string, id: string): Buffer;
  shopifyOrderId(merchantId: string, id: string): Buffer;
  /** Of the digits at its end: the same number is written with and without its country code. */
  phone(merchantId: string, number: string): Buffer;
  /** Case and surrounding space do not matter, as at a checkout. */
  discountCode(merchantId: string, code: string): Buffer;
  /** What the code of a redemption is made of: the same each time, and secret without the key. */
  codeSeed(merchantId: string, redemptionId: string): Buffer;
  /** Of what a shopper left behind, to be compared with others' of the same kind. */
  trace(merchantId: string, kind: string, value: string): Buffer;
  /** Signs an unsubscribe link: who has it may end messages to this member on this channel, and nothing else. */
  unsubscribe(merchantId: string, customerId: string, channel: string): Buffer;
  /** Of who tries to sign in to the console, from where. */
  signInTry(key: string): Buffer;
}

/** What personal data is stored with: unreadable, and yet to be found. */
export interface EncryptionDeps {
  readonly encryption: Encryption;
  readonly blindIndex: BlindIndex;
}

/** 128 bits: no two of a tenant's values meet by chance, and the index stays half the size. */
const HASH_BYTES = 16;
/** Without the country's and the trunk's digits, which are not always given. */
const PHONE_DIGITS = 9;
const MIN_PREFIX = 2;
const MAX_PREFIX = 12;
const MAX_WORDS = 8;

/** Lower case, without accents, letters and digits only: `Zoë O'Hara` is `zoe`, `o`, `hara`. */
export function nameWords(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0);
}

/** @param key 32 bytes in base64 */
export function createBlindIndex(key: string): BlindIndex {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 32) throw new TypeError('the blind index key must be 32 bytes in base64');
  const secret = createSecretKey(bytes);
  const hash = (purpose: string, merchantId: string, value: string) =>
    createHmac('sha256', secret)
      .update(`${purpose}\0${merchantId}\0${value}`)
      .digest()
      .subarray(0, HASH_BYTES);
  const tokenOf = (merchantId: string, word: string) =>
    hash('name', merchantId, [...word].slice(0, MAX_PREFIX).join(''));

  return {
    email: (merchantId, address) => hash('email', merchantId, address.trim().toLowerCase()),
    nameToken: (merchantId, word) => tokenOf(merchantId, nameWords(word)[0] ?? ''),
    nameTokens(merchantId, ...names) {
      const tokens = new Set<string>();
      for (const word of names.flatMap(nameWords).slice(0, MAX_WORDS)) {
        const letters = [...word].slice(0, MAX_PREFIX);
        for (
          let length = Math.min(MIN_PREFIX, letters.length);
          length <= letters.length;
          length++
        ) {
          tokens.add(letters.slice(0, length).join(''));
        }
      }
      return [...tokens].map((token) => hash('name', merchantId, token));
    },
    shopifyCustomerId: (merchantId, id) => hash('shopify_customer', merchantId, id),
    shopifyOrderId: (merchantId, id) => hash('shopify_order', merchantId, id),
    phone: (merchantId, number) =>
      hash('phone', merchantId, number.replace(/\D/g, '').slice(-PHONE_DIGITS)),
    discountCode: (merchantId, code) =>
      hash('discount_code', merchantId, code.trim().toUpperCase()),
    codeSeed: (merchantId, redemptionId) => hash('code_seed', merchantId, redemptionId),
    trace: (merchantId, kind, value) => hash(`trace/${kind}`, merchantId, value),
    unsubscribe: (merchantId, customerId, channel) =>
      hash('unsubscribe', merchantId, `${customerId}/${channel}`),
    signInTry: (key) => hash('sign_in_try', 'platform', key),
  };
}
