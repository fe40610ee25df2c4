import { describe, expect, it } from 'vitest';
import { NOTHING_GIVEN, type Given } from '../rewards/gifts.rules.ts';
import { isEntryRewardDue, isShippingDue, shippingGift } from './tier-gifts.rules.ts';

const now = new Date('2026-11-25T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const calendar = { thisYear: Date.parse('2026-01-01T00:00:00Z') };
const given = (changes: Partial<Given>): Given => ({ ...NOTHING_GIVEN, count: 1, ...changes });
const failed = (days: number, code = 'timeout') =>
  given({ failed: { at: daysAgo(days), code }, lastAt: null });

describe('free shipping of a tier', () => {
  it('is due when there is no code that is good', () => {
    expect(isShippingDue(NOTHING_GIVEN, now)).toBe(true);
    expect(isShippingDue(given({ lastAt: daysAgo(1), live: ['one'] }), now)).toBe(false);
    expect(isShippingDue(given({ lastAt: daysAgo(1) }), now)).toBe(true);
  });
  it('is tried again a day after Shopify refused it, unless the customer is gone', () => {
    expect(isShippingDue(failed(0.5), now)).toBe(false);
    expect(isShippingDue(failed(1), now)).toBe(true);
    expect(isShippingDue(failed(9, 'customer_gone'), now)).toBe(false);
  });
  it('combines with any other discount', () => {
    expect(shippingGift('USD')).toMatchObject({
      kind: 'free_shipping',
      currency: 'USD',
      pointsCost: 0,
      combinesWith: { order: true, product: true, shipping: false },
    });
  });
});

describe('the reward for entering a tier', () => {
  it.each([
    ['lifetime', 4_000, false],
    ['calendar_year', 30, false],
    ['calendar_year', 328, false],
    ['calendar_year', 329, true],
    ['rolling_365', 365, false],
    ['rolling_365', 365.001, true],
  ] as const)('by %s, %s days after the last: %s', (period, days, isDue) => {
    const before = given({ lastAt: daysAgo(days) });
    expect(isEntryRewardDue(before, true, period, calendar, now)).toBe(isDue);
  });
  it('is given to a member who enters the tier and to none who is in it already', () => {
    expect(isEntryRewardDue(NOTHING_GIVEN, true, 'lifetime', calendar, now)).toBe(true);
    expect(isEntryRewardDue(NOTHING_GIVEN, false, 'lifetime', calendar, now)).toBe(false);
  });
  it('that Shopify refused is made good', () => {
    expect(isEntryRewardDue(failed(1), false, 'lifetime', calendar, now)).toBe(true);
    expect(isEntryRewardDue(failed(0.1), false, 'lifetime', calendar, now)).toBe(false);
    expect(isEntryRewardDue(failed(3, 'customer_gone'), false, 'lifetime', calendar, now)).toBe(
      false,
    );
  });
});
