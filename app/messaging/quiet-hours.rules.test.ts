import { describe, expect, it } from 'vitest';
import { countriesOfNumber } from './phone-country.rules.ts';
import { sendableAt, type QuietRule } from './quiet-hours.rules.ts';

const anytime: QuietRule = { quietFrom: 0, quietUntil: 0, shopTimeZone: 'Europe/Paris' };
const nights: QuietRule = { quietFrom: 1_260, quietUntil: 480, shopTimeZone: 'America/New_York' };
const sms = (country: string, region = '') =>
  ({ channel: 'sms', countries: country === '' ? [] : [country], region }) as const;
const mail = (country: string, region = '') =>
  ({ channel: 'email', countries: country === '' ? [] : [country], region }) as const;
const at = (text: string) => new Date(text);
const next = (...args: Parameters<typeof sendableAt>) => sendableAt(...args)?.toISOString();

describe('a text message', () => {
  it('comes between eight and nine in the evening of the recipient, not of the shop', () => {
    // Noon in Paris is three in the morning in Los Angeles.
    expect(next(at('2026-06-03T10:00:00Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-06-03T15:00:00.000Z',
    );
    expect(next(at('2026-06-03T15:00:00Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-06-03T15:00:00.000Z',
    );
    expect(next(at('2026-06-04T03:59:59Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-06-04T03:59:59.000Z',
    );
    expect(next(at('2026-06-04T04:00:00Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-06-04T15:00:00.000Z',
    );
  });

  it.each([
    // 2026-06-03 is a Wednesday; New York is at -4, Chicago at -5.
    ['NY', '2026-06-04T00:30:00Z', true],
    ['NJ', '2026-06-04T00:30:00Z', false],
    ['CT', '2026-06-03T12:30:00Z', false],
    ['CT', '2026-06-03T13:00:00Z', true],
    ['RI', '2026-06-03T22:00:00Z', false],
    ['FL', '2026-06-04T00:30:00Z', false],
    ['MS', '2026-06-04T01:00:00Z', false],
  ])('keeps to the hours of %s at %s', (state, time, allowed) => {
    expect(next(at(time), sms('US', state), anytime) === at(time).toISOString()).toBe(allowed);
  });

  it('waits for noon on a Sunday in Texas, in both of its zones', () => {
    // Noon in El Paso (-6).
    expect(next(at('2026-06-07T16:00:00Z'), sms('US', 'TX'), anytime)).toBe(
      '2026-06-07T18:00:00.000Z',
    );
  });

  it('follows the clocks in the night in which they change', () => {
    // Los Angeles goes from -8 to -7 on 8 March 2026 and back on 1 November.
    expect(next(at('2026-03-07T12:00:00Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-03-07T16:00:00.000Z',
    );
    expect(next(at('2026-03-08T12:00:00Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-03-08T15:00:00.000Z',
    );
    expect(next(at('2026-11-01T12:00:00Z'), sms('US', 'CA'), anytime)).toBe(
      '2026-11-01T16:00:00.000Z',
    );
  });

  it('comes in Auckland only when it is day on the Chatham Islands, too, 45 minutes ahead', () => {
    // Auckland is at +12 in June: eight there is 20:00 UTC, and nine on the islands minus a quarter.
    expect(next(at('2026-06-03T15:00:00Z'), sms('NZ'), anytime)).toBe('2026-06-03T20:00:00.000Z');
    // 20:20 in Auckland is 21:05 on the islands.
    expect(next(at('2026-06-03T08:20:00Z'), sms('NZ'), anytime)).toBe('2026-06-03T20:00:00.000Z');
    // Summer time from 27 September 2026 on: an hour earlier.
    expect(next(at('2026-09-26T15:00:00Z'), sms('NZ'), anytime)).toBe('2026-09-26T19:00:00.000Z');
  });

  it('waits, where only the country is known, for an hour that is allowed in each of its zones', () => {
    const time = sendableAt(at('2026-06-03T12:00:00Z'), sms('US'), anytime);
    // Nine in Honolulu (-10) is three in New York, which is before six in Rhode Island.
    expect(time?.toISOString()).toBe('2026-06-03T19:00:00.000Z');
  });

  it('is never sent where the recipient may be anywhere', () => {
    expect(next(at('2026-06-03T12:00:00Z'), sms(''), anytime)).toBeUndefined();
  });

  it('keeps to the shop’s own hours as well', () => {
    const evenings = { ...anytime, quietFrom: 18 * 60, quietUntil: 10 * 60 };
    expect(next(at('2026-06-03T17:00:00Z'), sms('FR'), evenings)).toBe('2026-06-04T08:00:00.000Z');
  });
});

describe('an e-mail', () => {
  it('comes by the shop’s clock where the recipient’s is not known', () => {
    expect(next(at('2026-06-03T02:00:00Z'), mail(''), nights)).toBe('2026-06-03T12:00:00.000Z');
    // Several zones, and no state: the shop's.
    expect(next(at('2026-06-03T02:00:00Z'), mail('AU'), nights)).toBe('2026-06-03T12:00:00.000Z');
  });

  it('comes by the recipient’s clock where their country has one', () => {
    expect(next(at('2026-06-03T02:00:00Z'), mail('FR'), nights)).toBe('2026-06-03T06:00:00.000Z');
    expect(next(at('2026-06-03T07:00:00Z'), mail('FR'), nights)).toBe('2026-06-03T07:00:00.000Z');
  });

  it('comes at any time where the shop has no rule', () => {
    expect(next(at('2026-06-03T02:00:00Z'), mail('FR'), anytime)).toBe('2026-06-03T02:00:00.000Z');
  });
});

it('a number tells the countries that it may be of', () => {
  expect(countriesOfNumber('+33612345678')).toEqual(['FR']);
  expect(countriesOfNumber('+14155550123')).toContain('CA');
  expect(countriesOfNumber('+16715550123')).toEqual(['GU']);
  expect(countriesOfNumber('+351912345678')).toEqual(['PT']);
  expect(countriesOfNumber('0612345678')).toEqual([]);
  expect(countriesOfNumber('+999123456')).toEqual([]);
});
