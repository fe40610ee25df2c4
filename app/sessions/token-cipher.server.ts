import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface EncryptionKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface TokenCipher {
  /** `context` is bound to the ciphertext: what was encrypted for one shop cannot be read as another's. */
  encrypt(clear: string, context: string): Buffer;
  /** @throws when the bytes were changed, belong elsewhere, or their key is not known. */
  decrypt(encrypted: Buffer, context: string): string;
  /** The first bytes of every token that the current key encrypted, and of no other. */
  readonly header: Buffer;
  readonly hasOldKeys: boolean;
}

const ivLength = 12;
const tagLength = 16;

/** AES-256-GCM with the first key; the others only decrypt, so keys can be rotated. Layout: length of id, id, iv, tag, text. */
export function createTokenCipher(keys: readonly EncryptionKey[]): TokenCipher {
  const [current] = keys;
  if (current === undefined) throw new Error('There is no encryption key.');
  const currentId = Buffer.from(current.id);
  const header = Buffer.concat([Buffer.from([currentId.length]), currentId]);
  return {
    encrypt(clear, context) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
      return Buffer.concat([header, iv, cipher.getAuthTag(), text]);
    },
    decrypt(encrypted, context) {
      const idLength = encrypted[0] ?? 0;
      const id = encrypted.subarray(1, 1 + idLength).toString();
      const found = keys.find((candidate) => candidate.id === id);
      if (found === undefined) throw new Error(`There is no encryption key named ${id}.`);
      const body = encrypted.subarray(1 + idLength);
      const decipher = createDecipheriv('aes-256-gcm', found.key, body.subarray(0, ivLength), {
        authTagLength: tagLength,
      });
      decipher
        .setAAD(Buffer.from(context))
        .setAuthTag(body.subarray(ivLength, ivLength + tagLength));
      return Buffer.concat([
        decipher.update(body.subarray(ivLength + tagLength)),
        decipher.final(),
      ]).toString('utf8');
    },
    header,
    hasOldKeys: keys.length > 1,
  };
}
