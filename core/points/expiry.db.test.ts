import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const DAY = 86_400_000;
let nth = 0;

const inDays = (days: number) => new Date(now.getTime() + days * DAY).toISOString();
/** The last moment of that day in a shop whose clock is UTC: what is given for a day lives until then. */
const endIn = (days: number) => `${inDays(days).slice(0, 10)}T23:59:59.999Z`;

async function member(shop: Shop): Promise<string> {
  const { customerId } = await shop.admin.upsertCustomer({
    customer: {
      shopifyCustomerId: String(8_000 + ++nth),
      firstName: `Member${nth}`,
      lastName: 'X',
    },
    trigger: 'updated',
  });
  return customerId;
}

const give = (shop: Shop, customerId: string, points: number, expiresAt = '') =>
  shop.points.earnPoints({
    award: { customerId, points, expiresAt, idempotencyKey: `give/${++nth}` },
  });

const balanceOf = async (shop: Shop, customerId: string) =>
  (await shop.points.getPointsBalance({ customerId })).balance?.balance;

async function notices(shop: Shop) {
  const { rows } = await core.outside.query<{ payload: Record<string, unknown> }>(
    `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'points.expiring' ORDER BY payload->>'expires_at'`,
    [shop.merchantId],
  );
  return rows.map(({ payload }) => payload);
}

async function expectSound(shop: Shop) {
  const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    shop.merchantId,
  ]);
  expect(rows).toEqual([]);
}

const setProgram = async (shop: Shop, changes: object) => {
  const { program } = await shop.points.getPointsProgram({});
  await shop.points.updatePointsProgram({ program: { ...program, ...changes } });
};

