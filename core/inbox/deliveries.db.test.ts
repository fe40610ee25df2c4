import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { eraseShop } from '../privacy/redaction.store.ts';
import { lockShop } from '../merchants/shop-erasure.store.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

const body = JSON.stringify({
  id: 9001,
  email: 'ana@example.com',
  customer: { id: 1001, first_name: 'Ana' },
});

function delivery(shopDomain: string, webhookId: string, payload: string | Buffer = body) {
  return {
    shopDomain,
    webhookId,
    topic: 'orders/paid',
    eventId: `event-${webhookId}`,
    apiVersion: '2026-10',
    triggeredAt: '2026-11-01T10:00:00.000Z',
    payload: Buffer.from(payload),
  };
}

describe('a delivery from Shopify', () => {
  it('is stored once, encrypted, and comes back byte for byte', async () => {
    const shop = await test.installShop();
    const { admin } = test.clients();
    const first = await admin.storeDelivery(delivery(shop.shopDomain, 'w1'));
    expect(first).toMatchObject({ duplicate: false, merchantId: shop.merchantId });
    const again = await Promise.all(
      Array.from({ length: 10 }, () => admin.storeDelivery(delivery(shop.shopDomain, 'w1'))),
    );
    for (const answer of again) expect(answer).toEqual({ ...first, duplicate: true });
    const { deliveries } = await admin.getDeliveries({ deliveryIds: [first.deliveryId] });
    expect(deliveries[0]).toMatchObject({
      topic: 'orders/paid',
      status: 'received',
      attempts: 0,
      merchantId: shop.merchantId,
    });
    expect(deliveries[0]?.payload.toString()).toBe(body);
    const { rows } = await test.outside.query<{ all: string }>(
      'SELECT w::text AS all FROM webhook_inbox w WHERE delivery_id = $1',
      [first.deliveryId],
    );
    expect(rows[0]?.all).not.toContain(Buffer.from('ana@example.com').toString('hex'));
    const odd = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
    const broken = await admin.storeDelivery(delivery(shop.shopDomain, 'w2', odd));
    expect(
      (await admin.getDeliveries({ deliveryIds: [broken.deliveryId] })).deliveries[0]?.payload,
    ).toEqual(odd);
  });

  it('whose body cannot be decrypted any more ends as failed, and does not block the others that are read with it', async () => {
    const shop = await test.installShop();
    const { admin } = test.clients();
    const stored = await Promise.all(
      ['torn-1', 'torn-2', 'torn-3'].map((id) =>
        admin.storeDelivery(delivery(shop.shopDomain, id)),
      ),
    );
    const [first, torn, third] = stored.map(({ deliveryId }) => deliveryId);
    await test.outside.query(
      `UPDATE webhook_inbox SET payload = set_byte(payload, 40, (get_byte(payload, 40) + 1) % 256)
       WHERE delivery_id = $1`,
      [torn],
    );
    const { deliveries } = await admin.getDeliveries({
      deliveryIds: stored.map(({ deliveryId }) => deliveryId),
    });
    expect(deliveries.map(({ deliveryId }) => deliveryId).sort()).toEqual([first, third].sort());
    const listed = await shop.admin.listDeliveries({ status: 'failed', topic: '' });
    expect(listed.deliveries).toMatchObject([
      { deliveryId: torn, problem: { code: 'internal', field: 'payload' } },
    ]);
  });

  it('is stored also when the shop is unknown, and refused when it is larger than a megabyte', async () => {
    const { admin } = test.clients();
    const stored = await admin.storeDelivery(delivery('stranger.myshopify.com', 'w1'));
    expect(stored.merchantId).toBe('');
    const huge = delivery('stranger.myshopify.com', 'w2', Buffer.alloc(1_048_577, 32));
    expect(await failureOf(admin.storeDelivery(huge))).toMatchObject({
      code: 'payload_too_large',
      field: 'payload',
    });
    const largest = delivery('stranger.myshopify.com', 'w3', Buffer.alloc(1_048_576, 32));
    expect((await admin.storeDelivery(largest)).duplicate).toBe(false);
  });

  it('stays distinct among hundreds that arrive together', async () => {
    const shop = await test.installShop();
    const { admin } = test.clients();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        admin.storeDelivery(delivery(shop.shopDomain, `many-${index % 150}`)),
      ),
    );
    expect(new Set(answers.map((answer) => answer.deliveryId)).size).toBe(150);
    expect(answers.filter((answer) => answer.duplicate)).toHaveLength(150);
  });

  it('ends as the worker says, is listed for the shop and can be replayed', async () => {
    const shop = await test.installShop();
    const { admin } = test.clients();
    const { deliveryId } = await admin.storeDelivery(delivery(shop.shopDomain, 'w1'));
    await admin.finishDeliveries({
      outcomes: [
        {
          deliveryId,
          status: 'refused',
          reason: OutcomeReason.UNSPECIFIED,
          problem: { code: 'invalid_input', field: 'order.currency', message: 'is not USD' },
        },
      ],
    });
    const listed = await shop.admin.listDeliveries({ status: 'refused' });
    expect(listed.deliveries).toMatchObject([
      { deliveryId, status: 'refused', attempts: 1, problem: { field: 'order.currency' } },
    ]);
    expect(listed.deliveries[0]?.payload).toHaveLength(0);
    expect(listed.deliveries[0]?.processedAt).not.toBe('');
    expect((await shop.admin.replayDeliveries({ deliveryIds: [deliveryId] })).deliveryIds).toEqual([
      deliveryId,
    ]);
    const replayed = (await shop.admin.listDeliveries({})).deliveries[0];
    expect(replayed).toMatchObject({ status: 'received', processedAt: '', problem: undefined });
  });

  it('says as a number what an order moved, and as one of a closed list why another moved nothing', async () => {
    const shop = await test.installShop();
    const { admin } = test.clients();
    const order = (orderId: string, deliveryId: string, financialStatus: string) => ({
      order: {
        orderId,
        name: `#${orderId}`,
        customer: { shopifyCustomerId: '88', state: 'enabled' },
        currency: 'USD',
        presentmentCurrency: 'USD',
        subtotal: '50.00',
        currentSubtotal: '50.00',
        total: '50.00',
        financialStatus,
        channel: 'online',
        orderedAt: new Date().toISOString(),
        updatedAt: new Date().toISOString(),
      },
      trigger: financialStatus === 'paid' ? 'paid' : 'created',
      deliveryId,
    });
    const idOf = async (webhook: string) =>
      (await admin.storeDelivery(delivery(shop.shopDomain, webhook))).deliveryId;
    const [earned, waiting, early] = [
      await idOf('earned'),
      await idOf('waiting'),
      await idOf('early'),
    ];
    await shop.points.recordOrder(order('9001', earned, 'paid'));
    await shop.points.recordOrder(order('9002', waiting, 'pending'));
    // Its order has not come: nothing is known of who placed it.
    await shop.points.recordOrder({
      refund: {
        orderId: '9003',
        currency: 'USD',
        refund: {
          refundId: '1',
          refundedAt: new Date().toISOString(),
          subtotal: '5.00',
          linesSubtotal: '5.00',
        },
      },
      trigger: 'refunded',
      deliveryId: early,
    });
    const { deliveries } = await shop.admin.listDeliveries({});
    const outcomeOf = (id: string) => {
      const found = deliveries.find((one) => one.deliveryId === id);
      return { points: found?.points, reason: found?.reason };
    };
    expect(outcomeOf(earned)).toEqual({ points: 500, reason: OutcomeReason.UNSPECIFIED });
    expect(outcomeOf(waiting)).toEqual({ points: 0, reason: OutcomeReason.NOT_PAID });
    expect(outcomeOf(early)).toEqual({ points: 0, reason: OutcomeReason.ORDER_UNKNOWN });
    await shop.admin.replayDeliveries({ deliveryIds: [earned] });
    const replayed = (await shop.admin.listDeliveries({ status: 'received' })).deliveries[0];
    expect(replayed).toMatchObject({ deliveryId: earned, points: 0 });
  });

  it('that no worker holds is given to one sweeper at a time', async () => {
    const shop = await test.installShop();
    const { admin } = test.clients();
    for (let index = 0; index < 20; index++)
      await admin.storeDelivery(delivery(shop.shopDomain, `stale-${index}`));
    await test.outside.query(
      `UPDATE webhook_inbox SET received_at = now() - interval '10 minutes', claimed_at = NULL WHERE merchant_id = $1`,
      [shop.merchantId],
    );
    const claims = await Promise.all(
      Array.from({ length: 5 }, () =>
        admin.claimStaleDeliveries({ limit: 100, olderThanSeconds: 60 }),
      ),
    );
    const ids = claims.flatMap((claim) => claim.deliveryIds);
    expect(ids.length).toBeGreaterThanOrEqual(20);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the outbox', () => {
  it('leases each event to one worker, gives it again when the lease runs out, and not once acknowledged', async () => {
    const own = await startTestCore();
    try {
      const shop = await own.installShop();
      const { customerId } = await shop.admin.upsertCustomer({
        customer: { shopifyCustomerId: '1' },
        trigger: 'created',
      });
      for (let index = 0; index < 30; index++) {
        await shop.points.earnPoints({
          award: { customerId, points: 1, idempotencyKey: `o/${index}` },
        });
      }
      const { admin } = own.clients();
      const claims = await Promise.all(
        Array.from({ length: 4 }, () => admin.claimOutboxEvents({ limit: 10, leaseSeconds: 60 })),
      );
      const events = claims.flatMap((claim) => claim.events);
      expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
      const points = events.filter((event) => event.kind === 'points.changed');
      expect(points[0]).toMatchObject({ merchantId: shop.merchantId, shopDomain: shop.shopDomain });
      expect(JSON.parse(points[0]?.payload ?? '{}')).toMatchObject({
        customer_id: customerId,
        points: 1,
      });
      const rest = await admin.claimOutboxEvents({ limit: 1_000, leaseSeconds: 60 });
      expect((await admin.claimOutboxEvents({ limit: 1_000, leaseSeconds: 60 })).events).toEqual(
        [],
      );
      const acknowledged = events.slice(0, 5).map((event) => event.eventId);
      await admin.acknowledgeOutboxEvents({ eventIds: acknowledged });
      await own.outside.query(
        `UPDATE outbox_events SET claim_expires_at = now() - interval '1 second' WHERE acknowledged_at IS NULL`,
      );
      const again = await admin.claimOutboxEvents({ limit: 1_000, leaseSeconds: 60 });
      expect(again.events).toHaveLength(events.length + rest.events.length - 5);
      expect(again.events.some((event) => acknowledged.includes(event.eventId))).toBe(false);
    } finally {
      await own.stop();
    }
  });
});

