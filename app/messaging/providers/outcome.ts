import type { CredentialCheck, SendResult } from './provider.ts';

/** What an answer, or its absence, says of a message, where the provider's own codes say nothing. */

/** Failures before anything was sent: the message cannot have arrived. */
const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const away = { status: 'away', reason: 'provider_away' } as const;

/** Of an exception: no one there, or someone who did not answer. */
export function outcomeOfFailure(error: unknown, isRepeatable: boolean): SendResult {
  if (isRepeatable || causes(error).some((code) => unreachable.has(code))) return away;
  return { status: 'unconfirmed', reason: 'answer_lost' };
}

/** Of an HTTP status that is no success. */
export function outcomeOfStatus(status: number, retryAfter?: string): SendResult {
  if (status === 401 || status === 403) return { status: 'away', reason: 'bad_credentials' };
  if (status === 429 || status >= 500 || status === 408) {
    const retryAfterMs = waitOf(retryAfter);
    return retryAfterMs === undefined ? away : { ...away, retryAfterMs };
  }
  return { status: 'refused', reason: 'refused', suppress: false };
}

/** Of a success without what a success says. */
export function outcomeOfGarbage(isRepeatable: boolean): SendResult {
  return isRepeatable
    ? { status: 'away', reason: 'unreadable_answer' }
    : { status: 'unconfirmed', reason: 'unreadable_answer' };
}

export function checkOfStatus(status: number): CredentialCheck {
  if (status >= 200 && status < 300) return 'ok';
  return status === 429 || status >= 500 ? 'provider_away' : 'bad_credentials';
}

/** Seconds or a date, at most a day. */
export function waitOf(retryAfter: string | undefined, now = Date.now()): number | undefined {
  if (retryAfter === undefined || retryAfter.trim() === '') return undefined;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 86_400_000) : undefined;
}

/** The codes of an error and of what caused it. */
function causes(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...code, ...('cause' in error ? causes(error.cause, depth + 1) : [])];
}
