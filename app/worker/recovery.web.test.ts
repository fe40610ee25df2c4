import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reward } from '#proto/points/v1/rewards.ts';
import { writeBalanceMetafields } from '../features/balance-metafields/write-balances.server.ts';
import { journalSince } from '../features/privacy/erasure-journal.ts';
import type { JournalRecord } from '../features/privacy/erasure-journal.ts';
import { journalCredit } from '../features/redemptions/credit-journal.ts';
import { payCredit } from '../features/redemptions/make-reward.server.ts';
import type { FileStore } from '../files/file-store.ts';
import type { JobServices } from '../jobs/services.ts';
import { startTestShopify } from '../testing/shopify.ts';
import type { ShopifyUnderTest } from '../testing/shopify.ts';
import { shop, startTestWeb } from '../testing/web.ts';
import { handlers } from './handlers.ts';
import { recover } from './recover.ts';
import type { RecoveryStep } from './recover.ts';
import { recoveryReport } from './recovery-report.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let services: JobServices;
/** Of the time before the restore: what it did is at Shopify. */
let before: string;
/** What the restored database has: the shop and its members, and nothing of what happened since. */
let restored: string;
let ada: string;
let since: Date;

const optionalScopes = [
  'read_gift_cards',
  'write_gift_cards',
  'write_store_credit_account_transactions',
  'read_store_credit_accounts',
];

beforeAll(async () => {
  web = await startTestWeb();
  shopify = await startTestShopify({
    appUrl: 'http://127.0.0.1:9',
    seed: 'none',
    optionalScopes,
  });
  const { scopes } = shopify.emulator.world.data.installation;
  scopes.push(...optionalScopes);
  services = await shopify.services();
}, 60_000);
afterAll(async () => {
  await shopify.stop();
  await web.stop();
});

beforeEach(async () => {
  since = new Date(Date.now() - 1_000);
  before = (await web.core.installShop()).merchantId;
  restored = (await web.core.installShop()).merchantId;
  // Orders are timed by the second: what was there before them must have been there for longer.
  await web.core.outside.query(
    `UPDATE merchants SET created_at = created_at - interval '1 minute'`,
  );
  const { discounts, giftCards, storeCredits } = shopify.emulator.world.data;
  discounts.clear();
  giftCards.length = 0;
  storeCredits.length = 0;
  const { customer } = await shopify.emulator.control('customer', {
    email: `${randomUUID()}@shopper.example`,
    first_name: 'Ada',
  });
  ada = String((customer as { id: number }).id);
});

/** Only the restored tenant has the app at this Shopify. */
const recoverBy = (steps: readonly RecoveryStep[], changes: Partial<JobServices> = {}) =>
  recover(
    {
      ...services,
      platform: {
        ...services.platform,
        listMerchants: async () => ({
          merchants: [
            {
              merchantId: restored,
              shopDomain: shop,
              name: '',
              currency: 'USD',
              timezone: 'UTC',
              planId: '',
              status: 'active',
              installedAt: '',
              uninstalledAt: '',
            },
          ],
          page: undefined,
        }),
      },
      ...changes,
    },
    { steps, since },
  );

async function memberOf(merchantId: string, points: number): Promise<string> {
  const core = services.core(merchantId);
  const { customerId } = await core.admin.upsertCustomer({
    customer: { shopifyCustomerId: ada, email: 'ada@shopper.example', firstName: 'Ada' },
    trigger: 'updated',
  });
  await core.points.earnPoints({ award: { customerId, points, idempotencyKey: 'beginning' } });
  return customerId;
}
const balanceOf = async (merchantId: string, customerId: string) =>
  (await services.core(merchantId).points.getPointsBalance({ customerId })).balance;

