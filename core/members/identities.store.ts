import type { Queryable } from '../database/queryable.ts';

/**
 * Whom a Shopify id or one of our own ids means. Merges and erasures change it under an exclusive lock of the tenant;
 * a transaction that writes for a member holds it shared from before it looks the member up until it commits. It comes before
 * all other locks of a transaction, so that a merge never waits for a transaction that waits for it.
 */

/** Locks the tenant's identities for a merge or an erasure: no other transaction changes or uses them until it commits. */
export async function lockIdentities(on: Queryable, merchantId: string): Promise<void> {
  await on.query(`SELECT pg_advisory_xact_lock(hashtextextended('members/' || $1::uuid, 0))`, [
    merchantId,
  ]);
}

export interface NamedMember {
  readonly merchantId: string;
  readonly shopifyCustomerId: string | null;
}

/**
 * The Shopify ids that replace these after merges, whatever their tenants, in the order of the argument. Until the
 * transaction ends they stay what they are.
 */
export async function holdIdentities(
  on: Queryable,
  named: readonly NamedMember[],
): Promise<(string | null)[]> {
  const { rows } = await on.query<{ ord: number; shopify_customer_id: string }>(
    'SELECT ord, shopify_customer_id FROM members_in_force($1, $2)',
    [
      named.map(({ merchantId }) => merchantId),
      named.map(({ shopifyCustomerId }) => shopifyCustomerId),
    ],
  );
  const inForce = named.map(({ shopifyCustomerId }) => shopifyCustomerId);
  for (const row of rows) inForce[Number(row.ord) - 1] = row.shopify_customer_id;
  return inForce;
}

/** As above for one member. */
export async function holdIdentity(
  on: Queryable,
  merchantId: string,
  shopifyCustomerId: string,
): Promise<string> {
  const [inForce] = await holdIdentities(on, [{ merchantId, shopifyCustomerId }]);
  return inForce ?? shopifyCustomerId;
}

/** As above for reading alone, without holding anything. */
export async function identityInForce(
  on: Queryable,
  merchantId: string,
  shopifyCustomerId: string,
): Promise<string> {
  const { rows } = await on.query<{ in_force: string }>(
    'SELECT member_in_force($1, $2) AS in_force',
    [merchantId, shopifyCustomerId],
  );
  return rows[0]?.in_force ?? shopifyCustomerId;
}

/** The member who has now what this one had; until the transaction ends it stays so. */
export async function holdHeir(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<string> {
  await on.query('SELECT 1 FROM members_in_force(ARRAY[$1::uuid], ARRAY[NULL::text])', [
    merchantId,
  ]);
  return heirOf(on, merchantId, customerId);
}

/** The member who has now what this one had. The tenant must be set. */
export async function heirOf(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<string> {
  const { rows } = await on.query<{ heir: string }>('SELECT member_heir($1, $2) AS heir', [
    merchantId,
    customerId,
  ]);
  return rows[0]?.heir ?? customerId;
}

/**
 * The Shopify id of the member who has now what this one had: null of a guest, undefined where there is no such member.
 * The tenant must be set.
 */
export async function shopifyIdOfHeir(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<string | null | undefined> {
  const { rows } = await on.query<{ shopify_customer_id: string | null }>(
    'SELECT shopify_customer_id FROM customers WHERE merchant_id = $1 AND customer_id = member_heir($1, $2)',
    [merchantId, customerId],
  );
  return rows[0]?.shopify_customer_id;
}

/** Points that were set aside go from one member to another. */
export async function moveHolds(
  on: Queryable,
  merchantId: string,
  from: string,
  to: string,
): Promise<void> {
  await on.query('SELECT members_move_holds($1, $2, $3)', [merchantId, from, to]);
}

/** Ends what can be written for these members; they must have nothing left. */
export async function closeMembers(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
): Promise<void> {
  await on.query('SELECT members_close($1, $2)', [merchantId, customerIds]);
}
