import { describe, expect, it } from 'vitest';
import { acceptedStep, base32, fromBase32, hotp, otpauthUri, totpStep } from './totp.rules.ts';

const secret = Buffer.from('12345678901234567890');

describe('codes by time', () => {
  // RFC 6238, appendix B (SHA-1, eight digits).
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i seconds are those of the standard', (seconds, code) => {
    expect(hotp(secret, totpStep(new Date(seconds * 1000)), 8)).toBe(code);
  });

  // RFC 4226, appendix D.
  it('are those of the standard by counter', () => {
    const codes = Array.from({ length: 10 }, (_, counter) => hotp(secret, counter));
    expect(codes.join(' ')).toBe(
      '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489',
    );
  });

  it('are taken from the step before to the one after, each step once', () => {
    const now = new Date(1_800_000_000_000);
    const step = totpStep(now);
    for (const drift of [-1, 0, 1])
      expect(acceptedStep(secret, hotp(secret, step + drift), now, null)).toBe(step + drift);
    for (const drift of [-2, 2])
      expect(acceptedStep(secret, hotp(secret, step + drift), now, null)).toBeUndefined();
    expect(acceptedStep(secret, hotp(secret, step), now, step)).toBeUndefined();
    expect(acceptedStep(secret, hotp(secret, step - 1), now, step)).toBeUndefined();
    expect(acceptedStep(secret, hotp(secret, step + 1), now, step)).toBe(step + 1);
  });

  it('are taken from the very first step on, before which there is none', () => {
    const now = new Date(0);
    expect(acceptedStep(secret, '755224', now, null)).toBe(0);
    expect(acceptedStep(secret, '287082', now, null)).toBe(1);
    expect(acceptedStep(secret, '755224', now, 0)).toBeUndefined();
    expect(acceptedStep(secret, '999999', now, null)).toBeUndefined();
  });

  it('that two steps happen to share open the earlier first and the later then, each once', () => {
    const earlier = 61_331_809;
    const now = new Date('2028-04-21T18:25:00Z');
    const code = '768734';
    expect([hotp(secret, earlier), hotp(secret, earlier + 2)]).toEqual([code, code]);
    expect(acceptedStep(secret, code, now, null)).toBe(earlier);
    expect(acceptedStep(secret, code, now, earlier)).toBe(earlier + 2);
    expect(acceptedStep(secret, code, now, earlier + 2)).toBeUndefined();
  });

  it.each(['', '12345', '1234567', 'abcdef', '12 456'])('%j is no code', (code) => {
    expect(acceptedStep(secret, code, new Date(0), null)).toBeUndefined();
  });
});

describe('the secret', () => {
  // RFC 4648, section 10, without padding.
  it.each([
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%s is written %s and read again', (plain, text) => {
    expect(base32(Buffer.from(plain))).toBe(text);
    expect(fromBase32(text).toString()).toBe(plain);
  });

  it('is accepted as users type it, and refused with invalid letters', () => {
    expect(fromBase32('mzxw 6ytb-oi==').toString()).toBe('foobar');
    expect(() => fromBase32('MZXW1')).toThrow(TypeError);
  });

  it('comes in a URI that authenticators open', () => {
    const uri = new URL(otpauthUri('MZXW6', 'ada b'));
    expect(uri.href).toMatch(/^otpauth:\/\/totp\/LoyalNest:ada%20b\?/);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: 'MZXW6',
      issuer: 'LoyalNest',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
