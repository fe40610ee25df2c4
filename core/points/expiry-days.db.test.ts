import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
const start = new Date();
let now = start;
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterEach(() => {
  now = start;
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
let nth = 0;

async function shopIn(timezone: string, expiryDays = 0): Promise<Shop> {
  const shop = await core.installShop();
  await shop.admin.updateShopProfile({ timezone });
  if (expiryDays > 0) {
    const { program } = await shop.points.getPointsProgram({});
    await shop.points.updatePointsProgram({
      program: { ...program, expiryDays, signup: { enabled: false, points: 0 } },
    });
  }
  return shop;
}

async function member(shop: Shop): Promise<string> {
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId: String(70_000 + ++nth), firstName: 'A', lastName: 'B' },
    trigger: 'updated',
  });
  return customerId;
}

const give = (shop: Shop, customerId: string, points: number, expiresAt = '') =>
  shop.points.earnPoints({
    award: { customerId, points, expiresAt, idempotencyKey: `give/${++nth}` },
  });

const spend = (shop: Shop, customerId: string, points: number) =>
  shop.points.adjustPoints({
    customerId,
    points: -points,
    reason: 'spent',
    idempotencyKey: `spend/${++nth}`,
  });

const hold = (shop: Shop, customerId: string, points: number) =>
  shop.points.holdPoints({
    customerId,
    points,
    idempotencyKey: `hold/${++nth}`,
    purpose: 'test',
    expiresAt: new Date(now.getTime() + 3_600_000).toISOString(),
  });

const balanceOf = async (shop: Shop, customerId: string) =>
  (await shop.points.getPointsBalance({ customerId })).balance?.balance;

const expiriesOf = async (shop: Shop, customerId: string) =>
  (await shop.points.listEntries({ customerId })).entries.map(({ expiresAt }) => expiresAt);

describe("the end of the shop's day", () => {
  it.each([
    ['Pacific/Auckland', '2027-03-01T11:30:00Z', '2027-04-01T10:59:59.999Z', 'March 2 there'],
    [
      'America/Los_Angeles',
      '2027-03-01T07:30:00Z',
      '2027-03-31T06:59:59.999Z',
      'clocks go forward',
    ],
    ['America/Los_Angeles', '2026-10-15T12:00:00Z', '2026-11-15T07:59:59.999Z', 'clocks go back'],
    ['America/Havana', '2026-10-02T12:00:00Z', '2026-11-02T04:59:59.999Z', 'after a long night'],
    ['America/Havana', '2026-10-01T12:00:00Z', '2026-11-01T03:59:59.999Z', 'midnight comes twice'],
    ['Asia/Kathmandu', '2027-01-01T18:14:00Z', '2027-01-31T18:14:59.999Z', 'a quarter of an hour'],
    ['UTC', '2027-01-01T00:00:00Z', '2027-01-31T23:59:59.999Z', 'from the first second'],
  ])('in %s, points earned at %s live until %s (%s)', async (timezone, earnedAt, until) => {
    const shop = await shopIn(timezone, 30);
    const customerId = await member(shop);
    now = new Date(earnedAt);
    await give(shop, customerId, 100);
    expect(await expiriesOf(shop, customerId)).toEqual([until]);

    const last = Date.parse(until);
    now = new Date(last - 1);
    await shop.points.expirePoints({});
    await spend(shop, customerId, 10);
    now = new Date(last + 1);
    expect((await failureOf(spend(shop, customerId, 10))).code).toBe('insufficient_points');
    expect((await failureOf(hold(shop, customerId, 10))).code).toBe('insufficient_points');
    expect(await shop.points.expirePoints({})).toMatchObject({ members: 1, points: 90 });
    expect(await balanceOf(shop, customerId)).toBe(0);
  });

  it('applies to a day that an award names', async () => {
    const shop = await shopIn('Pacific/Auckland');
    const customerId = await member(shop);
    await give(shop, customerId, 5, '2031-06-10T13:00:00Z');
    expect(await expiriesOf(shop, customerId)).toEqual(['2031-06-11T11:59:59.999Z']);
  });

  it('stays as promised when the shop moves to another time zone', async () => {
    const shop = await shopIn('Pacific/Auckland', 30);
    const customerId = await member(shop);
    now = new Date('2027-06-01T00:00:00Z');
    await give(shop, customerId, 100);
    const before = await expiriesOf(shop, customerId);
    await shop.admin.updateShopProfile({ timezone: 'America/Los_Angeles' });
    const { days } = await shop.points.getExpirySchedule({ customerId });
    expect(days.map(({ expiresAt }) => expiresAt)).toEqual(before);
  });
});