describe('codes, cards and credit that Shopify has and the restored database does not', () => {
  const kinds = ['amount_off', 'gift_card', 'store_credit'] as const;

  /** Redeems one of each before the restore, as the worker does. */
  async function redeemAll(): Promise<void> {
    const customerId = await memberOf(before, 3_000);
    const { points } = services.core(before);
    for (const kind of kinds) {
      const { reward } = await points.upsertReward({
        reward: { kind, title: { en: '$5' }, pointsCost: 500, value: '5.00' },
      });
      const { redemption } = await points.startRedemption({
        rewardId: reward?.rewardId ?? '',
        customerId,
        idempotencyKey: randomUUID(),
      });
      await handlers['settle-redemption'](
        { merchantId: before, shop, redemptionId: redemption?.redemptionId ?? '' },
        { ...services, files: asOf(restored) },
        true,
      );
    }
    const { redemptions } = await points.listRedemptions({
      customerId,
      page: { pageSize: 10, cursor: '' },
    });
    expect(redemptions.map(({ status, failureCode }) => status + failureCode)).toEqual(
      Array(3).fill('completed'),
    );
  }
  /** The tenant keeps its id through a restore; here there are two of them. */
  const asOf = (merchantId: string): FileStore => ({
    ...services.files,
    put: (key, content) =>
      services.files.put(
        key.replace(before, merchantId),
        Buffer.from(String(Buffer.from(content)).replace(before, merchantId)),
      ),
  });

  test('are written down and debited once', async () => {
    await redeemAll();
    const customerId = await memberOf(restored, 3_000);
    const first = await recoverBy(['rewards']);
    expect(first.shops[0]?.rewards).toMatchObject({ adopted: 3, ownerless: [], gifts: [] });
    expect(first.isComplete).toBe(true);
    expect(await balanceOf(restored, customerId)).toMatchObject({ balance: 1_500, debt: 0 });
    const { redemptions } = await services
      .core(restored)
      .points.listRedemptions({ customerId, page: { pageSize: 10, cursor: '' } });
    expect(redemptions.map(({ kind, status, pointsSpent }) => [kind, status, pointsSpent])).toEqual(
      expect.arrayContaining([
        ['gift_card', 'completed', 500],
        ['store_credit', 'completed', 500],
      ]),
    );
    const code = [...shopify.emulator.world.data.discounts.values()].at(-1)?.codes[0]?.code;
    expect(redemptions.map((one) => one.code)).toContain(code);

    expect((await recoverBy(['rewards'])).shops[0]?.rewards?.adopted).toBe(0);
    expect((await balanceOf(restored, customerId))?.balance).toBe(1_500);
  });

  test('become a debt where the points are gone', async () => {
    await redeemAll();
    const customerId = await memberOf(restored, 600);
    await recoverBy(['rewards']);
    expect(await balanceOf(restored, customerId)).toMatchObject({ balance: -900, debt: 900 });
  });

  test('are not paid again where the restored database still waits for them', async () => {
    const customerId = await memberOf(restored, 600);
    const { points } = services.core(restored);
    const { reward } = await points.upsertReward({
      reward: { kind: 'store_credit', title: { en: '$5' }, pointsCost: 500, value: '5.00' },
    });
    const { redemption } = await points.startRedemption({
      rewardId: reward?.rewardId ?? '',
      customerId,
      idempotencyKey: randomUUID(),
    });
    const redemptionId = redemption?.redemptionId ?? '';
    // Paid after the moment of the restore, so that the database does not know it was asked for.
    const order = await points.beginFulfillment({ redemptionId });
    const promised = {
      terms: order.terms as Reward,
      code: order.code,
      shopifyCustomerId: order.shopifyCustomerId,
      startsAt: redemption?.createdAt ?? '',
      expiresAt: redemption?.expiresAt ?? '',
      redemptionId,
      points: 500,
    };
    await journalCredit(services.files, restored, promised, Date.now());
    await payCredit(services.shopify({ merchantId: restored, shop }), promised);

    expect((await recoverBy(['rewards'])).shops[0]?.rewards?.adopted).toBe(1);
    await handlers['settle-redemption'](
      { merchantId: restored, shop, redemptionId },
      services,
      true,
    );
    expect(shopify.emulator.world.data.storeCredits).toHaveLength(1);
    expect(await balanceOf(restored, customerId)).toMatchObject({ balance: 100, held: 0 });
  });

  test('of a customer who is no member are listed', async () => {
    await redeemAll();
    const { shops } = await recoverBy(['rewards']);
    expect(shops[0]?.rewards?.ownerless).toHaveLength(3);
  });
});

describe('orders of an outage longer than the nightly reconciliation reaches', () => {
  test('are read and awarded, once', async () => {
    const { order } = await shopify.emulator.control('order', {
      customer: Number(ada),
      lines: [{ product: 'morning-blend', quantity: 2, price: '20.00' }],
    });
    // Three days later.
    const later = { now: () => Date.now() + 72 * 3_600_000 };
    await handlers['reconcile-shop'](
      { merchantId: restored, shop },
      { ...services, ...later },
      true,
    );
    const entries = async () =>
      (
        await web.core.outside.query<{ points: number }>(
          `SELECT points::int AS points FROM points_transactions WHERE merchant_id = $1 AND order_id = $2`,
          [restored, String((order as { id: number }).id)],
        )
      ).rows;
    expect(await entries()).toEqual([]);
    const { shops } = await recoverBy(['orders'], later);
    expect(shops[0]?.orders).toEqual({ read: 1, setAside: 0, drift: 1 });
    expect(await entries()).toEqual([{ points: 400 }]);
    await recoverBy(['orders'], later);
    expect(await entries()).toEqual([{ points: 400 }]);
  });
});

