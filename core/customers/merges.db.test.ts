import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallFailure, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

const person = (id: string) => ({
  shopifyCustomerId: id,
  email: `member-${id}@example.com`,
  firstName: 'Member',
  lastName: `Number${id}`,
  locale: 'en',
  state: 'enabled',
});

const refundOf = (orderId: string, refundId: string) => ({
  trigger: 'refunded',
  refund: {
    orderId,
    refund: { refundId, subtotal: '10.00', refundedAt: new Date().toISOString() },
  },
});

const join = (shop: Shop, id: string, trigger = 'updated') =>
  shop.admin.upsertCustomer({ customer: person(id), trigger });
const merge = (shop: Shop, removed: string, kept: string) =>
  shop.admin.mergeCustomers({ removedShopifyCustomerId: removed, keptShopifyCustomerId: kept });

const order = (id: string, customer: string, subtotal = '10.00') => ({
  trigger: 'paid',
  order: {
    orderId: id,
    name: `#${id}`,
    customer: person(customer),
    currency: 'USD',
    subtotal,
    currentSubtotal: subtotal,
    total: subtotal,
    financialStatus: 'paid',
    orderedAt: new Date().toISOString(),
    updatedAt: new Date().toISOString(),
  },
});

async function balanceOf(shop: Shop, shopifyCustomerId: string): Promise<number> {
  const { customer } = await shop.admin.getCustomer({ shopifyCustomerId });
  return customer?.balance?.balance ?? Number.NaN;
}

/** From outside: what each row of the tenant holds, of all members. */
async function stored(shop: Shop) {
  const { rows } = await test.outside.query<{
    shopify_customer_id: string;
    balance: string;
    merged: boolean;
  }>(
    `SELECT c.shopify_customer_id, coalesce(b.balance, 0)::text AS balance,
            c.merged_into_customer_id IS NOT NULL AS merged
     FROM customers c LEFT JOIN points_balances b USING (merchant_id, customer_id)
     WHERE c.merchant_id = $1 ORDER BY c.shopify_customer_id`,
    [shop.merchantId],
  );
  return rows;
}

async function soundness(shop: Shop) {
  const broken = await test.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    shop.merchantId,
  ]);
  const unequal = await test.outside.query(
    `SELECT b.customer_id FROM points_balances b
     LEFT JOIN (SELECT customer_id, sum(points) AS total FROM points_transactions WHERE merchant_id = $1 GROUP BY 1) t
       USING (customer_id)
     WHERE b.merchant_id = $1 AND b.balance <> coalesce(t.total, 0)`,
    [shop.merchantId],
  );
  const circles = await test.outside.query(
    `SELECT c.customer_id FROM customers c JOIN customers d
       ON d.merchant_id = c.merchant_id AND d.customer_id = c.merged_into_customer_id
     WHERE c.merchant_id = $1 AND d.merged_into_customer_id IS NOT NULL`,
    [shop.merchantId],
  );
  return [broken.rows, unequal.rows, circles.rows];
}
const sound = [[], [], []];

