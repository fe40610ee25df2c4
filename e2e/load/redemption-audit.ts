import { z } from 'zod';
import { withClient } from '#infra/local/postgres.ts';
import { control } from '#infra/local/shop-endpoints.ts';
import type { BenchDatabase } from './bench-database.ts';
import type { Product } from './product.ts';

/** In turn: money that is paid out takes longer than a code, as it is looked for before it is paid again. */
export const kinds = [
  'amount_off',
  'amount_off',
  'gift_card',
  'amount_off',
  'store_credit',
] as const;
const scopes = [
  'read_customers',
  'write_customers',
  'read_orders',
  'write_discounts',
  'write_app_proxy',
  'write_gift_cards',
  'write_store_credit_account_transactions',
  'read_store_credit_accounts',
];
const cost = 100;
const beginning = 1_000_000;

export interface RedemptionScene {
  /** One for each of `kinds`. */
  readonly rewardIds: readonly string[];
  /** Shopify's ids of members. */
  readonly shoppers: readonly string[];
}

/**
 * Some of the shop's own customers with more points than they will use, a reward of each kind, and Shopify's highest rate
 * limit, so that the product is measured.
 */
export async function prepareRedemptions(
  database: BenchDatabase,
  { shop, merchantId }: Product,
  members: number,
): Promise<RedemptionScene> {
  await control({ shop }, 'shop', { plan: 'plus' }, z.unknown());
  await control({ shop }, 'install', { scopes, wait: true }, z.unknown());
  return withClient(database.adminUrl, async (client) => {
    const { rows: shoppers } = await client.query<{ customer_id: string; shopify_id: string }>(
      `SELECT customer_id, shopify_customer_id AS shopify_id FROM customers
       WHERE merchant_id = $1 ORDER BY shopify_customer_id LIMIT $2`,
      [merchantId, members],
    );
    for (const { customer_id: customerId } of shoppers) {
      await client.query(
        `SELECT ledger_credit_one(gen_random_uuid(), $1, $2::uuid, $3, 'bench/' || $2::uuid, 'earn', 'bench', NULL, NULL,
           NULL, NULL, NULL, 'system', '{}')`,
        [merchantId, customerId, beginning],
      );
    }
    const { rows } = await client.query<{ reward_id: string; type: string }>(
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency)
       SELECT merchant_id, kind, '{"en": "$1"}', $2, 1, currency FROM merchants, unnest($3::text[]) AS kind
       WHERE merchant_id = $1 RETURNING reward_id, type`,
      [merchantId, cost, [...new Set(kinds)]],
    );
    return {
      rewardIds: kinds.map((kind) => rows.find(({ type }) => type === kind)?.reward_id ?? ''),
      shoppers: shoppers.map((row) => row.shopify_id),
    };
  });
}

const shopState = z.object({
  discounts: z.array(z.object({ id: z.number(), endsAt: z.string().nullable() })),
  gift_cards: z.array(z.object({ id: z.number() })),
  store_credits: z.array(z.object({ id: z.number() })),
});

/** Valid codes, cards and credits at the shop, by Shopify's ids. */
async function rewardsAtShop(shop: Product['shop']) {
  const state = await control({ shop }, 'state', { limit: 10_000 }, shopState);
  const gids = (type: string, things: readonly { id: number }[]) =>
    things.map(({ id }) => `gid://shopify/${type}/${id}`);
  return {
    state,
    ids: new Set([
      ...gids(
        'DiscountCodeNode',
        state.discounts.filter(({ endsAt }) => endsAt === null),
      ),
      ...gids('GiftCard', state.gift_cards),
      ...gids('StoreCreditAccountCreditTransaction', state.store_credits),
    ]),
  };
}

/** Compares what was acknowledged with the database and with the shop at Shopify. All but the counts must be zero. */
export async function auditRedemptions(
  database: BenchDatabase,
  product: Product,
  acknowledged: ReadonlySet<string>,
) {
  const { state, ids: codes } = await rewardsAtShop(product.shop);
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{
      redemption_id: string;
      status: string;
      shopify_id: string | null;
      debits: number;
    }>(
      `SELECT r.redemption_id, r.status, r.shopify_discount_id AS shopify_id,
              (SELECT count(*) FROM points_transactions t
               WHERE t.merchant_id = r.merchant_id AND t.type = 'redeem' AND t.points = -r.points_spent
                 AND t.metadata->>'redemption_id' = r.redemption_id::text)::integer AS debits
       FROM reward_redemptions r WHERE r.merchant_id = $1`,
      [product.merchantId],
    );
    const { rows: wrong } = await client.query<{ count: string }>(
      `SELECT count(*) AS count FROM points_balances b
       WHERE b.merchant_id = $1 AND (b.held <> 0 OR b.balance + coalesce((
         SELECT sum(r.points_spent) FROM reward_redemptions r
         WHERE r.merchant_id = b.merchant_id AND r.customer_id = b.customer_id AND r.status = 'completed'), 0)
         <> (SELECT sum(t.points) FROM points_transactions t
             WHERE t.merchant_id = b.merchant_id AND t.customer_id = b.customer_id AND t.type <> 'redeem'))`,
      [product.merchantId],
    );
    const completed = rows.filter(({ status }) => status === 'completed');
    const done = new Set(completed.map((row) => row.redemption_id));
    const owned = new Set(completed.map((row) => row.shopify_id));
    return {
      completed: completed.length,
      gift_cards: state.gift_cards.length,
      store_credits: state.store_credits.length,
      lost:
        [...acknowledged].filter((id) => !done.has(id)).length +
        completed.filter(({ debits }) => debits === 0).length +
        Number(wrong[0]?.count),
      // Two with one code would leave one shopper without.
      doubled: rows.filter(({ debits }) => debits > 1).length + (completed.length - owned.size),
      orphan_codes: [...codes].filter((id) => !owned.has(id)).length,
      debits_without_code: completed.filter((row) => !codes.has(row.shopify_id ?? '')).length,
      failed: rows.filter(({ status }) => status === 'failed').length,
    };
  });
}
