import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, localOf } from './local-time.rules.ts';

const iso = (local: string, zone: string) => instantOf(local, zone)?.toISOString();

describe('a time of the shop’s clock', () => {
  it('is the instant at which the clock shows it', () => {
    expect(iso('2026-07-01T09:00', 'UTC')).toBe('2026-07-01T09:00:00.000Z');
    expect(iso('2026-07-01T09:00', 'Europe/Madrid')).toBe('2026-07-01T07:00:00.000Z');
    expect(iso('2026-12-01T09:00', 'Europe/Madrid')).toBe('2026-12-01T08:00:00.000Z');
    expect(iso('2026-12-01T00:00', 'America/Los_Angeles')).toBe('2026-12-01T08:00:00.000Z');
    expect(iso('2026-12-01T00:00', 'Asia/Kathmandu')).toBe('2026-11-30T18:15:00.000Z');
    expect(iso('2026-12-01T00:00', 'Pacific/Kiritimati')).toBe('2026-11-30T10:00:00.000Z');
  });

  it('that the clock skips in spring is as much later', () => {
    expect(iso('2026-03-29T01:59', 'Europe/Madrid')).toBe('2026-03-29T00:59:00.000Z');
    expect(iso('2026-03-29T02:30', 'Europe/Madrid')).toBe('2026-03-29T01:30:00.000Z');
    expect(iso('2026-03-29T03:00', 'Europe/Madrid')).toBe('2026-03-29T01:00:00.000Z');
    expect(iso('2026-03-08T02:30', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
  });

  it('that the clock shows twice in autumn is the first of the two', () => {
    expect(iso('2026-10-25T01:59', 'Europe/Madrid')).toBe('2026-10-24T23:59:00.000Z');
    expect(iso('2026-10-25T02:30', 'Europe/Madrid')).toBe('2026-10-25T00:30:00.000Z');
    expect(iso('2026-10-25T03:00', 'Europe/Madrid')).toBe('2026-10-25T02:00:00.000Z');
    expect(iso('2026-11-01T01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
  });

  it('follows half hours and zones that skipped a whole day', () => {
    expect(iso('2026-10-04T02:15', 'Australia/Lord_Howe')).toBe('2026-10-03T15:45:00.000Z');
    // Half an hour again that was there already.
    expect(iso('2026-04-05T01:45', 'Australia/Lord_Howe')).toBe('2026-04-04T14:45:00.000Z');
    expect(iso('2011-12-30T12:00', 'Pacific/Apia')).toBe('2011-12-30T22:00:00.000Z');
    expect(iso('2026-09-27T02:30', 'Pacific/Auckland')).toBe('2026-09-26T14:30:00.000Z');
    expect(iso('2026-04-05T02:30', 'Pacific/Auckland')).toBe('2026-04-04T13:30:00.000Z');
    expect(iso('2026-11-01T01:30', 'America/Los_Angeles')).toBe('2026-11-01T08:30:00.000Z');
  });

  it('is none where the calendar has none', () => {
    for (const nonsense of [
      '',
      '2026-01-01T10:00:00',
      '2026-01-01T10:00Z',
      '2026-02-30T10:00',
      '2026-13-01T00:00',
      '2026-01-01T24:00',
      '1',
    ]) {
      expect(instantOf(nonsense, 'Europe/Madrid')).toBeUndefined();
    }
  });

  it('is shown again as it was said, wherever the clock shows it at all', () => {
    const zones = ['Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Tokyo'];
    const minutes = fc
      .date({
        min: new Date('2020-01-01T00:00:00Z'),
        max: new Date('2035-01-01T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((time) => new Date(Math.floor(time.getTime() / 60_000) * 60_000));
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (instant, zone) => {
        const shown = localOf(instant, zone);
        const again = instantOf(shown, zone);
        expect(again && localOf(again, zone)).toBe(shown);
        // Never later than the moment it was read off: of two, the first.
        expect(again?.getTime()).toBeLessThanOrEqual(instant.getTime());
      }),
    );
  });
});
