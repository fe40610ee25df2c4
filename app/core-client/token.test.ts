import { expect, test } from 'vitest';
import { createTokenVerifier } from '#core/rpc/token.ts';
import { createTokenSource } from './token.server.ts';

const key = 'a-signing-key-of-some-length';
const merchantId = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';

test('core understands the app’s tokens', () => {
  const verifier = createTokenVerifier(key);
  const tokenOf = createTokenSource(key);
  const staff = verifier.verify(
    tokenOf({ merchantId, actor: 'staff:42', scopes: ['admin:points'] }),
  );
  expect(staff).toMatchObject({ merchantId, actor: 'staff:42' });
  expect([...staff.scopes]).toEqual(['admin:points']);
  expect(
    verifier.verify(tokenOf({ merchantId: null, actor: 'system', scopes: ['platform'] }))
      .merchantId,
  ).toBeNull();
});

test('a token is reused until a minute before it expires, and never for another caller', () => {
  let now = 1_790_000_000_000;
  const tokenOf = createTokenSource(key, () => now);
  const guest = { merchantId, actor: 'guest', scopes: ['customer:frontend'] };
  const first = tokenOf(guest);
  expect(tokenOf({ ...guest, actor: 'customer:1' })).not.toBe(first);
  expect(tokenOf({ ...guest, merchantId: null })).not.toBe(first);
  now += 239_000;
  expect(tokenOf(guest)).toBe(first);
  now += 2_000;
  expect(tokenOf(guest)).not.toBe(first);
});
