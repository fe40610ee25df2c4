import { expect, test } from 'vitest';
import { startingConfig } from '#core/program/program.rules.ts';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { quietWorld } from '#e2e/shopify/quiet-world.ts';
import { refundableOf } from '#e2e/shopify/refunds.ts';
import { DAY, HOUR, ShopCalendar } from './calendar.ts';
import { liveYear } from './live.ts';
import { shopRules } from './rules.ts';
import type { Life } from './state.ts';

const zone = 'America/New_York';
const blindIndex = createBlindIndex(Buffer.alloc(32, 7).toString('base64'));

const small = { members: 16, orders: 90 };

function yearUntil(now: string, seed = 'test', currency = 'USD', size = small): Life {
  const at = Date.parse(now);
  const calendar = new ShopCalendar(zone, at - 368 * DAY, at + 420 * DAY);
  const first = calendar.at(calendar.dayOf(at - 365 * DAY).index, 9 * 3_600 + 14 * 60);
  const last = calendar.dayEnd(at, 0);
  const shop = {
    merchantId: '00000000-0000-4000-8000-000000000001',
    currency,
    config: startingConfig(currency),
  };
  const rules = shopRules(shop, seed, calendar, first, last);
  const world = quietWorld('demo-store.myshopify.com', currency, first);
  const plan = { seed, ...size, first, last, now: at };
  return liveYear(plan, rules, calendar, world, blindIndex);
}

const entriesOf = ({ members }: Life) =>
  members
    .flatMap(({ ledger }) => ledger.entries)
    .sort(
      (a, b) => a.created_at - b.created_at || a.transaction_id.localeCompare(b.transaction_id),
    );

const evening = yearUntil('2026-06-10T23:30:00Z');

test('the same seed makes the same year again, and another seed another one', () => {
  expect(entriesOf(yearUntil('2026-06-10T23:30:00Z'))).toEqual(entriesOf(evening));
  expect(entriesOf(yearUntil('2026-06-10T23:30:00Z', 'other'))).not.toEqual(entriesOf(evening));
});

test('the year seen in the morning is the one seen in the evening, without that day', () => {
  const until = Date.parse('2026-06-10T13:00:00Z');
  const early = (life: Life) => entriesOf(life).filter(({ created_at: at }) => at < until - HOUR);
  expect(early(yearUntil('2026-06-10T13:00:00Z'))).toEqual(early(evening));
});

test('nothing is refunded that was not paid, where a code had left little to pay either', () => {
  const year = yearUntil('2026-12-01T18:00:00Z', 'demo', 'USD', { members: 400, orders: 2_500 });
  const refunded = [...year.world.store.data.orders.values()].filter(
    ({ refunds }) => refunds.length > 0,
  );
  expect(refunded.length).toBeGreaterThan(20);
  expect(Math.min(...refunded.map(refundableOf))).toBeGreaterThanOrEqual(0);
});

test('nothing has happened before the shop opened, nor will have happened later than now', () => {
  const times = entriesOf(evening).map(({ created_at: at }) => at);
  expect(Math.min(...times)).toBeGreaterThan(evening.rules.joinedAt.getTime());
  expect(Math.max(...times)).toBeLessThanOrEqual(evening.now);
});

test('people buy on every day of the week and at most hours of the day', () => {
  const local = evening.orders.map(({ orderedAt }) => {
    const day = evening.calendar.dayOf(orderedAt);
    return { weekday: day.weekday, hour: Math.floor((orderedAt - day.startsAt) / HOUR) };
  });
  expect(new Set(local.map(({ weekday }) => weekday)).size).toBe(7);
  expect(new Set(local.map(({ hour }) => hour)).size).toBeGreaterThan(12);
});

test('every balance is the sum of its entries and of its lots, less what is owed', () => {
  for (const { ledger } of evening.members) {
    const entries = ledger.entries.reduce((sum, { points }) => sum + points, 0);
    const lots = ledger.lots.reduce((sum, { remaining }) => sum + remaining, 0);
    expect({ entries, lots: lots - ledger.debt }).toEqual({
      entries: ledger.balance,
      lots: ledger.balance,
    });
  }
});

test('a shop in yen has its year in whole yen', () => {
  const { orders } = yearUntil('2026-06-10T23:30:00Z', 'test', 'JPY');
  expect(orders.length).toBeGreaterThan(80);
  expect(
    orders.every(
      ({ row }) => /^\d+\.00$/.test(row.gross_subtotal) || !row.gross_subtotal.includes('.'),
    ),
  ).toBe(true);
});
