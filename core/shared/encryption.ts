import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * AES-256-GCM in the application, so that keys never reach SQL or its logs.
 *
 * An encrypted value is: version (1 byte) | length of the key's id (1) | key id | nonce (12) | tag (16) | ciphertext.
 * The place it belongs to (tenant, table, column, row) is authenticated with it: a value copied to another row,
 * column or tenant cannot be decrypted.
 */

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Place {
  readonly merchantId: string;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

export interface Encryption {
  encrypt(text: string, place: Place): Buffer;
  /** @throws DecryptionError when the key is unknown, the value was changed, or it belongs elsewhere */
  decrypt(encrypted: Uint8Array, place: Place): string;
  encryptBytes(bytes: Uint8Array, place: Place): Buffer;
  /** @throws DecryptionError as decrypt does */
  decryptBytes(encrypted: Uint8Array, place: Place): Buffer;
  /** The first bytes of every value encrypted with the current key, and of no other. */
  readonly header: Buffer;
  /** Whether there are keys beside the current one: then some values may still be encrypted with those. */
  readonly hasOldKeys: boolean;
}

export class DecryptionError extends Error {
  constructor(reason: string) {
    super(`a stored value does not open: ${reason}`);
    this.name = 'DecryptionError';
  }
}

/** @param keys `<id>:<32 bytes in base64>`, several divided by commas; the first encrypts, all decrypt. */
export function parseKeyring(keys: string): ReadonlyMap<string, KeyObject> {
  const ring = new Map<string, KeyObject>();
  for (const entry of keys.split(',')) {
    const [id = '', encoded = ''] = entry.trim().split(':');
    const key = Buffer.from(encoded, 'base64');
    if (!/^[\w-]{1,16}$/.test(id) || key.length !== 32) {
      throw new TypeError('an encryption key must be <id>:<32 bytes in base64>');
    }
    if (ring.has(id)) throw new TypeError(`the encryption key ${id} stands twice`);
    // Made once: from plain bytes Node.js makes it again for every value, which takes longer than the encryption.
    ring.set(id, createSecretKey(key));
  }
  return ring;
}

export function createEncryption(keys: string): Encryption {
  const ring = parseKeyring(keys);
  const [current] = ring;
  if (!current) throw new TypeError('there is no encryption key');
  const [currentId, currentKey] = current;
  const header = Buffer.concat([
    Buffer.from([VERSION, currentId.length]),
    Buffer.from(currentId, 'latin1'),
  ]);

  const encryptBytes = (bytes: Uint8Array, place: Place): Buffer => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', currentKey, nonce);
    cipher.setAAD(placeBytes(place));
    const body = [cipher.update(bytes), cipher.final()];
    return Buffer.concat([header, nonce, cipher.getAuthTag(), ...body]);
  };
  const decryptBytes = (encrypted: Uint8Array, place: Place): Buffer => {
    const { keyId, nonce, tag, body } = open(encrypted);
    const key = ring.get(keyId);
    if (!key) throw new DecryptionError(`its key ${keyId} is not in the ring`);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce);
    decipher.setAAD(placeBytes(place));
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch {
      throw new DecryptionError('it was changed, or belongs to another place');
    }
  };

  return {
    encrypt: (text, place) => encryptBytes(Buffer.from(text, 'utf8'), place),
    decrypt: (encrypted, place) => decryptBytes(encrypted, place).toString('utf8'),
    encryptBytes,
    decryptBytes,
    header,
    hasOldKeys: ring.size > 1,
  };
}

/** Lengths precede the parts, so that no two places have the same bytes. */
function placeBytes(place: Place): Buffer {
  return Buffer.from(
    [place.merchantId, place.table, place.column, place.rowId]
      .map((part) => `${part.length}:${part}`)
      .join('|'),
    'utf8',
  );
}

function open(encrypted: Uint8Array) {
  const bytes = Buffer.from(encrypted.buffer, encrypted.byteOffset, encrypted.byteLength);
  if (bytes[0] !== VERSION) throw new DecryptionError('it is of an unknown form');
  const nonceAt = 2 + (bytes[1] ?? 0);
  const tagAt = nonceAt + NONCE_BYTES;
  const bodyAt = tagAt + TAG_BYTES;
  if (bytes.length < bodyAt) throw new DecryptionError('it is cut short');
  return {
    keyId: bytes.toString('latin1', 2, nonceAt),
    nonce: bytes.subarray(nonceAt, tagAt),
    tag: bytes.subarray(tagAt, bodyAt),
    body: bytes.subarray(bodyAt),
  };
}
