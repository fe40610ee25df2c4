import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth';

/** One-time codes by time (RFC 6238) with what every authenticator takes for granted: SHA-1, 30 seconds, six digits. */
const period = 30;
const digits = 6;
const algorithm = 'SHA1';
/** A code of the step before and of the one after is taken as well: clocks differ, and people type slowly. */
const tolerance = 1;

export function totpStep(now: Date): number {
  return TOTP.counter({ period, timestamp: now.getTime() });
}

/** The code of a counter (RFC 4226, section 5.3). */
export function hotp(secret: Buffer, counter: number, length = digits): string {
  return HOTP.generate({ secret: secretOf(secret), algorithm, digits: length, counter });
}

/**
 * The step that a code belongs to, or undefined when it is wrong or was used: each step opens once, so that a code that
 * was watched while typed is useless. The library's own check stops at the first step that fits and knows of
 * no step that was used, so steps are gone through here.
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
  // Always all of them, so that the time it takes reveals nothing.
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
  return secretOf(bytes).base32;
}

/** @throws TypeError when a letter is none that a secret can have */
export function fromBase32(text: string): Buffer {
  return Buffer.from(Secret.fromBase32(text.replace(/[\s-]/g, '')).bytes);
}

/** What an authenticator opens, or shows as a square to be photographed. */
export function otpauthUri(secret: string, account: string): string {
  const issuer = 'LoyalNest';
  return new TOTP({ issuer, label: account, secret, algorithm, digits, period }).toString();
}

/** The library wants a memory of its own, and a Buffer may lie in one that it shares with others. */
function secretOf(bytes: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer });
}
