import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallFailure, failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { decryptPayload } from '../inbox/delivery-encryption.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

const person = {
  shopifyCustomerId: '770012345678',
  email: 'Ximena.Quiroga@Example.com',
  firstName: 'Ximena',
  lastName: 'Quiroga',
  locale: 'es',
  state: 'enabled',
};
/** What must not be found anywhere once the person was erased. */
const traces = /ximena|quiroga|770012345678/i;

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

/** A member with something of everything that is stored about people. */
async function memberOf(shop: Shop, core = test) {
  const { customerId } = await shop.admin.upsertCustomer({
    customer: person,
    trigger: 'created',
    updatedAt: '2026-11-01T10:00:00Z',
  });
  const order = {
    id: 9001,
    email: person.email,
    customer: { id: Number(person.shopifyCustomerId), first_name: person.firstName },
  };
  const stored = await core.clients().admin.storeDelivery({
    shopDomain: shop.shopDomain,
    topic: 'orders/paid',
    webhookId: 'about-the-person',
    payload: Buffer.from(JSON.stringify(order)),
  });
  await shop.points.recordOrder({
    trigger: 'paid',
    deliveryId: stored.deliveryId,
    order: {
      orderId: '9001',
      name: '#Ximena-1001',
      customer: person,
      currency: 'USD',
      subtotal: '20.00',
      currentSubtotal: '20.00',
      total: '20.00',
      financialStatus: 'paid',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
      lines: [{ lineId: '1', title: 'A mug for Ximena', quantity: 1, price: '20.00' }],
    },
  });
  await shop.points.adjustPoints({
    customerId,
    points: 7,
    reason: 'Sorry, Ximena',
    idempotencyKey: 'sorry',
  });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await shop.points.holdPoints({
    customerId,
    points: 5,
    idempotencyKey: 'held',
    purpose: 'test',
    expiresAt,
  });
  await core.outside.query(
    `INSERT INTO consents (merchant_id, customer_id, type, status) VALUES ($1, $2, 'newsletter', 'granted')`,
    [shop.merchantId, customerId],
  );
  await core.outside.query(
    `INSERT INTO customer_segments (merchant_id, customer_id, segment_id) VALUES ($1, $2, 'champions')`,
    [shop.merchantId, customerId],
  );
  return { customerId, deliveryId: stored.deliveryId };
}

