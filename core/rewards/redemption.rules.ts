import type { Reward } from './rewards.rules.ts';

/** What a member gets for how many points; the whole of it, whatever the number of steps. */
export interface Price {
  readonly points: number;
  readonly value: bigint | null;
}

/**
 * The price of a reward. A fixed one costs what it costs; of an incremental one the shopper chooses how many steps.
 * @param wanted points that the shopper chose; 0 when they had no choice
 * @returns what is wrong with the choice, or the price
 */
export function priceOf(reward: Reward, wanted: number): Price | { readonly problem: string } {
  const { pointsCost, minPoints, maxPoints, value } = reward;
  if (reward.mode === 'fixed') {
    return wanted === 0 || wanted === pointsCost
      ? { points: pointsCost, value }
      : { problem: `costs ${pointsCost} points` };
  }
  const points = wanted === 0 ? Math.max(pointsCost, minPoints) : wanted;
  if (!Number.isSafeInteger(points) || points <= 0 || points % pointsCost !== 0)
    return { problem: `must be a multiple of ${pointsCost}` };
  if (points < minPoints) return { problem: `must be at least ${minPoints}` };
  if (maxPoints > 0 && points > maxPoints) return { problem: `must be at most ${maxPoints}` };
  return { points, value: value === null ? null : value * BigInt(points / pointsCost) };
}

export interface Eligibility {
  readonly isProgramActive: boolean;
  readonly tierId: string | null;
  readonly segments: readonly string[];
  /** What the shop has not allowed the app to do, of what this reward takes. */
  readonly missingPermissions?: readonly string[];
}

/** @returns why the member cannot have the reward now, or undefined. Points are another matter. */
export function whyUnavailable(reward: Reward, member: Eligibility): string | undefined {
  if (!member.isProgramActive) return 'the program is switched off';
  if (reward.status !== 'active') return 'the reward is switched off';
  const { missingPermissions: missing = [] } = member;
  if (missing.length > 0) return `the shop has not granted ${missing.join(', ')}`;
  if (reward.tierIds.length > 0 && !(member.tierId && reward.tierIds.includes(member.tierId)))
    return 'the reward is for members of another tier';
  if (
    reward.segments.length > 0 &&
    !reward.segments.some((segment) => member.segments.includes(segment))
  )
    return 'the reward is for members of another segment';
  return undefined;
}

/** Whole seconds, as Shopify keeps them: what is read back there must compare equal. */
export function expiryOf(reward: Pick<Reward, 'expiresAfterDays'>, now: Date): Date | null {
  if (reward.expiresAfterDays === 0) return null;
  const seconds = Math.floor(now.getTime() / 1000) + reward.expiresAfterDays * 86_400;
  return new Date(seconds * 1000);
}

/** The earlier of two ends; null is none. To the second, as above. */
export function earlier(one: Date | null, other: Date | null): Date | null {
  const end = one === null || (other !== null && other < one) ? other : one;
  return end === null ? null : new Date(Math.floor(end.getTime() / 1000) * 1000);
}

/** A code may be returned while it is unused and still valid. Money that was paid out stays paid out. */
export function isReturnable(
  redemption: {
    readonly status: string;
    readonly isCode: boolean;
    readonly pointsSpent: number;
    readonly isUsed: boolean;
    readonly hasCode: boolean;
    readonly expiresAt: Date | null;
  },
  now: Date,
): boolean {
  return (
    redemption.status === 'completed' &&
    redemption.isCode &&
    redemption.hasCode &&
    redemption.pointsSpent > 0 &&
    !redemption.isUsed &&
    (redemption.expiresAt === null || redemption.expiresAt > now)
  );
}

/** Digits and letters that are not confused when a code is read out or typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_CHARACTERS = 13;
const CARD_CHARACTERS = 16;

/**
 * The code of a redemption: always the same for the same one, so that a worker that died after creating it finds it
 * again. 65 bits of a keyed hash: not to be guessed.
 * @param hash at least 10 bytes, keyed
 */
export function codeOf(kind: string, prefix: string, hash: Uint8Array): string {
  // Shopify takes 8 to 20 letters and digits for a card, and no hyphen.
  return kind === 'gift_card'
    ? base32(hash, CARD_CHARACTERS)
    : `${prefix}-${base32(hash, CODE_CHARACTERS)}`;
}

const OUR_CODE = /^[A-Z0-9]{1,10}-[0-9A-HJKMNP-TV-Z]{13}$/;

/** Whether a code on an order may be one of ours; all others are spared the search. */
export const mayBeOurs = (code: string): boolean => OUR_CODE.test(code.trim().toUpperCase());

function base32(bytes: Uint8Array, characters: number): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const total = BigInt(bytes.length * 8);
  let text = '';
  for (let index = 0; index < characters; index++) {
    const shift = total - BigInt((index + 1) * 5);
    text += ALPHABET[Number((bits >> shift) & 31n)] ?? '0';
  }
  return text;
}
