import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '../database/tenant-transaction.ts';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { markForReview } from '../members/mark-for-review.store.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

let orders = 0;
async function buy(shop: Shop, shopifyCustomerId: string, amount: string, daysAgo = 0) {
  const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  const { customerId } = await shop.points.recordOrder({
    trigger: 'synced',
    order: {
      orderId: String(++orders),
      currency: 'USD',
      customer: { shopifyCustomerId, firstName: 'Ana', lastName: shopifyCustomerId },
      subtotal: amount,
      currentSubtotal: amount,
      financialStatus: 'paid',
      orderedAt: at,
      updatedAt: at,
    },
  });
  return customerId;
}

const review = (limit = 1_000) => test.clients().admin.reviewMembers({ limit });

async function storedOf(customerId: string) {
  const { rows } = await test.outside.query<Record<string, unknown>>(
    `SELECT c.rfm_score, c.lifecycle_stage, s.segment_id, s.segment_ids, c.review_due_at
     FROM customers c LEFT JOIN customer_segments s USING (merchant_id, customer_id) WHERE c.customer_id = $1`,
    [customerId],
  );
  return rows[0];
}

async function count(table: string, merchantId: string): Promise<number> {
  const { rows } = await test.outside.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM ${table} WHERE merchant_id = $1`,
    [merchantId],
  );
  return Number(rows[0]?.n);
}

describe('a member who bought', () => {
  it('has a score, segments and a stage after the review, a line of history and an event', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '15.00', 3);
    expect(await storedOf(customerId)).toMatchObject({ segment_id: null });
    expect(await review()).toEqual({ reviewed: 1, more: false });
    // $15 is less than the $20 that a small shop is taken to sell for, and more than half of it.
    expect(await storedOf(customerId)).toEqual({
      rfm_score: { recency: 5, frequency: 1, monetary: 2, score: 2.9 },
      lifecycle_stage: 'new_lead',
      segment_id: 'new',
      segment_ids: ['new'],
      review_due_at: null,
    });
    const history = await test.outside.query(
      `SELECT trigger, segment_ids, metadata FROM rfm_score_history WHERE customer_id = $1`,
      [customerId],
    );
    expect(history.rows).toMatchObject([
      {
        trigger: 'order',
        segment_ids: ['new'],
        metadata: { aov: '20.00', aov_version: 1, config_version: 1, orders: 1, spend: '15.0000' },
      },
    ]);
    const deltas = await test.outside.query(
      `SELECT segment_change, operation FROM rfm_segment_deltas WHERE customer_id = $1`,
      [customerId],
    );
    expect(deltas.rows).toEqual([
      {
        segment_change: { from: null, to: 'new', from_all: [], to_all: ['new'] },
        operation: 'insert',
      },
    ]);
    const events = await test.outside.query(
      `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'segment.changed'`,
      [shop.merchantId],
    );
    expect(events.rows).toEqual([{ payload: { customer_id: customerId, from: [], to: ['new'] } }]);
  });

  it('is written no further line when nothing changed', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '15.00');
    await review();
    await withTenant(test.pool, shop.merchantId, (client) =>
      markForReview(client, shop.merchantId, [customerId]),
    );
    expect((await storedOf(customerId))?.['review_due_at']).not.toBeNull();
    expect(await review()).toMatchObject({ reviewed: 1 });
    expect((await storedOf(customerId))?.['review_due_at']).toBeNull();
    expect(await count('rfm_score_history', shop.merchantId)).toBe(1);
    expect(await count('rfm_segment_deltas', shop.merchantId)).toBe(1);
  });

  it('falls back when the order is cancelled, and says from where to where', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '500.00');
    await review();
    expect((await storedOf(customerId))?.['segment_id']).toBe('vip');
    const at = new Date().toISOString();
    await shop.points.recordOrder({
      trigger: 'cancelled',
      order: {
        orderId: String(orders),
        currency: 'USD',
        customer: { shopifyCustomerId: '1' },
        subtotal: '500.00',
        currentSubtotal: '500.00',
        financialStatus: 'paid',
        orderedAt: at,
        updatedAt: at,
        cancelledAt: at,
      },
    });
    await review();
    expect(await storedOf(customerId)).toMatchObject({
      rfm_score: { recency: 1, frequency: 1, monetary: 1, score: 1 },
      segment_ids: ['inactive', 'at_risk'],
    });
  });
});

describe('what follows from a review', () => {
  const balanceOf = async (shop: Shop, customerId: string) =>
    (await shop.points.getPointsBalance({ customerId })).balance?.balance;

  it('happens with it: a member who enters a segment is given a campaign’s points, once', async () => {
    const shop = await test.installShop();
    await shop.points.createCampaign({
      idempotencyKey: 'vip',
      campaign: {
        name: 'Welcome, VIP',
        published: true,
        type: 'lifecycle',
        rewardPoints: 200,
        conditions: { trigger: 'segment_entered', segment: 'vip' },
      },
    });
    const customerId = await buy(shop, '1', '500.00');
    expect(await balanceOf(shop, customerId)).toBe(0);
    await review();
    expect(await balanceOf(shop, customerId)).toBe(200);
    await buy(shop, '1', '500.00');
    await review();
    expect(await balanceOf(shop, customerId)).toBe(200);
  });

  it('rewards no member when the merchant moved the thresholds', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '15.00');
    await review();
    await shop.points.createCampaign({
      idempotencyKey: 'champions',
      campaign: {
        name: 'Welcome, champion',
        published: true,
        type: 'lifecycle',
        rewardPoints: 200,
        conditions: { trigger: 'segment_entered', segment: 'champions' },
      },
    });
    const any = { low: 1, high: 5 };
    await shop.analytics.updateRFMConfig({
      segments: [{ segmentId: 'champions', recency: any, frequency: any, monetary: any }],
    });
    await shop.analytics.rescoreMembers({ limit: 1_000, trigger: 'config' });
    expect((await storedOf(customerId))?.['segment_ids']).toEqual(['champions']);
    expect(await balanceOf(shop, customerId)).toBe(0);
  });

  it('and fails for one member is postponed for that member only', async () => {
    const shop = await test.installShop();
    const [broken, sound] = [await buy(shop, '1', '15.00'), await buy(shop, '2', '15.00')];
    await test.outside.query(
      `ALTER TABLE rfm_segment_deltas ADD CONSTRAINT unbearable CHECK (customer_id <> '${broken}')`,
    );
    await review();
    expect((await storedOf(sound))?.['segment_ids']).toEqual(['new']);
    expect(await storedOf(broken)).toMatchObject({ segment_ids: null });
    expect(Number((await storedOf(broken))?.['review_due_at'])).toBeGreaterThan(Date.now());
    await test.outside.query('ALTER TABLE rfm_segment_deltas DROP CONSTRAINT unbearable');
    await test.outside.query('UPDATE customers SET review_due_at = now() WHERE customer_id = $1', [
      broken,
    ]);
    await review();
    expect((await storedOf(broken))?.['segment_ids']).toEqual(['new']);
  });
});

describe('the average order value', () => {
  it('is the shop’s own from the tenth order on, and all members are then scored by it', async () => {
    const shop = await test.installShop();
    const first = await buy(shop, '0', '60.00');
    await review();
    expect(await storedOf(first)).toMatchObject({ rfm_score: { monetary: 4 } });
    for (let n = 1; n < 10; n += 1) await buy(shop, String(n), '60.00');
    await review();
    // Frozen between estimates: the first one was not due, so a full pass is asked for.
    expect(await storedOf(first)).toMatchObject({ rfm_score: { monetary: 4 } });
    const asked = await test.outside.query(
      `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'rfm.recalculate'`,
      [shop.merchantId],
    );
    expect(asked.rows).toEqual([{ payload: { trigger: 'schedule' } }]);
    const state = await test.outside.query(
      `SELECT rfm_state FROM program_settings WHERE merchant_id = $1`,
      [shop.merchantId],
    );
    expect(state.rows).toMatchObject([
      { rfm_state: { aov: '60.00', basis: 'orders', orders: 10, version: 2 } },
    ]);
  });
});

describe('reviews of many', () => {
  it('take shops in turn, so that a large one does not keep the others waiting', async () => {
    const [large, small] = [await test.installShop(), await test.installShop()];
    for (let n = 0; n < 12; n += 1) await buy(large, String(n), '10.00');
    const last = await buy(small, '1', '10.00');
    // Four at a time: whichever shop comes first, the other has its turn in the second round.
    await review(4);
    await review(4);
    expect((await storedOf(last))?.['segment_id']).toBe('new');
    let more = true;
    while (more) ({ more } = await review(4));
    expect(await count('customer_segments', large.merchantId)).toBe(12);
  });

  it('by several at once look at each member once', async () => {
    const shop = await test.installShop();
    for (let n = 0; n < 30; n += 1) await buy(shop, String(n), '10.00');
    const rounds = await Promise.all(Array.from({ length: 6 }, () => review(10)));
    await review();
    expect(rounds.reduce((sum, round) => sum + round.reviewed, 0)).toBeGreaterThanOrEqual(10);
    expect(await count('rfm_score_history', shop.merchantId)).toBe(30);
  });

  it('skip a member whom an order has locked, and review them in the next round', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '10.00');
    await withTenant(test.pool, shop.merchantId, async (client) => {
      await client.query('SELECT 1 FROM customers WHERE customer_id = $1 FOR NO KEY UPDATE', [
        customerId,
      ]);
      expect(await review()).toEqual({ reviewed: 0, more: false });
    });
    expect(await review()).toEqual({ reviewed: 1, more: false });
  });

  it('skip members who were erased or merged, and mark them reviewed', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '10.00');
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'admin',
      customerId,
    });
    await review();
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    await withTenant(test.pool, shop.merchantId, (client) =>
      markForReview(client, shop.merchantId, [customerId]),
    );
    expect(await review()).toMatchObject({ reviewed: 1 });
    expect(await storedOf(customerId)).toEqual({
      rfm_score: { recency: 1, frequency: 1, monetary: 1, score: 1 },
      lifecycle_stage: null,
      segment_id: null,
      segment_ids: null,
      review_due_at: null,
    });
    expect(await count('rfm_score_history', shop.merchantId)).toBe(0);
  });
});

/** Has the database refuse every change of one row, as a defect in what is stored would. */
async function refuseChanges(table: string, condition: string): Promise<() => Promise<void>> {
  const name = `refused_${Date.now()}_${Math.floor(Math.random() * 1e6)}`;
  await test.outside.query(`
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF ${condition} THEN RAISE EXCEPTION 'this row cannot be borne'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER ${name} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}();`);
  return async () => {
    await test.outside.query(`DROP FUNCTION ${name}() CASCADE`);
  };
}

describe('a member on whom a full pass fails', () => {
  it('keeps their score, and all others of the range are scored', async () => {
    const shop = await test.installShop();
    const ids = [];
    for (let index = 0; index < 5; index += 1)
      ids.push(await buy(shop, String(900 + index), '30.00', 2));
    const [bad = ''] = ids;
    await test.outside.query('UPDATE customers SET review_due_at = NULL WHERE merchant_id = $1', [
      shop.merchantId,
    ]);
    const accept = await refuseChanges('customers', `NEW.customer_id = '${bad}'`);
    try {
      const step = await shop.analytics.rescoreMembers({ limit: 1_000, trigger: 'manual' });
      expect(step).toMatchObject({ nextCursor: '' });
      for (const id of ids)
        expect((await storedOf(id))?.['segment_id'] !== null, id).toBe(id !== bad);
    } finally {
      await accept();
    }
  });
});

describe('a shop whose campaigns cannot be advanced', () => {
  it('stays behind alone: those of the other shops start, at the next call, too', async () => {
    const draft = {
      name: 'Soon',
      type: 'double_points',
      published: true,
      multiplier: '2',
      startLocal: '2030-01-01T00:00',
      endLocal: '2030-02-01T00:00',
    };
    const shops = await Promise.all([1, 2, 3].map(() => test.installShop()));
    for (const shop of shops)
      await shop.points.createCampaign({ idempotencyKey: 'c1', campaign: draft });
    const ids = shops.map(({ merchantId }) => merchantId).sort();
    await test.outside.query(
      `UPDATE bonus_campaigns SET start_date = now() - interval '1 hour' WHERE merchant_id = ANY ($1)`,
      [ids],
    );
    const [bad] = ids;
    const accept = await refuseChanges('bonus_campaigns', `NEW.merchant_id = '${bad}'`);
    try {
      await test.clients().points.advanceCampaigns({ limit: 1 });
      await test.clients().points.advanceCampaigns({ limit: 1 });
      await test.clients().points.advanceCampaigns({ limit: 1 });
      const { rows } = await test.outside.query<{ id: string; status: string }>(
        `SELECT merchant_id AS id, status FROM bonus_campaigns WHERE merchant_id = ANY ($1)`,
        [ids],
      );
      expect(
        rows.map(({ id, status }) => status === (id === bad ? 'scheduled' : 'active')),
      ).toEqual([true, true, true]);
    } finally {
      await accept();
    }
  });
});
