import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

const ana = {
  shopifyCustomerId: '1001',
  email: 'Ana@Example.com',
  firstName: 'Ana María',
  lastName: 'García',
  locale: 'es',
  state: 'disabled',
};

describe('a member', () => {
  it('is stored encrypted and read in clear', async () => {
    const shop = await test.installShop();
    const { customerId, status } = await shop.admin.upsertCustomer({
      customer: ana,
      trigger: 'created',
      updatedAt: '2026-11-01T10:00:00Z',
    });
    expect(status).toBe('created');
    const { customer } = await shop.admin.getCustomer({ customerId });
    expect(customer).toMatchObject({
      email: 'Ana@Example.com',
      firstName: 'Ana María',
      lastName: 'García',
      shopifyCustomerId: '1001',
      state: 'disabled',
      hasAccount: false,
    });
    const { rows } = await test.outside.query<{ all: string }>(
      'SELECT c::text AS all FROM customers c WHERE merchant_id = $1',
      [shop.merchantId],
    );
    expect(rows[0]?.all).not.toMatch(/ana|garc/i);
    expect(rows[0]?.all).not.toContain(Buffer.from('Ana').toString('hex'));
  });

  it('keeps the newest update, whatever order updates arrive in', async () => {
    const shop = await test.installShop();
    const { admin } = shop;
    await admin.upsertCustomer({
      customer: { ...ana, firstName: 'New' },
      trigger: 'updated',
      updatedAt: '2026-11-01T12:00:00Z',
    });
    const late = await admin.upsertCustomer({
      customer: { ...ana, firstName: 'Old' },
      trigger: 'created',
      updatedAt: '2026-11-01T10:00:00Z',
    });
    expect(late).toMatchObject({ status: 'unchanged', reason: 'stale' });
    expect((await admin.getCustomer({ shopifyCustomerId: '1001' })).customer?.firstName).toBe(
      'New',
    );
  });

  it('is created once by many concurrent calls', async () => {
    const shop = await test.installShop();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        shop.admin.upsertCustomer({ customer: { ...ana, state: 'enabled' }, trigger: 'created' }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.customerId)).size).toBe(1);
    expect(answers.flatMap((answer) => answer.entries)).toHaveLength(1);
  });
});

describe('the sign-up points', () => {
  it('come with the account, only once', async () => {
    const shop = await test.installShop();
    const invited = await shop.admin.upsertCustomer({
      customer: { ...ana, state: 'invited' },
      trigger: 'created',
    });
    expect(invited.entries).toEqual([]);
    const enabled = await shop.admin.upsertCustomer({ customer: ana, trigger: 'enabled' });
    expect(enabled.entries).toMatchObject([
      {
        points: 200,
        type: 'earn',
        source: 'signup',
        explanation: { reasonCode: 'signup', ruleVersion: 1 },
      },
    ]);
    await shop.points.updatePointsProgram({
      program: {
        active: true,
        purchase: { enabled: true, pointsPerUnit: '10', awardOn: 'paid' },
        signup: { enabled: true, points: 500 },
        expiryDays: 0,
        refundPolicy: 'debt',
      },
    });
    const again = await shop.admin.upsertCustomer({ customer: ana, trigger: 'enabled' });
    expect(again.entries).toEqual([]);
    const { balance } = await shop.points.getPointsBalance({ customerId: enabled.customerId });
    expect(balance?.balance).toBe(200);
  });

  it('are not given to members whom the first-run sync finds, nor while the program is off', async () => {
    const shop = await test.installShop();
    const customers = [{ customer: { ...ana, state: 'enabled' }, trigger: 'synced' }];
    expect(await shop.admin.upsertCustomers({ customers })).toMatchObject({
      created: 1,
      updated: 0,
    });
    await shop.points.updatePointsProgram({
      program: {
        active: false,
        purchase: { enabled: true, pointsPerUnit: '10', awardOn: 'paid' },
        signup: { enabled: true, points: 200 },
        expiryDays: 0,
        refundPolicy: 'debt',
      },
    });
    expect(
      (await shop.admin.upsertCustomer({ customer: ana, trigger: 'enabled' })).entries,
    ).toEqual([]);
  });
});

describe('many members at once', () => {
  it('names what is wrong with each and takes the others', async () => {
    const shop = await test.installShop();
    const customers = [
      { customer: ana, trigger: 'synced' },
      { customer: { ...ana, shopifyCustomerId: 'abc' }, trigger: 'synced' },
      { customer: { ...ana, firstName: 'Later' }, trigger: 'synced' },
    ];
    const answer = await shop.admin.upsertCustomers({ customers });
    expect(answer.created).toBe(1);
    expect(answer.problems.map(({ code, field }) => `${code} ${field}`)).toEqual([
      ' ',
      'invalid_input customer.shopify_customer_id',
      ' ',
    ]);
    expect((await shop.admin.getCustomer({ shopifyCustomerId: '1001' })).customer?.firstName).toBe(
      'Later',
    );
    const tooMany = Array.from({ length: 501 }, () => ({ customer: ana, trigger: 'synced' }));
    expect(await failureOf(shop.admin.upsertCustomers({ customers: tooMany }))).toMatchObject({
      field: 'customers',
    });
  });
});

