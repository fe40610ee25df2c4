import { expect, test } from 'vitest';
import { eventBatch } from './events.server.ts';

const at = '2026-11-25T12:00:00.000Z';
const accepts = (name: string, props: object) =>
  eventBatch.safeParse({ events: [{ name, at, props: { locale: 'en', ...props } }] }).success;

test.each([
  ['points_balance_viewed', { surface: 'page' }],
  ['sticky_bar_clicked', { member: false }],
  ['language_selected', { language: 'fr' }],
  ['language_fallback_triggered', {}],
  ['vip_tier_viewed', { surface: 'panel' }],
  ['tier_progress_viewed', { percent: 64 }],
  ['post_purchase_viewed', { member: true }],
  ['partial_data_loaded', { trouble: 'offline' }],
])('%s is accepted with its own properties only', (name, props) => {
  expect(accepts(name, props)).toBe(true);
  expect(accepts(name, { ...props, email: 'ada@shopper.example' })).toBe(false);
});

test('an unknown event, a property of another event, and too many at once are refused', () => {
  expect(accepts('points_redeemed', {})).toBe(false);
  expect(accepts('tier_progress_viewed', { surface: 'panel' })).toBe(false);
  expect(accepts('points_balance_viewed', { surface: 'x@y.example' })).toBe(false);
  const events = Array.from({ length: 21 }, () => ({
    name: 'language_fallback_triggered',
    at,
    props: { locale: 'en' },
  }));
  expect(eventBatch.safeParse({ events }).success).toBe(false);
});