describe('an update about a customer who was merged away', () => {
  it.each([
    [
      'as they happened',
      [
        ['1', '2'],
        ['2', '3'],
      ],
    ],
    [
      'the later one first',
      [
        ['2', '3'],
        ['1', '2'],
      ],
    ],
  ] as const)(
    'reaches the member who has their points now, through a chain of merges arriving %s',
    async (_name, merges) => {
      const shop = await test.installShop();
      for (const id of ['1', '2', '3']) await join(shop, id);
      await shop.points.recordOrder(order('100', '1'));
      for (const [removed, kept] of merges) await merge(shop, removed, kept);
      await shop.points.recordOrder(order('101', '1', '7.00'));
      await shop.points.recordOrder(order('102', '2', '5.00'));
      await shop.points.recordOrder(refundOf('100', '900'));
      expect(await balanceOf(shop, '3')).toBe(120);
      expect(await balanceOf(shop, '1')).toBe(120);
      expect((await stored(shop)).map((row) => row.balance)).toEqual(['0', '0', '120']);
      expect(await soundness(shop)).toEqual(sound);
    },
  );

  it('is remembered when neither of the two was known at the time of the merge', async () => {
    const shop = await test.installShop();
    await merge(shop, '1', '2');
    await shop.points.recordOrder(order('100', '1'));
    await join(shop, '2');
    expect((await stored(shop)).map(({ balance, merged }) => [balance, merged])).toEqual([
      ['0', true],
      ['100', false],
    ]);
    expect((await shop.admin.getCustomers({ query: '' })).customers).toHaveLength(1);
  });

  it('gives the sign-up points once for each account, in whatever order the merge arrives', async () => {
    const balances = [];
    for (const steps of [
      'join-1 join-2 merge join-1',
      'merge join-1 join-2 join-1',
      'join-1 merge join-2',
    ]) {
      const shop = await test.installShop();
      for (const step of steps.split(' ')) {
        if (step === 'merge') await merge(shop, '1', '2');
        else await join(shop, step.slice(-1), 'enabled');
      }
      balances.push(await balanceOf(shop, '2'));
      expect(await soundness(shop)).toEqual(sound);
    }
    expect(balances).toEqual([400, 400, 400]);
  });

  it('keeps the name and the address of the remaining account', async () => {
    const shop = await test.installShop();
    await join(shop, '1');
    await join(shop, '2');
    await merge(shop, '1', '2');
    const late = await shop.admin.upsertCustomer({
      customer: { ...person('1'), email: 'late@example.com' },
      trigger: 'updated',
      updatedAt: '2099-01-01T00:00:00Z',
      marketing: 'subscribed',
    });
    const { customer } = await shop.admin.getCustomer({ shopifyCustomerId: '2' });
    expect(late.customerId).toBe(customer?.customerId);
    expect(customer?.email).toBe('member-2@example.com');
    const { rows } = await test.outside.query<{ status: string }>(
      'SELECT status FROM consents WHERE merchant_id = $1 AND customer_id = $2',
      [shop.merchantId, customer?.customerId],
    );
    expect(rows).toEqual([{ status: 'granted' }]);
  });

  it('is adjusted and given to under the id that an open page still has', async () => {
    const shop = await test.installShop();
    const { customerId } = await join(shop, '1');
    await join(shop, '2');
    await merge(shop, '1', '2');
    await shop.points.earnPoints({ award: { customerId, points: 30, idempotencyKey: 'gift' } });
    await shop.points.awardMany({
      awards: [{ customerId, points: 5, idempotencyKey: 'many' }],
    });
    await shop.points.adjustPoints({ customerId, points: -10, reason: 'x', idempotencyKey: 'a' });
    expect(await balanceOf(shop, '2')).toBe(25);
    expect(await soundness(shop)).toEqual(sound);
  });
});

describe('merges', () => {
  it('never create a cycle, and end in one member however often they are repeated', async () => {
    const shop = await test.installShop();
    for (const id of ['1', '2', '3']) {
      await join(shop, id);
      await shop.points.recordOrder(order(`10${id}`, id));
    }
    for (const [removed, kept] of [
      ['1', '2'],
      ['2', '1'],
      ['1', '3'],
      ['3', '2'],
      ['1', '2'],
    ] as const)
      await merge(shop, removed, kept);
    expect(await balanceOf(shop, '1')).toBe(300);
    expect((await stored(shop)).filter((row) => !row.merged)).toHaveLength(1);
    expect(await soundness(shop)).toEqual(sound);
  });

  it('move held points, so that a redemption under way is debited', async () => {
    const shop = await test.installShop();
    const { customerId } = await join(shop, '1');
    await join(shop, '2');
    await shop.points.earnPoints({ award: { customerId, points: 500, idempotencyKey: 'e' } });
    const { hold } = await shop.points.holdPoints({
      customerId,
      points: 300,
      idempotencyKey: 'h',
      purpose: 'redemption',
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await merge(shop, '1', '2');
    const { customer } = await shop.admin.getCustomer({ shopifyCustomerId: '2' });
    expect(customer?.balance).toMatchObject({ balance: 500, available: 200 });
    await shop.points.confirmHold({ holdId: hold?.holdId ?? '' });
    expect(await balanceOf(shop, '2')).toBe(200);
    expect(await soundness(shop)).toEqual(sound);
  });

  it('and concurrent orders lose no point, in thirty of thirty runs', async () => {
    const shop = await test.installShop();
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const removed = String(1_000 + index);
        const kept = String(2_000 + index);
        await join(shop, removed);
        await shop.points.recordOrder(order(`70${index}`, removed));
        await Promise.all([
          merge(shop, removed, kept),
          shop.points.recordOrder(order(`71${index}`, removed)),
          shop.points.recordOrder(order(`72${index}`, kept)),
          shop.points.recordOrder(refundOf(`70${index}`, `9${index}`)),
          shop.points.earnPoints({
            award: {
              customerId: (await join(shop, removed)).customerId,
              points: 1,
              idempotencyKey: `race/${index}`,
            },
          }),
        ]);
      }),
    );
    const rows = await stored(shop);
    expect(rows.filter((row) => row.merged).map((row) => row.balance)).toEqual(
      Array.from({ length: 30 }, () => '0'),
    );
    expect(rows.filter((row) => !row.merged).map((row) => row.balance)).toEqual(
      Array.from({ length: 30 }, () => '201'),
    );
    const astray = await test.outside.query(
      `SELECT o.shopify_order_id FROM orders o JOIN customers c USING (merchant_id, customer_id)
       WHERE o.merchant_id = $1 AND c.merged_into_customer_id IS NOT NULL`,
      [shop.merchantId],
    );
    expect(astray.rows).toEqual([]);
    expect(await soundness(shop)).toEqual(sound);
  });
});