describe('the search of members', () => {
  it('finds by address, by beginnings of names without accents, and by Shopify id, in this shop alone', async () => {
    const shop = await test.installShop();
    const other = await test.installShop();
    await other.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    await shop.admin.upsertCustomer({
      customer: {
        ...ana,
        shopifyCustomerId: '1002',
        email: 'bo@example.com',
        firstName: 'Bo',
        lastName: 'Garlic',
      },
      trigger: 'created',
    });
    const find = async (query: string) =>
      (await shop.admin.getCustomers({ query })).customers
        .map((customer) => customer.shopifyCustomerId)
        .sort();
    expect(await find(' ana@example.COM ')).toEqual(['1001']);
    expect(await find('gar')).toEqual(['1001', '1002']);
    expect(await find('GARCIA an')).toEqual(['1001']);
    expect(await find('maria')).toEqual(['1001']);
    expect(await find('1002')).toEqual(['1002']);
    expect(await find('nobody@example.com')).toEqual([]);
    expect(await find('')).toEqual(['1001', '1002']);
    expect(await find('!!')).toEqual([]);
  });

  it('walks over 2,000 members in any order without losing or repeating one', async () => {
    const shop = await test.installShop();
    for (let part = 0; part < 4; part++) {
      const customers = Array.from({ length: 500 }, (_, index) => ({
        customer: {
          ...ana,
          shopifyCustomerId: String(20_000 + part * 500 + index),
          email: `m${part}-${index}@example.com`,
        },
        trigger: 'synced',
      }));
      await shop.admin.upsertCustomers({ customers });
    }
    const seen: string[] = [];
    let cursor = '';
    let total: number | undefined;
    do {
      const { customers, page } = await shop.admin.getCustomers({
        page: { pageSize: 250, cursor },
      });
      seen.push(...customers.map((customer) => customer.customerId));
      total ??= page?.total;
      cursor = page?.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toHaveLength(2_000);
    expect(new Set(seen).size).toBe(2_000);
    expect(total).toBe(2_000);
    const bad = await shop.admin.getCustomers({ page: { pageSize: 10, cursor: 'nonsense' } });
    expect(bad.customers).toEqual([]);
  });

  it('sorts by balance, highest first', async () => {
    const shop = await test.installShop();
    for (const [id, points] of [
      ['1', 50],
      ['2', 900],
      ['3', 300],
    ] as const) {
      const { customerId } = await shop.admin.upsertCustomer({
        customer: { ...ana, shopifyCustomerId: id },
        trigger: 'created',
      });
      await shop.points.earnPoints({ award: { customerId, points, idempotencyKey: `sort/${id}` } });
    }
    const first = await shop.admin.getCustomers({
      sort: 'balance',
      page: { pageSize: 2, cursor: '' },
    });
    expect(first.customers.map((customer) => customer.balance?.balance)).toEqual([900, 300]);
    const second = await shop.admin.getCustomers({
      sort: 'balance',
      page: { pageSize: 2, cursor: first.page?.nextCursor ?? '' },
    });
    expect(second.customers.map((customer) => customer.balance?.balance)).toEqual([50]);
  });
});

describe('a merge', () => {
  it('moves points with their expiry, orders too, by entries on both sides, and only once', async () => {
    const shop = await test.installShop();
    const kept = await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    const removed = await shop.admin.upsertCustomer({
      customer: { ...ana, shopifyCustomerId: '1002' },
      trigger: 'created',
    });
    const expiresAt = '2027-06-01T23:59:59.999Z';
    await shop.points.earnPoints({
      award: { customerId: removed.customerId, points: 70, idempotencyKey: 'a', expiresAt },
    });
    await shop.points.earnPoints({
      award: { customerId: kept.customerId, points: 30, idempotencyKey: 'b' },
    });
    const merge = { keptShopifyCustomerId: '1001', removedShopifyCustomerId: '1002' };
    expect(await shop.admin.mergeCustomers(merge)).toEqual({
      customerId: kept.customerId,
      pointsMoved: 70,
    });
    expect(await shop.admin.mergeCustomers(merge)).toEqual({
      customerId: kept.customerId,
      pointsMoved: 0,
    });
    const { balance } = await shop.points.getPointsBalance({ customerId: kept.customerId });
    expect(balance).toMatchObject({ balance: 100, expiringPoints: 70, expiringAt: expiresAt });
    expect(
      (await shop.points.getPointsBalance({ customerId: removed.customerId })).balance?.balance,
    ).toBe(0);
    expect(
      (await shop.admin.getCustomers({})).customers.map((customer) => customer.customerId),
    ).toEqual([kept.customerId]);
    const { rows } = await test.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
      shop.merchantId,
    ]);
    expect(rows).toEqual([]);
  });

  it('takes orders along, with what was bought in all, and has the kept member looked at again', async () => {
    const shop = await test.installShop();
    await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    await shop.points.recordOrder({
      trigger: 'paid',
      order: {
        orderId: '77001',
        currency: 'USD',
        customer: { ...ana, shopifyCustomerId: '1002' },
        subtotal: '40.00',
        currentSubtotal: '40.00',
        financialStatus: 'paid',
        orderedAt: new Date().toISOString(),
        updatedAt: new Date().toISOString(),
      },
    });
    const members = () =>
      test.outside.query<{ shopify_customer_id: string; due: boolean }>(
        `SELECT shopify_customer_id, order_count AS orders, total_spend::text AS spend, last_order_at IS NOT NULL AS ordered,
                review_due_at IS NOT NULL AS due
         FROM customers WHERE merchant_id = $1 ORDER BY shopify_customer_id`,
        [shop.merchantId],
      );
    await test.outside.query('UPDATE customers SET review_due_at = NULL WHERE merchant_id = $1', [
      shop.merchantId,
    ]);
    await shop.admin.mergeCustomers({
      keptShopifyCustomerId: '1001',
      removedShopifyCustomerId: '1002',
    });
    expect((await members()).rows).toEqual([
      { shopify_customer_id: '1001', orders: 1, spend: '40.0000', ordered: true, due: true },
      { shopify_customer_id: '1002', orders: 0, spend: '0.0000', ordered: false, due: false },
    ]);
  });
});
