import { createHmac, timingSafeEqual } from 'node:crypto';

/** One-time codes by time (RFC 6238) with what every authenticator takes for granted: SHA-1, 30 seconds, six digits. */
const stepSeconds = 30;
const digits = 6;
/** A code of the step before and of the one after is taken as well: clocks differ, and people type slowly. */
const tolerance = 1;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function totpStep(now: Date): number {
  return Math.floor(now.getTime() / 1000 / stepSeconds);
}

/** The code of a counter (RFC 4226, section 5.3). */
export function hotp(secret: Buffer, counter: number, length = digits): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(message).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const truncated = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** length).padStart(length, '0');
}

/**
 * The step that a code belongs to, or undefined when it is wrong or was used: each step opens once, so that a code that
 * somebody watched being typed is worth nothing.
 */
export function acceptedStep(
  secret: Buffer,
  code: string,
  now: Date,
  lastStep: number | null,
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const given = Buffer.from(code);
  let accepted: number | undefined;
  // All of them, always: the time it takes tells nothing.
  for (let drift = -tolerance; drift <= tolerance; drift++) {
    const step = totpStep(now) + drift;
    if (step < 0) continue;
    const isRight = timingSafeEqual(Buffer.from(hotp(secret, step)), given);
    if (isRight && step > (lastStep ?? -1)) accepted ??= step;
  }
  return accepted;
}

/** RFC 4648 without padding, as authenticators want to be typed. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31] ?? '';
    }
    buffer &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + (alphabet[(buffer << (5 - bits)) & 31] ?? '');
}

export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, '')) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new TypeError('the text is not base32');
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((buffer >> bits) & 255);
    buffer &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

/** What an authenticator opens, or shows as a square to be photographed. */
export function otpauthUri(secret: string, account: string): string {
  const label = `${encodeURIComponent('LoyalNest')}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({
    secret,
    issuer: 'LoyalNest',
    algorithm: 'SHA1',
    digits: String(digits),
    period: String(stepSeconds),
  });
  return `otpauth://totp/${label}?${query.toString()}`;
}