describe('points that expire', () => {
  it('have an event 30 days ahead, once for each lot and date', async () => {
    const shop = await core.installShop();
    const customerId = await member(shop);
    await give(shop, customerId, 10, inDays(10));
    await give(shop, customerId, 5, inDays(10));
    await give(shop, customerId, 70, inDays(40));
    await give(shop, customerId, 3);
    expect(await shop.points.notifyExpiring({})).toMatchObject({
      lots: 2,
      members: 1,
      more: false,
    });
    expect(await shop.points.notifyExpiring({})).toMatchObject({ lots: 0 });
    expect(await notices(shop)).toEqual([
      { customer_id: customerId, points: 15, expires_at: endIn(10) },
    ]);
    expect(await shop.points.getExpirySchedule({ customerId })).toMatchObject({
      days: [
        { expiresAt: endIn(10), points: 15 },
        { expiresAt: endIn(40), points: 70 },
      ],
      neverExpiring: 3,
    });
  });

  it('are shown to the merchant by month, with each member’s points', async () => {
    const shop = await core.installShop();
    const [one, other] = [await member(shop), await member(shop)];
    await give(shop, one, 10, '2031-03-01T00:00:00.000Z');
    await give(shop, other, 30, '2031-03-31T23:59:59.000Z');
    await give(shop, other, 5, '2031-04-01T00:00:00.000Z');
    expect((await shop.points.getExpiryForecast({})).months).toEqual([
      { month: '2031-03', points: 40, members: 2 },
      { month: '2031-04', points: 5, members: 1 },
    ]);
    const first = await shop.points.listExpiringMembers({
      month: '2031-03',
      page: { pageSize: 1, cursor: '' },
    });
    expect(first.members).toMatchObject([{ customerId: other, points: 30 }]);
    const cursor = first.page?.nextCursor ?? '';
    const second = await shop.points.listExpiringMembers({
      month: '2031-03',
      page: { pageSize: 1, cursor },
    });
    expect(second.members).toMatchObject([{ customerId: one, points: 10 }]);
    expect(second.page?.nextCursor).toBe('');
  });

  it('can be extended by staff, once, for all members or for one, and the extension can be undone', async () => {
    const shop = await core.installShop();
    const [one, other] = [await member(shop), await member(shop)];
    const date = '2031-03-15T23:59:59.999Z';
    await give(shop, one, 10, date);
    await give(shop, other, 30, date);
    const asked = { month: '2031-03', days: 20, idempotencyKey: 'more-time' };
    const { extension } = await shop.points.extendExpiry(asked);
    expect(extension).toMatchObject({ members: 2, points: 40, days: 20, undoneAt: '' });
    expect((await shop.points.extendExpiry(asked)).extension).toEqual(extension);
    const datesOf = async (customerId: string) =>
      (await shop.points.getExpirySchedule({ customerId })).days.map(({ expiresAt }) => expiresAt);
    expect(await datesOf(one)).toEqual(['2031-04-04T23:59:59.999Z']);

    await shop.points.extendExpiry({
      customerId: one,
      month: '2031-04',
      days: 1,
      idempotencyKey: 'a-day',
    });
    expect(await datesOf(one)).toEqual(['2031-04-05T23:59:59.999Z']);
    const extensionId = extension?.extensionId ?? '';
    const undone = await shop.points.undoExpiryExtension({ extensionId });
    expect(undone.extension?.undoneAt).not.toBe('');
    // What was changed since keeps the newer date.
    expect(await datesOf(one)).toEqual(['2031-04-05T23:59:59.999Z']);
    expect(await datesOf(other)).toEqual([date]);
    expect(await shop.points.undoExpiryExtension({ extensionId })).toEqual(undone);
    expect(
      (await shop.points.extendExpiry({ month: '2030-01', days: 5, idempotencyKey: 'none' }))
        .extension,
    ).toBeUndefined();
    const { logs } = await shop.admin.getLogs({});
    expect(logs.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['expiry_extended', 'expiry_extension_undone']),
    );
    await expectSound(shop);
  });

  it('are saved by an order where earning keeps them alive, and expire where it does not', async () => {
    const shop = await core.installShop();
    const start = now;
    const customerId = await member(shop);
    await give(shop, customerId, 100, inDays(-1));
    try {
      await setProgram(shop, { expiryDays: 30, expiryMode: 'activity' });
      expect(await shop.points.notifyExpiring({})).toMatchObject({ lots: 0 });
      await shop.points.expirePoints({});
      // Earned today, so the 100 live for 30 days from today.
      expect(await balanceOf(shop, customerId)).toBe(100);
      now = new Date(start.getTime() + 31 * DAY);
      await setProgram(shop, { expiryMode: 'fixed' });
      await shop.points.expirePoints({});
      expect(await balanceOf(shop, customerId)).toBe(0);
    } finally {
      now = start;
    }
    await expectSound(shop);
  });

  it('are extended a moment after the member earns again', async () => {
    const shop = await core.installShop();
    await setProgram(shop, { expiryDays: 30, expiryMode: 'activity' });
    const customerId = await member(shop);
    const promised = endIn(2);
    await give(shop, customerId, 100, promised);
    await shop.points.recordOrder({
      order: {
        orderId: '880088',
        customer: { shopifyCustomerId: String(8_000 + nth - 1) },
        currency: 'USD',
        subtotal: '1.00',
        currentSubtotal: '1.00',
        total: '1.00',
        financialStatus: 'paid',
        orderedAt: now.toISOString(),
        updatedAt: now.toISOString(),
      },
      trigger: 'paid',
    });
    await core.clients().admin.reviewMembers({ limit: 100 });
    const { days } = await shop.points.getExpirySchedule({ customerId });
    expect(days.every(({ expiresAt }) => Date.parse(expiresAt) > now.getTime() + 29 * DAY)).toBe(
      true,
    );
    // The line keeps the promised date, and also has the current one.
    const line = async () => (await shop.points.listEntries({ customerId })).entries.at(-1);
    expect(await line()).toMatchObject({
      expiresAt: promised,
      lotRemaining: 100,
      lotExpiresAt: days[0]?.expiresAt,
    });
    await shop.points.adjustPoints({
      customerId,
      points: -100,
      reason: 'spent',
      idempotencyKey: `spend/${++nth}`,
    });
    expect(await line()).toMatchObject({ expiresAt: promised, lotRemaining: 0, lotExpiresAt: '' });
  });

  it('of an unknown customer are refused', async () => {
    const shop = await core.installShop();
    const id = '00000000-0000-4000-8000-000000000000';
    expect((await failureOf(shop.points.getExpirySchedule({ customerId: id }))).code).toBe(
      'not_found',
    );
    expect((await failureOf(shop.points.undoExpiryExtension({ extensionId: id }))).code).toBe(
      'not_found',
    );
    expect((await failureOf(shop.points.listExpiringMembers({ month: '2031-13' }))).field).toBe(
      'month',
    );
  });
});