describe('the metafields of balances', () => {
  it('are given to the worker while they are pending, and no longer once they are confirmed', async () => {
    const shop = await test.installShop();
    const { customerId } = await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '31' },
      trigger: 'created',
    });
    await shop.points.earnPoints({ award: { customerId, points: 40, idempotencyKey: 'm/1' } });
    const { balances } = await shop.admin.getMetafieldBalances({});
    expect(balances).toEqual([{ customerId, shopifyCustomerId: '31', balance: 40, version: 1 }]);
    await shop.points.earnPoints({ award: { customerId, points: 2, idempotencyKey: 'm/2' } });
    await shop.admin.confirmMetafieldBalances({ balances });
    expect((await shop.admin.getMetafieldBalances({})).balances).toMatchObject([
      { balance: 42, version: 2 },
    ]);
    await shop.admin.confirmMetafieldBalances({ balances: [{ ...balances[0], version: 2 }] });
    expect((await shop.admin.getMetafieldBalances({})).balances).toEqual([]);
    expect(
      (await shop.admin.getMetafieldBalances({ customerIds: [customerId] })).balances,
    ).toHaveLength(1);
  });

  it('can be more than one entry may be', async () => {
    const shop = await test.installShop();
    const { customerId } = await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '32' },
      trigger: 'created',
    });
    for (const idempotencyKey of ['l/1', 'l/2'])
      await shop.points.earnPoints({
        award: { customerId, points: 1_000_000_000_000, idempotencyKey },
      });
    const { balances } = await shop.admin.getMetafieldBalances({});
    expect(balances).toMatchObject([{ balance: 2_000_000_000_000 }]);
    await shop.admin.confirmMetafieldBalances({ balances });
    expect((await shop.admin.getMetafieldBalances({})).balances).toEqual([]);
  });
});

