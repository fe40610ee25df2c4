import type { Customer } from '#proto/admin/v1/admin.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { customerGid } from '../../shopify/admin/ids.ts';
import { metafieldsPerCall, readBalances } from '../../shopify/admin/metafields.ts';
import { writeBatch } from './write-balances.server.ts';

/** Of our members in one call, and of Shopify's customers. */
const membersPerPage = 250;
const customersPerCall = 50;

export interface DifferentBalance {
  readonly customerId: string;
  readonly here: number;
  /** What Shopify shows: the member's balance as it was last written. */
  readonly atShopify: number;
}

/**
 * Shopify keeps each member's last balance. After a restore, what differs once orders and rewards are back is what was
 * lost otherwise: adjustments, bonuses, points of actions. The balances at Shopify are then written as they are here.
 */
export async function compareBalances(
  shop: ShopReference,
  services: JobServices,
): Promise<DifferentBalance[]> {
  const { admin } = services.core(shop.merchantId);
  const shopify = services.shopify(shop);
  const different: DifferentBalance[] = [];
  for (let cursor = ''; ;) {
    const { customers, page } = await admin.getCustomers({
      query: '',
      page: { pageSize: membersPerPage, cursor },
    });
    const members = customers.filter(({ redactedAt }) => redactedAt === '');
    for (let start = 0; start < members.length; start += customersPerCall) {
      const batch = members.slice(start, start + customersPerCall);
      const { nodes } = await shopify.request(readBalances, {
        ids: batch.map(({ shopifyCustomerId }) => customerGid(shopifyCustomerId)),
      });
      const shown = new Map(
        nodes.flatMap((node) => (node?.metafield ? [[node.id, node.metafield.value]] : [])),
      );
      const stale = batch.filter((member) => differs(member, shown));
      for (const member of stale)
        different.push({
          customerId: member.customerId,
          here: balanceOf(member),
          atShopify: Number(shown.get(customerGid(member.shopifyCustomerId))),
        });
      for (let at = 0; at < stale.length; at += metafieldsPerCall)
        await writeBatch(
          stale.slice(at, at + metafieldsPerCall).map((member) => ({
            customerId: member.customerId,
            shopifyCustomerId: member.shopifyCustomerId,
            balance: balanceOf(member),
            version: 0,
          })),
          shopify,
        );
    }
    cursor = page?.nextCursor ?? '';
    if (cursor === '') return different;
  }
}

const balanceOf = ({ balance }: Customer): number => Number(balance?.balance ?? 0);

/** A customer without a metafield never had points, as far as Shopify was told. */
function differs(member: Customer, shown: ReadonlyMap<string, string>): boolean {
  const value = shown.get(customerGid(member.shopifyCustomerId));
  return value !== undefined && Number(value) !== balanceOf(member);
}
