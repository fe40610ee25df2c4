import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../shared/errors.ts';
import { createTokenVerifier, signToken } from './token.ts';

const key = 'a-key-of-at-least-thirty-two-characters';
const merchant = '0b6f3a52-4d0e-4c9e-9a52-1f6f3a524d0e';
const start = Date.parse('2026-11-02T10:00:00Z');
const claims = { merchant, actor: 'system', scopes: ['system'], exp: start / 1000 + 300 };

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unauthenticated') return error.message;
    throw error;
  }
  return 'was accepted';
}

describe('a token', () => {
  it('says who calls, for which tenant and with which scopes', () => {
    const verifier = createTokenVerifier(key, { now: () => start });
    const caller = verifier.verify(signToken(key, claims));
    expect(caller).toMatchObject({ merchantId: merchant, actor: 'system' });
    expect(caller.scopes).toEqual(new Set(['system']));
  });

  it('is refused when it names its caller in an unknown form, so that no caller passes for another', () => {
    const verifier = createTokenVerifier(key, { now: () => start });
    const admin = 'admin:0b6f3a52-4d0e-4c9e-9a52-1f6f3a524d0e';
    for (const actor of ['system', 'guest', 'customer:5001', 'staff:7', admin])
      expect(verifier.verify(signToken(key, { ...claims, actor })).actor).toBe(actor);
    const malformed = [
      '',
      'guest:1',
      'system:1',
      'customer',
      'customer:',
      'customer:guest',
      'customer:0',
      'customer:-1',
      'customer:1 ',
      'customer:1\n',
      'customer:gid://shopify/Customer/1',
      'customer:123456789012345678901',
      'Customer:1',
      'staff:',
      'staff:x',
      'staff:guest',
      'admin:',
      'admin:7',
      'somebody',
    ];
    for (const actor of malformed)
      expect(
        refusal(() => verifier.verify(signToken(key, { ...claims, actor }))),
        actor,
      ).toContain('actor');
  });

  it('is refused once it has expired, also when it was good a moment ago', () => {
    let now = start;
    const verifier = createTokenVerifier(key, { now: () => now });
    const token = signToken(key, claims);
    verifier.verify(token);
    now += 300_000;
    expect(refusal(() => verifier.verify(token))).toBe('the token has expired');
    expect(refusal(() => verifier.verify(token))).toBe('the token has expired');
  });

  it('is refused when it lives longer than five minutes', () => {
    const verifier = createTokenVerifier(key, { now: () => start });
    const token = signToken(key, { ...claims, exp: start / 1000 + 3_600 });
    expect(refusal(() => verifier.verify(token))).toBe('the token lives too long');
  });

  it('is refused when another key signed it, when it was changed and when it is not HS256', () => {
    const verifier = createTokenVerifier(key, { now: () => start });
    const good = signToken(key, claims);
    const [header, , signature] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, scopes: ['platform'] })).toString(
      'base64url',
    );
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const body = `${none}.${forged}`;
    const signed = `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
    expect(refusal(() => verifier.verify(signToken(`${key}!`, claims)))).toContain('not signed');
    expect(refusal(() => verifier.verify(`${header}.${forged}.${signature}`))).toContain(
      'not signed',
    );
    expect(refusal(() => verifier.verify(`${body}.`))).toContain('not signed');
    expect(refusal(() => verifier.verify(signed))).toContain('not HS256');
    expect(refusal(() => verifier.verify('nonsense'))).toContain('malformed');
  });

  it('is refused when a claim is missing or not of its form', () => {
    const verifier = createTokenVerifier(key, { now: () => start });
    expect(
      refusal(() => verifier.verify(signToken(key, { ...claims, merchant: 'my shop' }))),
    ).toContain('merchant');
    expect(
      refusal(() => verifier.verify(signToken(key, { ...claims, actor: 'somebody' }))),
    ).toContain('actor');
  });

  it('leaves the memory of verified tokens when others have come', () => {
    const verifier = createTokenVerifier(key, { now: () => start, cacheSize: 2 });
    for (let index = 0; index < 50; index++) {
      const token = signToken(key, { ...claims, actor: `staff:${index}` });
      expect(verifier.verify(token).actor).toBe(`staff:${index}`);
      expect(verifier.verify(token).actor).toBe(`staff:${index}`);
    }
  });
});