describe('the first-run sync', () => {
  it('runs once at a time and shows its progress', async () => {
    const shop = await test.installShop();
    const installed = (await shop.admin.getSync({})).sync;
    expect(installed).toMatchObject({ status: 'queued', phase: 'customers' });
    await shop.admin.updateSync({ sync: { ...installed, status: 'completed', phase: 'done' } });
    const starts = await Promise.all(Array.from({ length: 5 }, () => shop.admin.startSync({})));
    expect(starts.filter((start) => start.started)).toHaveLength(1);
    const sync = starts[0]?.sync;
    await shop.admin.updateSync({
      sync: { ...sync, status: 'running', customersTotal: 10, customersProcessed: 4 },
    });
    expect((await shop.admin.getSync({})).sync).toMatchObject({
      status: 'running',
      customersProcessed: 4,
    });
    await shop.admin.updateSync({ sync: { ...sync, status: 'completed', phase: 'done' } });
    const late = await shop.admin.updateSync({ sync: { ...sync, status: 'running' } });
    expect(late.sync?.status).toBe('completed');
    expect((await shop.admin.startSync({})).started).toBe(true);
  });
});

describe('a delivery that arrives while its shop is being erased', () => {
  const arrive = (shopDomain: string, webhookId: string) =>
    test.clients().admin.storeDelivery(delivery(shopDomain, webhookId));

  it('is kept without the shop when it had to wait for the end of it', async () => {
    const shop = await test.installShop();
    let waiting: ReturnType<typeof arrive> | undefined;
    const erased = await withTenant(test.pool, shop.merchantId, async (client) => {
      await lockShop(client, shop.merchantId);
      waiting = arrive(shop.shopDomain, 'in-the-middle');
      // Until it waits for the row of the shop.
      await setTimeout(200);
      return eraseShop(client, shop.merchantId);
    });
    expect(erased).toBe(true);
    expect(await waiting).toMatchObject({ duplicate: false, merchantId: '' });
  });

  it('is kept at every moment of it, new or repeated', async () => {
    for (let round = 0; round < 10; round++) {
      const shop = await test.installShop();
      await arrive(shop.shopDomain, `told-${round}`);
      const erasing = withTenant(test.pool, shop.merchantId, async (client) => {
        await lockShop(client, shop.merchantId);
        return eraseShop(client, shop.merchantId);
      });
      const stored = await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          await setTimeout(index * 3);
          return arrive(
            shop.shopDomain,
            index % 2 === 0 ? `told-${round}` : `new-${round}-${index}`,
          );
        }),
      );
      expect(await erasing).toBe(true);
      expect(stored.filter(({ deliveryId }) => deliveryId === '')).toEqual([]);
    }
  });
});
