import type { MetafieldBalance } from '#proto/admin/v1/admin.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { customerGid } from '../../shopify/admin/ids.ts';
import {
  balanceMetafield,
  createMetafieldDefinition,
  metafieldsPerCall,
  setMetafields,
} from '../../shopify/admin/metafields.ts';

/** Makes the balance readable by the theme. Done already is done. */
export async function defineBalanceMetafield(shopify: AdminClient): Promise<void> {
  const { metafieldDefinitionCreate } = await shopify.request(createMetafieldDefinition, {
    definition: {
      name: 'Loyalty points',
      description: 'Points balance kept by LoyalNest',
      namespace: balanceMetafield.namespace,
      key: balanceMetafield.key,
      type: balanceMetafield.type,
      ownerType: 'CUSTOMER',
      // Liquid sees only what the storefront may read.
      access: { storefront: 'PUBLIC_READ' },
    },
  });
  const [problem] = metafieldDefinitionCreate?.userErrors ?? [];
  if (problem !== undefined && problem.code !== 'TAKEN')
    throw new Error(`The metafield definition was refused: ${problem.message}`);
}

/**
 * Writes to Shopify what core says the balances are, until core says that none is behind. Core keeps which version of a
 * balance Shopify has, so a crash between writing and confirming writes the same value once more.
 */
export async function writeBalanceMetafields(
  admin: CoreClients['admin'],
  shopify: AdminClient,
): Promise<number> {
  let written = 0;
  for (;;) {
    const { balances } = await admin.getMetafieldBalances({ customerIds: [] });
    if (balances.length === 0) return written;
    for (let start = 0; start < balances.length; start += metafieldsPerCall) {
      const batch = balances.slice(start, start + metafieldsPerCall);
      await writeBatch(batch, shopify);
      await admin.confirmMetafieldBalances({ balances: batch });
      written += batch.length;
    }
  }
}

async function writeBatch(batch: readonly MetafieldBalance[], shopify: AdminClient): Promise<void> {
  const problem = await write(batch, shopify);
  if (problem === undefined) return;
  // A call is all or nothing: one customer that Shopify has deleted meanwhile must not keep 24 others behind.
  for (const balance of batch) await write([balance], shopify);
}

async function write(
  batch: readonly MetafieldBalance[],
  shopify: AdminClient,
): Promise<string | undefined> {
  const { metafieldsSet } = await shopify.request(setMetafields, {
    metafields: batch.map((balance) => ({
      ownerId: customerGid(balance.shopifyCustomerId),
      namespace: balanceMetafield.namespace,
      key: balanceMetafield.key,
      type: balanceMetafield.type,
      value: String(balance.balance),
    })),
  });
  if (metafieldsSet === null) throw new AdminApiError('metafieldsSet answered nothing', true);
  return metafieldsSet.userErrors[0]?.message;
}