describe('whatever gives points', () => {
  it("lets them expire by the program's rule: API, staff, imports and streams alike", async () => {
    const shop = await shopIn('UTC', 10);
    const customerId = await member(shop);
    now = new Date('2027-05-01T10:00:00Z');
    const award = (key: string) => ({ customerId, points: 1, idempotencyKey: key });
    await shop.points.earnPoints({ award: award('one') });
    await shop.points.awardMany({ awards: ['a', 'b', 'c', 'd', 'e'].map(award) });
    await shop.points.importPoints({ awards: [award('imported')] });
    await shop.points.adjustPoints({
      customerId,
      points: 7,
      reason: 'a gift',
      idempotencyKey: 'gift',
    });
    expect(new Set(await expiriesOf(shop, customerId))).toEqual(
      new Set(['2027-05-11T23:59:59.999Z']),
    );
  });

  it('keeps them for as long as it says, when it says so', async () => {
    const shop = await shopIn('UTC', 10);
    const customerId = await member(shop);
    await give(shop, customerId, 1, 'never');
    const gift = (expiresAt: string) =>
      shop.points.adjustPoints({
        customerId,
        points: 1,
        reason: 'a gift',
        idempotencyKey: `gift/${++nth}`,
        expiresAt,
      });
    await gift('never');
    await gift('2031-01-01T00:00:00Z');
    expect(await expiriesOf(shop, customerId)).toEqual(['2031-01-01T23:59:59.999Z', '', '']);
    expect((await failureOf(gift('soon'))).field).toBe('expires_at');
  });

  it('never expires them where the program has no expiration', async () => {
    const shop = await shopIn('UTC');
    const customerId = await member(shop);
    await give(shop, customerId, 1);
    expect(await expiriesOf(shop, customerId)).toEqual(['']);
  });

  it('takes up to 1,000,000,000,000 points in one entry, and no more', async () => {
    const shop = await shopIn('UTC');
    const customerId = await member(shop);
    await give(shop, customerId, 1_000_000_000_000);
    expect((await failureOf(give(shop, customerId, 1_000_000_000_001))).field).toBe('award.points');
    expect(await balanceOf(shop, customerId)).toBe(1_000_000_000_000);
  });
});

describe('a hold', () => {
  it('covers the points that expire first, so that expiry leaves exactly what is held', async () => {
    const shop = await shopIn('UTC');
    const customerId = await member(shop);
    now = new Date('2027-02-01T22:00:00Z');
    await give(shop, customerId, 100, '2027-02-01T00:00:00Z');
    await give(shop, customerId, 50, '2027-03-01T00:00:00Z');
    now = new Date('2027-02-01T23:59:00Z');
    const { hold: held } = await hold(shop, customerId, 60);
    now = new Date('2027-02-02T00:00:01Z');
    expect(await shop.points.expirePoints({})).toMatchObject({ members: 1, points: 40 });
    expect(await balanceOf(shop, customerId)).toBe(110);
    await shop.points.confirmHold({ holdId: held?.holdId ?? '' });
    expect((await shop.points.getExpirySchedule({ customerId })).days).toEqual([
      { expiresAt: '2027-03-01T23:59:59.999Z', points: 50 },
    ]);
  });

  it('that is refunded after the day lets its points expire', async () => {
    const shop = await shopIn('UTC');
    const customerId = await member(shop);
    now = new Date('2027-02-01T23:59:00Z');
    await give(shop, customerId, 100, '2027-02-01T00:00:00Z');
    const { hold: held } = await hold(shop, customerId, 60);
    now = new Date('2027-02-02T00:00:01Z');
    await shop.points.expirePoints({});
    await shop.points.releaseHold({ holdId: held?.holdId ?? '' });
    expect((await failureOf(spend(shop, customerId, 1))).code).toBe('insufficient_points');
    await shop.points.expirePoints({});
    expect(await balanceOf(shop, customerId)).toBe(0);
  });
});

describe('one member whose row cannot be written', () => {
  it("does not stop other members' points from expiring, and is tried again with the next call", async () => {
    const shop = await shopIn('UTC', 10);
    const ids = [await member(shop), await member(shop), await member(shop), await member(shop)];
    for (const id of ids) await give(shop, id, 50);
    const [bad = '', held = ''] = ids.toSorted();
    await hold(shop, held, 20);
    const failing = `failing_${randomUUID().slice(0, 8)}`;
    await core.outside.query(`
      CREATE FUNCTION ${failing}() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.customer_id = '${bad}' THEN RAISE EXCEPTION 'this row cannot be borne'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER ${failing} BEFORE UPDATE ON points_balances FOR EACH ROW EXECUTE FUNCTION ${failing}();`);
    now = new Date(now.getTime() + 12 * 86_400_000);
    // One at a time, so that a member who fails comes first in each call.
    for (let more = true; more;) more = (await shop.points.expirePoints({ limit: 1 })).more;
    const left = await Promise.all(ids.map((id) => balanceOf(shop, id)));
    expect(left).toEqual(ids.map((id) => (id === bad ? 50 : 0)));

    await core.outside.query(`DROP FUNCTION ${failing}() CASCADE`);
    expect(await shop.points.expirePoints({})).toMatchObject({ members: 1, points: 50 });
  });
});

describe("the end of a shop's day", () => {
  it('is its last millisecond by the clock of the shop, whatever the moment of the day', async () => {
    const dates = ['2031-01-01T07:59:59.9995Z', '2031-01-01T08:00:00Z', '2031-01-02T20:00:00Z'];
    const { rows } = await core.outside.query<{ at: string }>(
      `SELECT to_char(shop_day_end(d.at, 0, 'America/Los_Angeles') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS at
       FROM unnest($1::timestamptz[]) WITH ORDINALITY AS d(at, n) ORDER BY d.n`,
      [dates],
    );
    expect(rows.map(({ at }) => at)).toEqual([
      '2031-01-01 07:59:59.999000',
      '2031-01-02 07:59:59.999000',
      '2031-01-03 07:59:59.999000',
    ]);
  });
});