/** Every value of every table of the tenant, opened where it is encrypted, as one text with the names of the places. */
async function everyValue(
  shop: Shop,
  core: TestCore,
): Promise<{ clear: string; encrypted: number }> {
  const columns = await core.outside.query<{ table_name: string; columns: string[]; key: string }>(
    `SELECT c.relname AS table_name, array_agg(a.attname::text) AS columns,
            (SELECT k.attname::text FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey)
             WHERE i.indrelid = c.oid AND i.indisprimary AND k.attname <> 'merchant_id' ORDER BY k.attnum LIMIT 1) AS key
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
     GROUP BY c.oid, c.relname`,
  );
  const found: string[] = [];
  let encrypted = 0;
  for (const { table_name: table, key } of columns.rows) {
    const { rows } = await core.outside.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        if (!Buffer.isBuffer(value)) {
          found.push(
            `${table}.${column}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
          );
          continue;
        }
        const tenant = table === 'webhook_inbox' ? shop.shopDomain : shop.merchantId;
        const rowId = key === undefined || key === null ? undefined : row[key];
        if (typeof rowId !== 'string') continue;
        try {
          const place = { merchantId: tenant, table, column, rowId };
          const clear =
            table === 'webhook_inbox'
              ? decryptPayload(core.encryption, tenant, rowId, value).toString()
              : core.encryption.decrypt(value, place);
          found.push(`${table}.${column}=${clear}`);
          encrypted++;
        } catch {
          // A hash, or another tenant's.
        }
      }
    }
  }
  return { clear: found.join('\n'), encrypted };
}

describe('a data request', () => {
  it('is answered with everything that is stored of the person, decrypted', async () => {
    const shop = await test.installShop();
    const { customerId } = await memberOf(shop);
    const submit = () =>
      shop.admin.submitGdprRequest({
        requestType: 'data_request',
        source: 'webhook',
        shopifyCustomerId: person.shopifyCustomerId,
        idempotencyKey: 'shopify/1',
      });
    const [first, again] = [await submit(), await submit()];
    expect(again.request?.requestId).toBe(first.request?.requestId);
    const { request, exportJson } = await shop.admin.processGdprRequest({
      requestId: first.request?.requestId ?? '',
    });
    expect(request).toMatchObject({ status: 'completed', customerId });
    const { stored } = JSON.parse(exportJson) as {
      stored: Record<string, Record<string, unknown>[]>;
    };
    expect(stored['customers']?.[0]).toMatchObject({
      email: person.email,
      first_name: 'Ximena',
      last_name: 'Quiroga',
    });
    expect(stored['points_transactions']?.map((entry) => entry['reason'])).toContain(
      'Sorry, Ximena',
    );
    for (const table of [
      'orders',
      'point_lots',
      'point_holds',
      'points_balances',
      'consents',
      'customer_segments',
    ]) {
      expect(stored[table]?.length, table).toBeGreaterThan(0);
    }
    expect(exportJson).not.toContain('name_tokens');
    expect(exportJson).not.toContain('email_hash');
  });

  it('about an unknown customer is answered with nothing', async () => {
    const shop = await test.installShop();
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'data_request',
      source: 'webhook',
      shopifyCustomerId: '424242',
    });
    const { exportJson } = await shop.admin.processGdprRequest({
      requestId: request?.requestId ?? '',
    });
    expect(JSON.parse(exportJson)).toMatchObject({ stored: {} });
  });
});

describe('an erased person', () => {
  it('is erased everywhere, while their points are written off by an entry', async () => {
    // A database of its own: tests before this one left people of other shops behind.
    const own = await startTestCore();
    const shop = await own.installShop();
    const { customerId, deliveryId } = await memberOf(shop, own);
    const before = await everyValue(shop, own);
    expect(before.clear).toMatch(/first_name=Ximena/);
    expect(before.clear).toMatch(/webhook_inbox.payload=.*770012345678/);

    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId: person.shopifyCustomerId,
      idempotencyKey: 'shopify/2',
    });
    const done = await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    expect(done).toMatchObject({ exportJson: '', request: { status: 'completed', customerId } });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });

    const after = await everyValue(shop, own);
    expect(after.clear.split('\n').filter((line) => traces.test(line))).toEqual([]);
    // What was encrypted is gone too, and not merely unreadable to this test.
    expect(after.encrypted).toBe(0);
    expect(before.encrypted).toBeGreaterThan(3);

    const { customer } = await shop.admin.getCustomer({ customerId });
    expect(customer).toMatchObject({
      shopifyCustomerId: '',
      email: '',
      firstName: '',
      lastName: '',
      state: '',
    });
    expect(customer?.redactedAt).not.toBe('');
    expect(customer?.balance).toMatchObject({ balance: 0, held: 0 });
    const { entries } = await shop.points.listEntries({ customerId });
    expect(entries[0]).toMatchObject({ type: 'writeoff', points: -407, balanceAfter: 0 });
    expect(entries).toHaveLength(4);
    const { deliveries } = await own.clients().admin.getDeliveries({ deliveryIds: [deliveryId] });
    expect(deliveries[0]?.payload).toHaveLength(0);
    expect((await shop.admin.replayDeliveries({ deliveryIds: [deliveryId] })).deliveryIds).toEqual(
      [],
    );
    const rows = await own.outside.query('SELECT 1 FROM consents WHERE merchant_id = $1', [
      shop.merchantId,
    ]);
    expect(rows.rowCount).toBe(0);
    const broken = await own.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
      shop.merchantId,
    ]);
    expect(broken.rows).toEqual([]);
    await own.stop();
  });

  it('is not restored by a late update, an order or a new request', async () => {
    const shop = await test.installShop();
    const { customerId } = await memberOf(shop);
    const redact = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'admin',
      customerId,
    });
    await shop.admin.processGdprRequest({ requestId: redact.request?.requestId ?? '' });
    const late = await shop.admin.upsertCustomer({ customer: person, trigger: 'enabled' });
    expect(late).toMatchObject({ status: 'ignored', reason: 'redacted_customer', entries: [] });
    const many = await shop.admin.upsertCustomers({
      customers: [{ customer: person, trigger: 'synced' }],
    });
    expect(many).toMatchObject({ created: 0, updated: 0 });
    expect(
      await failureOf(shop.admin.getCustomer({ shopifyCustomerId: person.shopifyCustomerId })),
    ).toMatchObject({ code: 'not_found' });
    expect((await shop.admin.getCustomers({ query: person.email })).customers).toEqual([]);
    expect((await shop.admin.getCustomers({})).customers).toEqual([]);
    const again = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId: person.shopifyCustomerId,
      idempotencyKey: 'again',
    });
    expect(
      (await shop.admin.processGdprRequest({ requestId: again.request?.requestId ?? '' })).request
        ?.status,
    ).toBe('completed');
    expect((await shop.admin.getMetafieldBalances({ customerIds: [customerId] })).balances).toEqual(
      [],
    );
  });
});

describe('a request that names more than a member', () => {
  const address = 'Guest.Person@Example.com';

  async function deliver(shop: Shop, topic: string, body: object): Promise<string> {
    const { deliveryId } = await test.clients().admin.storeDelivery({
      shopDomain: shop.shopDomain,
      topic,
      webhookId: randomUUID(),
      payload: Buffer.from(JSON.stringify(body)),
    });
    return deliveryId;
  }

  async function readable(ids: readonly string[]): Promise<boolean[]> {
    const { deliveries } = await test.clients().admin.getDeliveries({ deliveryIds: [...ids] });
    return ids.map(
      (id) => (deliveries.find((one) => one.deliveryId === id)?.payload.length ?? 0) > 0,
    );
  }

  async function erase(shop: Shop, named: object): Promise<void> {
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      ...named,
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    const { rows } = await test.outside.query<{ metadata: object; shopify_customer_id: null }>(
      'SELECT metadata, shopify_customer_id FROM gdpr_requests WHERE merchant_id = $1',
      [shop.merchantId],
    );
    expect(rows[0]).toEqual({ metadata: {}, shopify_customer_id: null });
  }

  it('erases the orders it names, a guest’s orders under its address, and all that was reported of them', async () => {
    const shop = await test.installShop();
    for (const orderId of ['71', '72', '73'])
      await shop.points.recordOrder({
        trigger: 'paid',
        order: {
          orderId,
          name: `#${orderId}`,
          currency: 'USD',
          subtotal: '20.00',
          currentSubtotal: '20.00',
          total: '20.00',
          financialStatus: 'paid',
          orderedAt: new Date().toISOString(),
          updatedAt: new Date().toISOString(),
        },
      });
    const theirs = [
      await deliver(shop, 'orders/paid', { id: 71, note: 'for Guest Person' }),
      await deliver(shop, 'refunds/create', { id: 1, order_id: 71 }),
      await deliver(shop, 'orders/paid', { id: 72, contact_email: address.toUpperCase() }),
      await deliver(shop, 'orders/edited', { order_edit: { order_id: 72 } }),
      await deliver(shop, 'orders/updated', { id: 74, billing_address: { phone: '555 625 1199' } }),
    ];
    const others = [
      await deliver(shop, 'orders/paid', { id: 73, email: 'somebody@example.com' }),
      await deliver(shop, 'refunds/create', { id: 2, order_id: 73 }),
    ];
    await erase(shop, {
      shopifyCustomerId: '880011',
      email: address,
      phone: '+1 555-625-1199',
      orderIds: ['71'],
    });
    expect(await readable(theirs)).toEqual(theirs.map(() => false));
    expect(await readable(others)).toEqual([true, true]);
    const { rows } = await test.outside.query<{ shopify_order_id: string; name: string | null }>(
      'SELECT shopify_order_id, name FROM orders WHERE merchant_id = $1 ORDER BY 1',
      [shop.merchantId],
    );
    expect(rows.map((row) => row.name)).toEqual([null, null, '#73']);
  });

  it('needs no customer to erase what is under an address', async () => {
    const shop = await test.installShop();
    const theirs = [await deliver(shop, 'orders/paid', { id: 71, email: address })];
    await erase(shop, { email: address });
    expect(await readable(theirs)).toEqual([false]);
    expect(
      await failureOf(shop.admin.submitGdprRequest({ requestType: 'redact', source: 'webhook' })),
    ).toMatchObject({ code: 'invalid_input' });
  });
});

