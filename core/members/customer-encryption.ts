import { randomUUID } from 'node:crypto';
import type { CustomerIdentity } from '#proto/points/v1/points.ts';
import type { EncryptionDeps } from '../shared/blind-index.ts';
import type { Encryption } from '../shared/encryption.ts';
import type { KnownMember } from './customers.rules.ts';

/** A member as the columns of `customers` hold them; binary values base64-encoded, to travel as JSON. */
export interface EncryptedMember {
  readonly merchant_id: string;
  readonly customer_id: string;
  readonly shopify_customer_id: string;
  readonly email: string | null;
  readonly email_hash: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly name_tokens: readonly string[];
  readonly locale: string;
  readonly state: string | null;
}

/** A member that is not known yet, under a new id, encrypted and made findable. */
export function encryptMember(
  encryptionDeps: EncryptionDeps,
  merchantId: string,
  identity: CustomerIdentity,
): EncryptedMember {
  const state = identity.state;
  return encryptCustomer(encryptionDeps, merchantId, randomUUID(), identity.shopifyCustomerId, {
    email: identity.email.trim(),
    firstName: identity.firstName.trim(),
    lastName: identity.lastName.trim(),
    locale: identity.locale,
    state,
    hasAccount: state === 'enabled',
    sourceUpdatedAt: null,
  });
}

export function encryptCustomer(
  { encryption, blindIndex }: EncryptionDeps,
  merchantId: string,
  customerId: string,
  shopifyCustomerId: string,
  member: KnownMember,
): EncryptedMember {
  const encrypt = (column: string, value: string) =>
    value === ''
      ? null
      : encryption.encrypt(value, placeOf(merchantId, customerId, column)).toString('base64');
  return {
    merchant_id: merchantId,
    customer_id: customerId,
    shopify_customer_id: shopifyCustomerId,
    email: encrypt('email', member.email),
    email_hash:
      member.email === '' ? null : blindIndex.email(merchantId, member.email).toString('base64'),
    first_name: encrypt('first_name', member.firstName),
    last_name: encrypt('last_name', member.lastName),
    name_tokens: blindIndex
      .nameTokens(merchantId, member.firstName, member.lastName)
      .map((token) => token.toString('base64')),
    locale: member.locale === '' ? 'en' : member.locale,
    state: member.state === '' ? null : member.state,
  };
}

function placeOf(merchantId: string, customerId: string, column: string) {
  return { merchantId, table: 'customers', column, rowId: customerId };
}

/** What `customers` holds of a person. */
export interface EncryptedName {
  readonly first_name: Buffer | null;
  readonly last_name: Buffer | null;
}

export function decryptMember(
  encryption: Encryption,
  merchantId: string,
  customerId: string,
  row: EncryptedName & { readonly email: Buffer | null },
): { email: string; firstName: string; lastName: string } {
  const decrypt = (column: string, value: Buffer | null) =>
    value === null ? '' : encryption.decrypt(value, placeOf(merchantId, customerId, column));
  return {
    email: decrypt('email', row.email),
    firstName: decrypt('first_name', row.first_name),
    lastName: decrypt('last_name', row.last_name),
  };
}

export function decryptFirstName(
  encryption: Encryption,
  merchantId: string,
  customerId: string,
  encrypted: Buffer | null,
): string {
  return encrypted === null
    ? ''
    : encryption.decrypt(encrypted, placeOf(merchantId, customerId, 'first_name'));
}

/** The whole name as the dashboard shows it; empty when the person was erased or never gave it. */
export function decryptName(
  encryption: Encryption,
  merchantId: string,
  customerId: string,
  row: EncryptedName,
): string {
  return wholeName(decryptMember(encryption, merchantId, customerId, { ...row, email: null }));
}

export const wholeName = ({
  firstName,
  lastName,
}: {
  readonly firstName: string;
  readonly lastName: string;
}): string => `${firstName} ${lastName}`.trim();

/**
 * The value of `shopify_customer_id` after an erasure: enough to recognize the person in later messages from Shopify,
 * too little to identify them.
 */
export function tombstoneOf(
  { blindIndex }: Pick<EncryptionDeps, 'blindIndex'>,
  merchantId: string,
  shopifyCustomerId: string,
): string {
  return `redacted:${blindIndex.shopifyCustomerId(merchantId, shopifyCustomerId).toString('hex')}`;
}
