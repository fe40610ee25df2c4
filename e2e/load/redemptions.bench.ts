import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { withClient } from '#infra/local/postgres.ts';
import { control } from '#infra/local/shop-endpoints.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { redeem } from './redeem.ts';
import { rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * A thousand redemptions from the storefront while worker and core are killed in the middle of them: of codes, and of
 * gift cards and store credit, whose creation at Shopify is not idempotent. At the end SQL and the shop at Shopify are
 * compared: no point lost, none spent twice, no code without its debit and no debit without its code.
 */

const redemptions = 1_000;
const shoppersAtOnce = 12;
const killsOfEach = 10;
const members = 40;
const cost = 100;
const beginning = 1_000_000;
const settleWithinMs = 180_000;
/** In turn: money that is paid out takes longer than a code, as it is looked for before it is paid again. */
const kinds = ['amount_off', 'amount_off', 'gift_card', 'amount_off', 'store_credit'] as const;
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

export async function run(flags: readonly string[] = []): Promise<Metrics> {
  const count = flags.includes('--quick') ? 100 : redemptions;
  const database = await startBenchDatabase({ queue: true });
  let product: Product | undefined;
  try {
    product = await startProduct(database);
    // Shopify's highest rate limit, so that the product is measured.
    await control({ shop: product.shop }, 'shop', { plan: 'plus' }, z.unknown());
    await control({ shop: product.shop }, 'install', { scopes, wait: true }, z.unknown());
    const scene = await prepare(database, product);
    const started = performance.now();
    const selling = sell(product, scene, count);
    const kills = await killInTurn(product, database, scene, selling.isOver);
    const acknowledged = await selling.done;
    const isSettled = await untilSettled(database, product.merchantId);
    const seconds = (performance.now() - started) / 1000;
    const outcome = await judge(database, product, acknowledged);
    return {
      values: {
        per_second: rounded(outcome.completed / seconds),
        ...outcome,
        acknowledged: acknowledged.size,
        kills_worker: kills.worker,
        kills_core: kills.core,
        kills_in_flight: kills.inFlight,
        not_settled: isSettled ? 0 : 1,
      },
      meta: { redemptions: count, shoppers_at_once: shoppersAtOnce, members },
    };
  } finally {
    await product?.stop();
    await database.stop();
  }
}

interface Scene {
  /** One for each of `kinds`. */
  readonly rewardIds: readonly string[];
  readonly shoppers: readonly { readonly customerId: string; readonly shopifyId: string }[];
}

/** Members of the shop's own customers, with more points than they will use, and rewards of some kinds. */
async function prepare(database: BenchDatabase, product: Product): Promise<Scene> {
  const { merchantId } = product;
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
      shoppers: shoppers.map((row) => ({
        customerId: row.customer_id,
        shopifyId: row.shopify_id,
      })),
    };
  });
}

/** @returns the redemptions that were acknowledged, once all are */
function sell(product: Product, { rewardIds, shoppers }: Scene, count: number) {
  const acknowledged = new Set<string>();
  let next = 0;
  let isOver = false;
  const shopper = async () => {
    for (let nth = next++; nth < count; nth = next++) {
      const { shopifyId = '' } = shoppers[nth % shoppers.length] ?? {};
      const rewardId = rewardIds[nth % rewardIds.length] ?? '';
      acknowledged.add(await redeem(product, rewardId, shopifyId));
    }
  };
  const done = Promise.all(Array.from({ length: shoppersAtOnce }, shopper)).then(() => {
    isOver = true;
    return acknowledged;
  });
  return { done, isOver: () => isOver };
}

/** Kills worker and core alternately during redemptions, until each was killed often enough. */
async function killInTurn(
  product: Product,
  database: BenchDatabase,
  scene: Scene,
  isOver: () => boolean,
) {
  const kills = { worker: 0, core: 0, inFlight: 0 };
  for (let turn = 0; kills.worker < killsOfEach || kills.core < killsOfEach; turn++) {
    const name = turn % 2 === 0 ? 'worker' : 'core';
    await pause(200 + Math.random() * 800);
    // The thousand may be over before the last kill: one more is then started to have work in flight.
    const extra = isOver()
      ? redeem(product, scene.rewardIds[0] ?? '', scene.shoppers[0]?.shopifyId ?? '')
      : undefined;
    if (await untilPending(database, product.merchantId)) kills.inFlight += 1;
    await product.process(name).kill();
    kills[name] += 1;
    await pause(Math.random() * 300);
    await product.start(name);
    await extra;
  }
  return kills;
}

function untilPending(database: BenchDatabase, merchantId: string): Promise<boolean> {
  return withClient(database.adminUrl, async (client) => {
    for (let look = 0; look < 300; look++) {
      const { rows } = await client.query<{ busy: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM reward_redemptions WHERE merchant_id = $1 AND status = 'pending') AS busy`,
        [merchantId],
      );
      if (rows[0]?.busy === true) return true;
      await pause(5);
    }
    return false;
  });
}

async function untilSettled(database: BenchDatabase, merchantId: string): Promise<boolean> {
  const deadline = Date.now() + settleWithinMs;
  return withClient(database.adminUrl, async (client) => {
    while (Date.now() < deadline) {
      const { rows } = await client.query<{ open: string }>(
        `SELECT count(*) AS open FROM reward_redemptions WHERE merchant_id = $1 AND status = 'pending'`,
        [merchantId],
      );
      if (Number(rows[0]?.open) === 0) return true;
      await pause(250);
    }
    return false;
  });
}

const shopState = z.object({
  discounts: z.array(z.object({ id: z.number(), endsAt: z.string().nullable() })),
  gift_cards: z.array(z.object({ id: z.number() })),
  store_credits: z.array(z.object({ id: z.number() })),
});

async function judge(database: BenchDatabase, product: Product, acknowledged: ReadonlySet<string>) {
  const shop = await control({ shop: product.shop }, 'state', { limit: 10_000 }, shopState);
  const gids = (type: string, things: readonly { id: number }[]) =>
    things.map(({ id }) => `gid://shopify/${type}/${id}`);
  const codes = new Set([
    ...gids(
      'DiscountCodeNode',
      shop.discounts.filter(({ endsAt }) => endsAt === null),
    ),
    ...gids('GiftCard', shop.gift_cards),
    ...gids('StoreCreditAccountCreditTransaction', shop.store_credits),
  ]);
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
    const { rows: broken } = await client.query<{ count: string }>(
      'SELECT count(*) AS count FROM ledger_broken_invariants()',
    );
    const known = new Set(rows.map((row) => row.redemption_id));
    const completed = rows.filter(({ status }) => status === 'completed');
    const owned = new Set(completed.map((row) => row.shopify_id));
    return {
      completed: completed.length,
      gift_cards: shop.gift_cards.length,
      store_credits: shop.store_credits.length,
      lost:
        [...acknowledged].filter((id) => !known.has(id)).length +
        completed.filter(({ debits }) => debits === 0).length +
        Number(wrong[0]?.count),
      doubled: rows.filter(({ debits }) => debits > 1).length,
      orphan_codes: [...codes].filter((id) => !owned.has(id)).length,
      debits_without_code: completed.filter((row) => !codes.has(row.shopify_id ?? '')).length,
      failed: rows.filter(({ status }) => status === 'failed').length,
      invariants_broken: Number(broken[0]?.count),
    };
  });
}
