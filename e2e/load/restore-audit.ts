import { z } from 'zod';
import { withClient } from '#infra/local/postgres.ts';
import { control } from '#infra/local/shop-endpoints.ts';
import type { Product } from './product.ts';
import type { RestoreTraffic } from './restore-traffic.ts';

interface Judged {
  readonly adminUrl: string;
}

const inDatabase = ({ adminUrl }: Judged): string => {
  const url = new URL(adminUrl);
  url.pathname = '/loyalnest';
  return url.toString();
};

/** The markers that a database holds. */
export function markersIn(database: Judged, product: Product): Promise<Set<string>> {
  return withClient(inDatabase(database), async (client) => {
    const { rows } = await client.query<{ key: string }>(
      `SELECT idempotency_key AS key FROM points_transactions WHERE merchant_id = $1 AND idempotency_key LIKE 'marker/%'`,
      [product.merchantId],
    );
    return new Set(rows.map(({ key }) => key));
  });
}

const made = z.array(z.object({ id: z.number() }));
const shopState = z.object({ discounts: made, gift_cards: made, store_credits: made });

/** Compares the database with what was acknowledged and with what Shopify has. All but the counts must be zero. */
export async function auditOf(database: Judged, product: Product, traffic: RestoreTraffic) {
  const shop = await control(product, 'state', { limit: 10_000 }, shopState);
  const gids = (type: string, things: readonly { id: number }[]) =>
    things.map(({ id }) => `gid://shopify/${type}/${id}`);
  const atShopify = [
    ...gids('DiscountCodeNode', shop.discounts),
    ...gids('GiftCard', shop.gift_cards),
    ...gids('StoreCreditAccountCreditTransaction', shop.store_credits),
  ];
  return withClient(inDatabase(database), async (client) => {
    const one = async (sql: string, values: unknown[] = []): Promise<number> => {
      const { rows } = await client.query<{ count: string }>(sql, values);
      return Number(rows[0]?.count);
    };
    const { merchantId } = product;
    return {
      orders: traffic.orders.size,
      orders_wrong: await one(
        `SELECT count(*) FROM unnest($2::text[]) AS id WHERE 1 <> (
           SELECT count(*) FROM points_transactions t
           WHERE t.merchant_id = $1 AND t.order_id = id AND t.source = 'order' AND t.points > 0)`,
        [merchantId, [...traffic.orders]],
      ),
      rewards: atShopify.length,
      rewards_not_debited: await one(
        `SELECT count(*) FROM unnest($2::text[]) AS id WHERE 1 <> (
           SELECT count(*) FROM reward_redemptions r JOIN points_transactions t
             ON t.merchant_id = r.merchant_id AND t.transaction_id = r.transaction_id AND t.points = -r.points_spent
           WHERE r.merchant_id = $1 AND r.status = 'completed' AND r.shopify_discount_id = id)`,
        [merchantId, atShopify],
      ),
      debits_without_reward: await one(
        `SELECT count(*) FROM reward_redemptions r WHERE r.merchant_id = $1 AND r.status = 'completed'
           AND NOT r.shopify_discount_id = ANY ($2)`,
        [merchantId, atShopify],
      ),
      erasures: traffic.erased.size,
      not_erased: await one(
        `SELECT count(*) FROM customers WHERE merchant_id = $1 AND shopify_customer_id = ANY ($2)`,
        [merchantId, [...traffic.erased]],
      ),
      invariants_broken:
        (await one('SELECT count(*) FROM ledger_broken_invariants()')) +
        (await one('SELECT count(*) FROM audit_chain_breaks()')),
    };
  });
}
