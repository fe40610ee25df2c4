import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBlindIndex, nameWords } from './blind-index.ts';
import { createEncryption, DecryptionError, parseKeyring } from './encryption.ts';

const key = () => randomBytes(32).toString('base64');
const place = { merchantId: 'm1', table: 'customers', column: 'email', rowId: 'c1' };

describe('what is stored of a person', () => {
  it('opens where it was encrypted', () => {
    const encryption = createEncryption(`k1:${key()}`);
    expect(encryption.decrypt(encryption.encrypt('ada@example.com', place), place)).toBe(
      'ada@example.com',
    );
    expect(encryption.decrypt(encryption.encrypt('', place), place)).toBe('');
  });

  it.each(['merchantId', 'table', 'column', 'rowId'] as const)(
    'does not open under another %s',
    (part) => {
      const encryption = createEncryption(`k1:${key()}`);
      const encrypted = encryption.encrypt('ada@example.com', place);
      expect(() => encryption.decrypt(encrypted, { ...place, [part]: 'other' })).toThrow(
        DecryptionError,
      );
    },
  );

  it('does not open when a bit was changed', () => {
    const encryption = createEncryption(`k1:${key()}`);
    const encrypted = encryption.encrypt('ada@example.com', place);
    encrypted[encrypted.length - 1] = (encrypted[encrypted.length - 1] ?? 0) ^ 1;
    expect(() => encryption.decrypt(encrypted, place)).toThrow(DecryptionError);
    expect(() => encryption.decrypt(encrypted.subarray(0, 10), place)).toThrow(DecryptionError);
  });

  it('is different every time, so that equal values cannot be recognized', () => {
    const encryption = createEncryption(`k1:${key()}`);
    expect(encryption.encrypt('a', place).equals(encryption.encrypt('a', place))).toBe(false);
  });

  it('survives the rotation of keys, and says what still wants rotating', () => {
    const old = `old:${key()}`;
    const encrypted = createEncryption(old).encrypt('Ada', place);
    const rotated = createEncryption(`new:${key()},${old}`);
    expect(rotated.decrypt(encrypted, place)).toBe('Ada');
    const beginsAsToday = (value: Buffer) =>
      value.subarray(0, rotated.header.length).equals(rotated.header);
    expect(beginsAsToday(encrypted)).toBe(false);
    expect(beginsAsToday(rotated.encrypt('Ada', place))).toBe(true);
    expect(rotated.hasOldKeys).toBe(true);
    expect(() => createEncryption(`new:${key()}`).decrypt(encrypted, place)).toThrow(
      /not in the ring/,
    );
  });

  it('refuses a malformed keyring', () => {
    expect(() => parseKeyring('k1:short')).toThrow();
    const twice = key();
    expect(() => parseKeyring(`k1:${twice},k1:${twice}`)).toThrow(/twice/);
  });
});

describe('what a person can be found by', () => {
  const index = createBlindIndex(key());

  it('is the address whatever its case', () => {
    expect(index.email('m', ' Ada@Example.com ').equals(index.email('m', 'ada@example.com'))).toBe(
      true,
    );
  });

  it('differs between shops', () => {
    expect(index.email('m', 'a@b.c').equals(index.email('n', 'a@b.c'))).toBe(false);
  });

  it('is the beginning of any word of the name, without accents', () => {
    expect(nameWords("Zoë O'Hara")).toEqual(['zoe', 'o', 'hara']);
    const tokens = index.nameTokens('m', 'Zoë', "O'Hara");
    for (const typed of ['zo', 'ZOE', 'har', 'Hara', 'o']) {
      expect(tokens.some((token) => token.equals(index.nameToken('m', typed)))).toBe(true);
    }
    expect(tokens.some((token) => token.equals(index.nameToken('m', 'haras')))).toBe(false);
  });
});