describe('customers who are merged, buy, return and are erased concurrently', () => {
  /** The same numbers for the same seed, so that a history that fails can be played again. */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  /** What may happen to anybody at any time: a refusal of ours is an answer, a bug of ours is none. */
  const answered = (call: Promise<unknown>): Promise<unknown> =>
    call.catch((error: unknown) => {
      if (error instanceof CallFailure && error.code !== 'internal') return undefined;
      throw error;
    });

  async function eraseId(shop: Shop, shopifyCustomerId: string): Promise<void> {
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId,
      idempotencyKey: `redact/${shopifyCustomerId}`,
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
  }

  it.each([1, 2, 3, 4])('lose and win no point (seed %i)', async (seed) => {
    const next = numbers(seed);
    const shop = await test.installShop();
    const ids = ['1', '2', '3', '4', '5', '6'];
    for (const id of ids) await join(shop, id);
    for (let round = 0; round < 5; round++) {
      const acts = Array.from({ length: 12 }, (_, nth) => {
        const id = ids[next(ids.length)] ?? '1';
        const other = ids[next(ids.length)] ?? '1';
        const orderId = String(1 + next(20));
        switch (next(9)) {
          case 0:
          case 1:
            return id === other ? join(shop, id) : answered(merge(shop, id, other));
          case 2:
            return answered(shop.points.recordOrder(refundOf(orderId, `5${orderId}`)));
          case 3:
            return answered(join(shop, id, 'enabled'));
          case 4:
            return round > 1 && nth === 0 ? answered(eraseId(shop, id)) : join(shop, id);
          default:
            return answered(shop.points.recordOrder(order(orderId, id)));
        }
      });
      await Promise.all(acts);
    }
    expect(await soundness(shop)).toEqual(sound);
    const { rows } = await test.outside.query<{ what: string; id: string }>(
      `SELECT 'points left behind' AS what, b.customer_id::text AS id FROM points_balances b
         JOIN customers c USING (merchant_id, customer_id)
         WHERE b.merchant_id = $1 AND b.balance <> 0 AND (c.merged_into_customer_id IS NOT NULL OR c.redacted_at IS NOT NULL)
       UNION ALL
       SELECT 'an order left behind', o.shopify_order_id FROM orders o JOIN customers c USING (merchant_id, customer_id)
         WHERE o.merchant_id = $1 AND c.merged_into_customer_id IS NOT NULL AND c.redacted_at IS NULL
       UNION ALL
       SELECT 'an entry after the erasure', t.transaction_id::text FROM points_transactions t
         JOIN customers c USING (merchant_id, customer_id)
         WHERE t.merchant_id = $1 AND c.redacted_at IS NOT NULL AND c.merged_into_customer_id IS NULL
           AND t.created_at > c.redacted_at
       UNION ALL
       SELECT 'more or less than the facts are worth', 'all' WHERE
         (SELECT coalesce(sum(points), 0) FROM points_transactions WHERE merchant_id = $1 AND source = 'merge') <> 0`,
      [shop.merchantId],
    );
    expect(rows).toEqual([]);
    // Nothing was moved twice: what is there is what orders, refunds, sign-ups and erasures made.
    const sums = await test.outside.query<{ total: string; balances: string }>(
      `SELECT (SELECT coalesce(sum(points), 0) FROM points_transactions WHERE merchant_id = $1)::text AS total,
              (SELECT coalesce(sum(balance), 0) FROM points_balances WHERE merchant_id = $1)::text AS balances`,
      [shop.merchantId],
    );
    expect(sums.rows[0]?.total).toBe(sums.rows[0]?.balances);
  });
});
