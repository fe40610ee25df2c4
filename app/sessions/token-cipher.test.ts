import { describe, expect, test } from 'vitest';
import { createTokenCipher } from './token-cipher.server.ts';

const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });

describe('a shop’s token', () => {
  const cipher = createTokenCipher([key('k1', 1)]);

  test('decrypts where it was written, and its ciphertext differs each time', () => {
    const encrypted = cipher.encrypt('shpat_123', 'shop-a');
    expect(cipher.decrypt(encrypted, 'shop-a')).toBe('shpat_123');
    expect(encrypted.equals(cipher.encrypt('shpat_123', 'shop-a'))).toBe(false);
    expect(encrypted.toString('latin1')).not.toContain('shpat');
  });

  test('cannot be decrypted as another shop’s, nor after a bit has changed', () => {
    const encrypted = cipher.encrypt('shpat_123', 'shop-a');
    expect(() => cipher.decrypt(encrypted, 'shop-b')).toThrow();
    for (let index = 3; index < encrypted.length; index += 1) {
      const changed = Buffer.from(encrypted);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => cipher.decrypt(changed, 'shop-a')).toThrow();
    }
  });

  test('survives a key rotation while the old key is configured', () => {
    const encrypted = cipher.encrypt('shpat_123', 'shop-a');
    expect(createTokenCipher([key('k2', 2), key('k1', 1)]).decrypt(encrypted, 'shop-a')).toBe(
      'shpat_123',
    );
    expect(() => createTokenCipher([key('k2', 2)]).decrypt(encrypted, 'shop-a')).toThrow(
      /no encryption key/,
    );
  });
});
