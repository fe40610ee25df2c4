import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

describe('what is past its time', () => {
  it('is deleted: deliveries after 30 days, and nothing younger', async () => {
    const shop = await core.installShop();
    const deliver = (webhookId: string) =>
      core.clients().admin.storeDelivery({
        shopDomain: shop.shopDomain,
        topic: 'shop/update',
        webhookId,
        eventId: '',
        apiVersion: '',
        triggeredAt: '',
        payload: Buffer.from('{}'),
      });
    await deliver('old');
    await deliver('young');
    await core.outside.query(
      `UPDATE webhook_inbox SET received_at = now() - interval '31 days' WHERE webhook_id = 'old'`,
    );
    expect(await core.clients().admin.deleteExpired({ limit: 100 })).toEqual({ deleted: 1 });
    const { rows } = await core.outside.query<{ webhook_id: string }>(
      'SELECT webhook_id FROM webhook_inbox WHERE merchant_id = $1',
      [shop.merchantId],
    );
    expect(rows).toEqual([{ webhook_id: 'young' }]);
  });
});

describe('the counts of segments', () => {
  it('are refreshed for the tenant that reads them', async () => {
    const shop = await core.installShop();
    const { customerId } = await shop.admin.upsertCustomer({
      customer: {
        shopifyCustomerId: '77',
        email: '',
        firstName: '',
        lastName: '',
        locale: '',
        state: '',
      },
      trigger: 'synced',
      updatedAt: '',
      deliveryId: '',
    });
    await core.outside.query(
      `INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
       VALUES ($1, $2, 'New', '["New"]')`,
      [shop.merchantId, customerId],
    );
    await core.clients().admin.refreshSegmentCounts({});
    const { rows } = await core.outside.query<{ customer_count: string }>(
      `SELECT customer_count FROM rfm_segment_counts WHERE merchant_id = $1 AND segment_name = 'New'`,
      [shop.merchantId],
    );
    expect(rows.map((row) => Number(row.customer_count))).toEqual([1]);
  });
});
