import type { MetafieldBalance } from '#proto/admin/v1/admin.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import type { AdminApiError, AdminClient } from '../../shopify/admin-client.server.ts';
import { customerGid } from '../../shopify/admin/ids.ts';
import {
  balanceMetafield,
  metafieldsPerCall,
  setMetafields,
} from '../../shopify/admin/metafields.ts';
import { refusalOf } from '../../shopify/admin/user-errors.ts';

/**
 * Writes to Shopify what core says the balances are, until core says that none is behind. Core keeps which version of a
 * balance Shopify has, so a crash between writing and confirming writes the same value once more. What Shopify refused
 * is not confirmed, unless the customer is gone there, who needs no balance any more.
 * @throws AdminApiError when some could not be written, once all others are
 */
export async function writeBalanceMetafields(
  admin: CoreClients['admin'],
  shopify: AdminClient,
): Promise<number> {
  let written = 0;
  const refused = new Map<string, AdminApiError>();
  for (;;) {
    const { balances } = await admin.getMetafieldBalances({ customerIds: [] });
    const open = balances.filter(({ customerId }) => !refused.has(customerId));
    if (open.length === 0) break;
    for (let start = 0; start < open.length; start += metafieldsPerCall) {
      const batch = open.slice(start, start + metafieldsPerCall);
      const refusals = await writeBatch(batch, shopify);
      for (const [customerId, refusal] of refusals) refused.set(customerId, refusal);
      const done = batch.filter(({ customerId }) => !refused.has(customerId));
      await admin.confirmMetafieldBalances({ balances: done });
      written += done.length;
    }
  }
  const [first] = refused.values();
  if (first !== undefined) throw first;
  return written;
}

type Refusals = ReadonlyMap<string, AdminApiError>;

/** A call is all or nothing: one customer deleted at Shopify must not block 24 others. */
export async function writeBatch(
  batch: readonly MetafieldBalance[],
  shopify: AdminClient,
): Promise<Refusals> {
  const together = await write(batch, shopify);
  if (together === undefined) return new Map();
  const refusals = new Map<string, AdminApiError>();
  for (const balance of batch) {
    const alone = await write([balance], shopify);
    if (alone === undefined || alone.isOwnerGone) continue;
    refusals.set(balance.customerId, alone.refusal);
  }
  return refusals;
}

async function write(
  batch: readonly MetafieldBalance[],
  shopify: AdminClient,
): Promise<{ readonly refusal: AdminApiError; readonly isOwnerGone: boolean } | undefined> {
  const { metafieldsSet } = await shopify.request(setMetafields, {
    metafields: batch.map((balance) => ({
      ownerId: customerGid(balance.shopifyCustomerId),
      namespace: balanceMetafield.namespace,
      key: balanceMetafield.key,
      type: balanceMetafield.type,
      value: String(balance.balance),
    })),
  });
  const refusal = refusalOf('metafieldsSet', metafieldsSet);
  if (refusal === undefined) return undefined;
  const isOwnerGone = metafieldsSet?.userErrors[0]?.field?.at(-1) === 'ownerId';
  return { refusal, isOwnerGone };
}
