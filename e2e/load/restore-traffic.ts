import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createChannel, createClientFactory, Metadata } from 'nice-grpc';
import { z } from 'zod';
import { createTokenSource } from '#app/core-client/token.server.ts';
import { withClient } from '#infra/local/postgres.ts';
import { control } from '#infra/local/shop-endpoints.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import type { BenchDatabase } from './bench-database.ts';
import type { Product } from './product.ts';
import { redeem } from './redeem.ts';

/** What was acknowledged, and when, from outside. */
export interface Marker {
  readonly key: string;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

export interface RestoreTraffic {
  readonly markers: readonly Marker[];
  /** Shopify's ids of paid orders. */
  readonly orders: ReadonlySet<string>;
  /** Shopify's ids of customers whose erasure Shopify asked for. */
  readonly erased: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** What is there before the first backup. */
export interface Scene {
  readonly rewardIds: readonly string[];
  readonly shoppers: readonly string[];
  /** Who will ask to be erased. */
  readonly leaving: readonly string[];
  readonly markedMember: string;
}

const cost = 100;
const beginning = 1_000_000;
const kinds = ['amount_off', 'gift_card', 'store_credit'] as const;
export const scopes = [
  'read_customers',
  'write_customers',
  'read_orders',
  'write_discounts',
  'write_app_proxy',
  'read_gift_cards',
  'write_gift_cards',
  'write_store_credit_account_transactions',
  'read_store_credit_accounts',
];

/** Members of the shop's own customers with points, and a reward of each way. */
export function prepareScene(database: BenchDatabase, { merchantId }: Product): Promise<Scene> {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ customer_id: string; shopify_id: string }>(
      `SELECT customer_id, shopify_customer_id AS shopify_id FROM customers
       WHERE merchant_id = $1 ORDER BY shopify_customer_id LIMIT 20`,
      [merchantId],
    );
    for (const { customer_id: customerId } of rows)
      await client.query(
        `SELECT ledger_credit_one(gen_random_uuid(), $1, $2::uuid, $3, 'drill/' || $2::uuid, 'earn', 'drill', NULL, NULL,
           NULL, NULL, NULL, 'system', '{}')`,
        [merchantId, customerId, beginning],
      );
    const { rows: rewards } = await client.query<{ reward_id: string }>(
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency)
       SELECT merchant_id, kind, '{"en": "$1"}', $2, 1, currency FROM merchants, unnest($3::text[]) AS kind
       WHERE merchant_id = $1 RETURNING reward_id`,
      [merchantId, cost, kinds],
    );
    const ids = rows.map(({ shopify_id }) => shopify_id);
    return {
      rewardIds: rewards.map(({ reward_id }) => reward_id),
      shoppers: ids.slice(1, -3),
      leaving: ids.slice(-3),
      markedMember: rows[0]?.customer_id ?? '',
    };
  });
}

const placed = z.object({ order: z.object({ id: z.number() }) });

/** A shop at work: orders, rewards, requests to be erased, and every tenth of a second an entry as a marker. */
export function startRestoreTraffic(product: Product, scene: Scene): RestoreTraffic {
  const markers: Marker[] = [];
  const orders = new Set<string>();
  const erased = new Set<string>();
  let isOver = false;
  const loop = async (everyMs: number, once: (n: number) => Promise<void>) => {
    for (let n = 0; !isOver; n += 1) {
      await once(n);
      await pause(everyMs);
    }
  };
  const mark = marker(product, scene.markedMember);
  const shopperOf = (n: number) => scene.shoppers[n % scene.shoppers.length] ?? '';
  const work = [
    loop(100, async (n) => {
      const sentAt = Date.now();
      const key = `marker/${n}`;
      await mark.write(key);
      markers.push({ key, sentAt, acknowledgedAt: Date.now() });
    }),
    loop(250, async (n) => {
      const customer = Number(shopperOf(n));
      const lines = [{ product: 'morning-blend', quantity: 1 + (n % 3), price: '20.00' }];
      const { order } = await control(product, 'order', { customer, lines }, placed);
      orders.add(String(order.id));
    }),
    loop(400, async (n) => {
      const rewardId = scene.rewardIds[n % scene.rewardIds.length] ?? '';
      await redeem(product, rewardId, shopperOf(n + 5));
    }),
    loop(2_500, async (n) => {
      const id = scene.leaving[n];
      if (id === undefined) return;
      const body = { shop_domain: 'demo-store.myshopify.com', customer: { id: Number(id) } };
      await control(
        product,
        'deliver',
        { topic: 'customers/redact', body: { ...body, orders_to_redact: [] } },
        z.unknown(),
      );
      erased.add(id);
    }),
  ];
  // A failure of one must not be unhandled while the others go on; stop() reports it.
  const all = Promise.allSettled(work);
  return {
    markers,
    orders,
    erased,
    async stop() {
      isOver = true;
      const failed = (await all).find((one) => one.status === 'rejected');
      mark.close();
      if (failed !== undefined) throw failed.reason;
    },
  };
}

function marker(product: Product, customerId: string) {
  const channel = createChannel(product.coreAddress);
  const points = createClientFactory().create(PointsServiceDefinition, channel);
  const tokenOf = createTokenSource(product.secrets.CORE_SIGNING_KEY);
  return {
    async write(key: string) {
      const metadata = new Metadata();
      const caller = { merchantId: product.merchantId, actor: 'system', scopes: ['system'] };
      metadata.set('authorization', `Bearer ${tokenOf(caller)}`);
      metadata.set('x-request-id', randomUUID());
      await points.earnPoints(
        { award: { customerId, points: 1, idempotencyKey: key } },
        { metadata },
      );
    },
    close: () => channel.close(),
  };
}