describe('after an erasure', () => {
  const other = { ...person, shopifyCustomerId: '770099', email: 'other@example.com' };
  const paid = (orderId: string, customer: typeof person) => ({
    trigger: 'paid',
    order: {
      orderId,
      customer,
      currency: 'USD',
      subtotal: '20.00',
      currentSubtotal: '20.00',
      total: '20.00',
      financialStatus: 'paid',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
    },
  });

  async function eraseId(shop: Shop, shopifyCustomerId: string): Promise<void> {
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId,
      idempotencyKey: randomUUID(),
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
  }

  async function entriesOf(shop: Shop, customerId: string): Promise<number> {
    const { rows } = await test.outside.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM points_transactions WHERE merchant_id = $1 AND customer_id = $2`,
      [shop.merchantId, customerId],
    );
    return rows[0]?.count ?? -1;
  }

  it('no path ever writes an entry for that person again', async () => {
    const shop = await test.installShop();
    const { customerId } = await memberOf(shop);
    const { customerId: otherId } = await shop.admin.upsertCustomer({
      customer: other,
      trigger: 'created',
    });
    await shop.points.recordOrder(paid('9100', other));
    const adjusted = await shop.points.listEntries({ customerId });
    const adjustment = adjusted.entries.find((entry) => entry.points === 7)?.transactionId ?? '';
    await eraseId(shop, person.shopifyCustomerId);
    const before = await entriesOf(shop, customerId);
    const otherBefore = await entriesOf(shop, otherId);

    const refund = { refundId: '1', subtotal: '20.00', refundedAt: new Date().toISOString() };
    const tries: Record<string, () => Promise<unknown>> = {
      'a late refund': () =>
        shop.points.recordOrder({ trigger: 'refunded', refund: { orderId: '9001', refund } }),
      'a new order': () => shop.points.recordOrder(paid('9002', person)),
      'an edit of an old order': () =>
        shop.points.recordOrder({
          trigger: 'updated',
          order: { ...paid('9001', person).order, subtotal: '90.00', currentSubtotal: '90.00' },
        }),
      'the account enabled': () =>
        shop.admin.upsertCustomer({ customer: person, trigger: 'enabled' }),
      'a gift of staff': () =>
        shop.points.earnPoints({ award: { customerId, points: 5, idempotencyKey: 'gift' } }),
      'awards in bulk': () =>
        shop.points.awardMany({ awards: [{ customerId, points: 5, idempotencyKey: 'bulk' }] }),
      'an adjustment up': () =>
        shop.points.adjustPoints({ customerId, points: 5, reason: 'x', idempotencyKey: 'up' }),
      'an adjustment down': () =>
        shop.points.adjustPoints({ customerId, points: -5, reason: 'x', idempotencyKey: 'down' }),
      'an undo': () => shop.points.reverseEntry({ customerId, transactionId: adjustment }),
      'points set aside': () =>
        shop.points.holdPoints({
          customerId,
          points: 1,
          idempotencyKey: 'late',
          purpose: 'x',
          expiresAt: new Date(Date.now() + 60_000).toISOString(),
        }),
      'a review': () =>
        shop.points.recordReview({
          shopifyCustomerId: person.shopifyCustomerId,
          provider: 'judgeme',
          reviewId: '1',
        }),
      'a night of birthdays': () => shop.points.awardBirthdays({}),
      'a night of expiry': () => shop.points.expirePoints({}),
      'a round of reviews': () => test.clients().admin.reviewMembers({ limit: 100 }),
      'a merge into them': () =>
        shop.admin.mergeCustomers({
          removedShopifyCustomerId: other.shopifyCustomerId,
          keptShopifyCustomerId: person.shopifyCustomerId,
        }),
      'a merge of them': () =>
        shop.admin.mergeCustomers({
          removedShopifyCustomerId: person.shopifyCustomerId,
          keptShopifyCustomerId: other.shopifyCustomerId,
        }),
    };
    for (const [name, attempt] of Object.entries(tries)) {
      const failure = await attempt().then(
        () => undefined,
        (error: unknown) => (error instanceof CallFailure ? error : Promise.reject(error as Error)),
      );
      expect(failure?.code, name).not.toBe('internal');
      expect(await entriesOf(shop, customerId), name).toBe(before);
    }
    expect(await entriesOf(shop, otherId)).toBe(otherBefore);
    const broken = await test.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
      shop.merchantId,
    ]);
    expect(broken.rows).toEqual([]);
  });

  it('the person is known under each of the ids that were merged into one', async () => {
    const shop = await test.installShop();
    await shop.admin.upsertCustomer({ customer: person, trigger: 'created' });
    await shop.admin.upsertCustomer({ customer: other, trigger: 'created' });
    await shop.admin.mergeCustomers({
      removedShopifyCustomerId: other.shopifyCustomerId,
      keptShopifyCustomerId: person.shopifyCustomerId,
    });
    const { deliveryId } = await test.clients().admin.storeDelivery({
      shopDomain: shop.shopDomain,
      topic: 'orders/paid',
      webhookId: 'of-the-merged-account',
      payload: Buffer.from(JSON.stringify({ id: 5, email: other.email })),
    });
    await eraseId(shop, person.shopifyCustomerId);
    for (const customer of [person, other]) {
      const late = await shop.admin.upsertCustomer({ customer, trigger: 'enabled' });
      expect(late).toMatchObject({ status: 'ignored', reason: 'redacted_customer', entries: [] });
    }
    const { status, entries } = await shop.points.recordOrder(paid('9200', other));
    expect({ status, entries }).toEqual({ status: 'ignored', entries: [] });
    const { deliveries } = await test.clients().admin.getDeliveries({ deliveryIds: [deliveryId] });
    expect(deliveries[0]?.payload).toHaveLength(0);
  });

  it('what is told of that person later is not kept', async () => {
    const shop = await test.installShop();
    await memberOf(shop);
    await eraseId(shop, person.shopifyCustomerId);
    const tell = async (topic: string, body: object) => {
      const { deliveryId } = await test.clients().admin.storeDelivery({
        shopDomain: shop.shopDomain,
        topic,
        webhookId: randomUUID(),
        payload: Buffer.from(JSON.stringify(body)),
      });
      return deliveryId;
    };
    const named = { id: Number(person.shopifyCustomerId), email: person.email };
    const [updated, bought, edited] = [
      await tell('customers/update', named),
      await tell('orders/paid', { id: 9400, customer: named }),
      await tell('orders/updated', { id: 9001, customer: named }),
    ];
    await shop.admin.upsertCustomer({ customer: person, trigger: 'updated', deliveryId: updated });
    await shop.points.recordOrder({ ...paid('9400', person), deliveryId: bought });
    await shop.points.recordOrder({
      ...paid('9001', person),
      trigger: 'updated',
      deliveryId: edited,
    });
    const { deliveries } = await test
      .clients()
      .admin.getDeliveries({ deliveryIds: [updated, bought, edited] });
    expect(deliveries.map(({ status, payload }) => ({ status, bytes: payload.length }))).toEqual(
      deliveries.map(() => ({ status: 'ignored', bytes: 0 })),
    );
    expect(deliveries).toHaveLength(3);
    const { rows } = await test.outside.query<{ name: string | null; line_items: unknown[] }>(
      'SELECT name, line_items FROM orders WHERE merchant_id = $1',
      [shop.merchantId],
    );
    for (const row of rows) expect(row).toEqual({ name: null, line_items: [] });
  });

  it.each([
    ['came before, and is answered after it', { answered: 'after' }],
    ['came when the person was no member yet', { answered: 'before' }],
  ])('a request for their data that %s no longer names the person', async (_, { answered }) => {
    const shop = await test.installShop();
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'data_request',
      source: 'webhook',
      shopifyCustomerId: person.shopifyCustomerId,
      idempotencyKey: 'data',
    });
    const answer = () => shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    if (answered === 'before') await answer();
    await memberOf(shop);
    await eraseId(shop, person.shopifyCustomerId);
    if (answered === 'after') await answer();
    const { rows } = await test.outside.query<{ status: string; shopify_customer_id: null }>(
      'SELECT status, shopify_customer_id FROM gdpr_requests WHERE merchant_id = $1',
      [shop.merchantId],
    );
    expect(rows).toEqual(rows.map(() => ({ status: 'completed', shopify_customer_id: null })));
    expect(rows).toHaveLength(2);
  });

  it('a customer who was no member yet does not become one by a late order', async () => {
    const shop = await test.installShop();
    await eraseId(shop, '990011');
    const late = await shop.points.recordOrder(
      paid('9300', { ...person, shopifyCustomerId: '990011' }),
    );
    expect(late).toMatchObject({ status: 'ignored', entries: [] });
    await eraseId(shop, '990011');
    expect((await shop.admin.getCustomers({})).customers).toEqual([]);
  });
});

describe('an erased shop', () => {
  it('leaves nothing but the record that it was done, and touches no other shop', async () => {
    const shop = await test.installShop();
    const other = await test.installShop();
    await memberOf(shop);
    const { customerId } = await memberOf(other);
    const receivedAt = new Date(Date.now() - 49 * 3_600_000).toISOString();
    await shop.admin.requestShopErasure({ shopDomain: shop.shopDomain, receivedAt });
    expect((await shop.admin.redactShop({ shopDomain: shop.shopDomain })).erased).toBe(false);
    await shop.admin.uninstallMerchant({});
    expect((await shop.admin.redactShop({ shopDomain: shop.shopDomain })).erased).toBe(true);
    expect((await shop.admin.redactShop({ shopDomain: shop.shopDomain })).erased).toBe(false);
    const tables = await test.outside.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id'
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace`,
    );
    for (const { name } of tables.rows) {
      const { rowCount } = await test.outside.query(
        `SELECT 1 FROM ${name} WHERE merchant_id = $1`,
        [shop.merchantId],
      );
      expect(rowCount, name).toBe(0);
    }
    expect((await other.points.getPointsBalance({ customerId })).balance?.balance).toBe(407);
    const again = await test.installShop(shop.shopDomain);
    expect(again.merchantId).not.toBe(shop.merchantId);
  });
});
