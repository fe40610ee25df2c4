import { afterAll, beforeAll, expect, test } from 'vitest';
import { startShopifyApart, type ShopifyApart } from '#app/testing/shopify-apart.ts';
import { shop } from '#app/testing/web.ts';
import { handlers } from '#app/worker/handlers.ts';
import { readOrdersSince } from '#app/features/orders/reconcile.job.ts';
import type { JobServices } from '#app/jobs/services.ts';
import { withClient } from '#infra/local/postgres.ts';
import { seedHistory } from './history.ts';
import type { Life } from './state.ts';

/** Just after a night's rounds: what they had to do is done. */
const now = new Date('2026-11-12T01:12:00Z');

let apart: ShopifyApart;
let services: JobServices;
let merchantId: string;
let life: Life;

beforeAll(async () => {
  apart = await startShopifyApart({ clock: () => now });
  const { core } = apart.web;
  const { merchant } = await core.clients().admin.installMerchant({
    shopDomain: shop,
    name: 'Demo Store',
    currency: 'USD',
    timezone: 'America/New_York',
    locale: 'en',
  });
  merchantId = merchant?.merchantId ?? '';
  const { emulator } = apart.shopify;
  emulator.world.clock.offset = now.getTime() - Date.now();
  services = { ...apart.services, now: () => now.getTime() };
  await withClient(core.database.ownerUrl, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [merchantId]);
    const made = await seedHistory(
      client,
      core,
      { merchantId, domain: shop },
      {
        seed: 'test',
        members: 12,
        orders: 60,
        now,
      },
    );
    await client.query('COMMIT');
    life = made.life;
    await emulator.control('history', made.shopify);
  });
}, 60_000);
afterAll(() => apart.stop());

/** What a merchant or a member could see of the shop, with the time of every line. */
async function everything(): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  const wanted: Record<string, string> = {
    points_transactions: '*',
    point_lots: '*',
    points_balances: '*',
    point_holds: '*',
    reward_redemptions: '*',
    campaign_grants: '*',
    bonus_campaigns: 'campaign_id, status',
    vip_tier_changes: '*',
    customer_segments: '*',
    rfm_score_history: '*',
    rfm_segment_deltas: '*',
    expiry_notices: '*',
    consents: '*',
    customers: `customer_id, has_account, rfm_score, lifecycle_stage, vip_tier_id, vip_progress, order_count, total_spend,
      last_order_at, metafield_version, review_due_at`,
    orders: `shopify_order_id, customer_id, name, subtotal, gross_subtotal, total, current_total, refunded, financial_status,
      channel, ordered_at, cancelled_at, counts, is_historical, redemption_id, account_points, waived_points,
      reading_due, country, line_items, source_updated_at`,
  };
  for (const [table, columns] of Object.entries(wanted)) {
    const { rows } = await apart.web.core.outside.query<{ row: unknown }>(
      `SELECT row_to_json(t)::jsonb AS row FROM (SELECT ${columns} FROM ${table} WHERE merchant_id = $1) t
       ORDER BY row_to_json(t)::text`,
      [merchantId],
    );
    all[table] = rows.map(({ row }) => row);
  }
  return all;
}

test('every balance of a shop with a seeded past is explained by its ledger, line by line', async () => {
  const { outside, database } = apart.web.core;
  const { rows: broken } = await outside.query('SELECT * FROM ledger_broken_invariants(NULL)');
  expect(broken).toEqual([]);
  const { rows: chain } = await outside.query('SELECT * FROM audit_chain_breaks()');
  expect(chain).toEqual([]);
  expect(database.appUrl).not.toBe('');
  await handlers['check-balances']({ merchantId }, services, true);
  const { rows } = await outside.query<{ balances_checked: number; balances_broken: number }>(
    'SELECT balances_checked::int, balances_broken::int FROM shop_health WHERE merchant_id = $1',
    [merchantId],
  );
  expect(rows).toEqual([
    {
      balances_checked: life.members.filter(({ ledger }) => ledger.entries.length > 0).length,
      balances_broken: 0,
    },
  ]);
});

test("a night's work finds nothing to do in a shop with a seeded past", async () => {
  const before = await everything();
  const reference = { merchantId, shop };
  const { drift, read, setAside } = await readOrdersSince(
    reference,
    services,
    new Date(now.getTime() - 400 * 86_400_000),
  );
  expect({ drift, setAside, read }).toEqual({ drift: 0, setAside: 0, read: life.orders.length });
  await apart.web.core.outside.query(
    'UPDATE customers SET review_due_at = now() WHERE merchant_id = $1',
    [merchantId],
  );
  await services.platform.reviewMembers({ limit: 1_000 });
  await handlers['rescore-shop'](
    { merchantId, trigger: 'schedule', onlyIfDue: false },
    services,
    true,
  );
  await handlers['review-tiers']({ merchantId, outdatedOnly: false }, services, true);
  await handlers['expire-points']({ merchantId }, services, true);
  await handlers['award-birthdays']({ merchantId }, services, true);
  await handlers['advance-campaigns']({}, services, true);
  await handlers['write-balance-metafields'](reference, services, true);
  const after = await everything();
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toEqual(rows);
});