describe('balances that Shopify shows', () => {
  test('name what else was lost, and are then written as they are here', async () => {
    await memberOf(before, 900);
    await writeBalanceMetafields(
      services.core(before).admin,
      services.shopify({ merchantId: before, shop }),
    );
    const customerId = await memberOf(restored, 650);
    const recovery = await recoverBy(['balances']);
    expect(recovery.shops[0]?.balances).toEqual([{ customerId, here: 650, atShopify: 900 }]);
    const text = recoveryReport(recovery, { steps: ['balances'], since }, new Date()).join('\n');
    expect(text).toContain(`member ${customerId}: 900 at Shopify, 650 here`);
    expect((await recoverBy(['balances'])).shops[0]?.balances).toEqual([]);
  });
});

describe('erasures since the moment of the restore', () => {
  async function eraseBefore(shopifyCustomerId: string, files = services.files): Promise<void> {
    const { request } = await services.core(restored).admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId,
      idempotencyKey: randomUUID(),
    });
    await handlers['process-privacy-request'](
      { merchantId: restored, requestId: request?.requestId ?? '' },
      { ...services, files },
      true,
    );
  }
  const rowOf = async (customerId: string) =>
    (
      await web.core.outside.query<Record<string, unknown>>(
        'SELECT shopify_customer_id, email, first_name, redacted_at FROM customers WHERE customer_id = $1',
        [customerId],
      )
    ).rows[0];

  /** As the database was before the erasure. */
  async function undoErasure(customerId: string, row: Record<string, unknown>): Promise<void> {
    await web.core.outside.query(
      `UPDATE customers SET shopify_customer_id = $2, email = $3, first_name = $4, redacted_at = NULL WHERE customer_id = $1`,
      [customerId, row['shopify_customer_id'], row['email'], row['first_name']],
    );
    await web.core.outside.query(
      'UPDATE points_balances SET closed_at = NULL WHERE customer_id = $1',
      [customerId],
    );
  }

  test('are repeated before anything else', async () => {
    const customerId = await memberOf(restored, 100);
    const was = (await rowOf(customerId)) ?? {};
    await eraseBefore(ada);
    const erased = await rowOf(customerId);
    expect(erased).toMatchObject({ email: null, first_name: null });
    await undoErasure(customerId, was);

    const { erasures, isComplete } = await recoverBy(['erasures', 'orders']);
    expect(erasures?.people).toBeGreaterThan(0);
    expect(isComplete).toBe(true);
    expect(await rowOf(customerId)).toMatchObject({
      shopify_customer_id: erased?.['shopify_customer_id'],
      email: null,
      first_name: null,
    });
    expect((await rowOf(customerId))?.['redacted_at']).not.toBeNull();
    // Again: nothing changes, nothing fails.
    expect((await recoverBy(['erasures'])).isComplete).toBe(true);
    const { rows } = await web.core.outside.query('SELECT * FROM ledger_broken_invariants()');
    expect(rows).toEqual([]);
  });

  test('of people who came later keep their orders from making them members again', async () => {
    await eraseBefore(ada);
    for (const table of ['points_balances', 'customers'])
      await web.core.outside.query(`DELETE FROM ${table} WHERE merchant_id = $1`, [restored]);
    await shopify.emulator.control('order', {
      customer: Number(ada),
      lines: [{ product: 'morning-blend', price: '20.00' }],
    });
    const { isComplete } = await recoverBy(['erasures', 'orders']);
    expect(isComplete).toBe(true);
    const { rows } = await web.core.outside.query(
      'SELECT 1 FROM customers WHERE merchant_id = $1 AND shopify_customer_id = $2',
      [restored, ada],
    );
    expect(rows).toEqual([]);
  });

  test('name no one in the journal', async () => {
    await memberOf(restored, 100);
    await eraseBefore(ada);
    const records: JournalRecord[] = [];
    for await (const record of journalSince(services.files, since))
      if (record.kind === 'person' && record.entry.merchantId === restored) records.push(record);
    expect(records).toHaveLength(1);
    const text = JSON.stringify(records);
    expect(text).not.toContain(ada);
    expect(text).not.toMatch(/ada/i);
  });

  test('are not done while the journal cannot be written', async () => {
    const customerId = await memberOf(restored, 100);
    const full: FileStore = {
      ...services.files,
      put: () => Promise.reject(new Error('no space left')),
    };
    await expect(eraseBefore(ada, full)).rejects.toThrow('no space left');
    expect((await rowOf(customerId))?.['redacted_at']).toBeNull();
  });

  test('that cannot be read are named, and keep everything else from being read', async () => {
    const day = new Date().toISOString().slice(0, 10);
    await services.files.put(`erasures/${day}/broken.json`, Buffer.from('{'));
    const recovery = await recoverBy(['erasures', 'orders']);
    expect(recovery.isComplete).toBe(false);
    expect(recovery.shops).toEqual([]);
    expect(recovery.erasures?.failed).toEqual([`erasures/${day}/broken.json`]);
    const text = recoveryReport(recovery, { steps: ['erasures'], since }, new Date()).join('\n');
    expect(text).toContain('NOT complete');
  });
});
