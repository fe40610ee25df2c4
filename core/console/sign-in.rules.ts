import {
  ADMIN_ROLES,
  type AdminRole,
  type ConsoleScope,
  type SignInStage,
} from '#vocabulary/console.ts';

/** What a role is given when it is given; the scopes are kept with the person. */
const scopesByRole: Readonly<Record<AdminRole, readonly ConsoleScope[]>> = {
  superadmin: ['admin:full_access', 'admin:overview', 'admin:logs', 'admin:queues'],
  support: ['admin:overview', 'admin:logs', 'admin:queues'],
  analyst: ['admin:overview'],
};

export function scopesOf(role: AdminRole): readonly ConsoleScope[] {
  return scopesByRole[role];
}

export function isRole(value: unknown): value is AdminRole {
  return ADMIN_ROLES.some((role) => role === value);
}

export const minutes = 60_000;
/** From signing in to its end, whatever is done meanwhile. */
export const sessionLifeMs = 60 * minutes;
/** Without a request. */
export const idleMs = 30 * minutes;
/** Between the password and the last step of signing in. */
export const unfinishedLifeMs = 10 * minutes;
/** Of a password that another person has seen. */
export const invitationLifeMs = 3 * 24 * 60 * minutes;

export interface SignInState {
  readonly mfaEnabled: boolean;
  readonly mustChangePassword: boolean;
}

/** What is left to do after the password and, where there is one, the second factor were right. */
export function nextStage(
  state: SignInState,
  passed: { readonly secondFactor: boolean },
): SignInStage {
  if (state.mfaEnabled && !passed.secondFactor) return 'second_factor';
  if (state.mustChangePassword) return 'new_password';
  return state.mfaEnabled ? 'signed_in' : 'enrolment';
}

export function expiryOf(stage: SignInStage, now: Date): Date {
  return new Date(now.getTime() + (stage === 'signed_in' ? sessionLifeMs : unfinishedLifeMs));
}

export interface SessionTimes {
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
}

export function hasEnded({ expiresAt, lastSeenAt }: SessionTimes, now: Date): boolean {
  return expiresAt <= now || now.getTime() - lastSeenAt.getTime() >= idleMs;
}

/** Tries that were not followed by success. */
export interface Tries {
  readonly tries: number;
  readonly since: Date;
  readonly lockedUntil: Date | null;
}

export const tryWindowMs = 15 * minutes;
export const lockMs = 15 * minutes;

/**
 * How many tries a quarter of an hour has: little for one account from one address; more for an address (an office has
 * one), and for an account from anywhere, so that a handful of guesses cannot lock another admin out. Codes
 * have six digits and can be guessed by anyone who knows the password, from any address.
 */
export const tryLimits = { accountAndAddress: 5, address: 50, account: 30, code: 5 } as const;

/** Counts a try before it is looked at, so that many at the same moment are as many. */
export function countTry(
  known: Tries | undefined,
  now: Date,
  limit: number,
): { readonly next: Tries; readonly isAllowed: boolean } {
  const fresh = { next: { tries: 1, since: now, lockedUntil: null }, isAllowed: true };
  if (known === undefined) return fresh;
  if (known.lockedUntil !== null) {
    return known.lockedUntil > now ? { next: known, isAllowed: false } : fresh;
  }
  if (now.getTime() - known.since.getTime() >= tryWindowMs) return fresh;
  const tries = known.tries + 1;
  const isAllowed = tries <= limit;
  const lockedUntil = isAllowed ? null : new Date(now.getTime() + lockMs);
  return { next: { tries, since: known.since, lockedUntil }, isAllowed };
}

const shortestPassword = 12;
const longestPassword = 200;

/** Why a password is not taken, or undefined. Length is what counts; what anybody would try first is refused. */
export function passwordProblem(
  password: string,
  person: { readonly username: string; readonly email: string },
): 'too_short' | 'too_long' | 'too_simple' | undefined {
  if ([...password].length < shortestPassword) return 'too_short';
  if ([...password].length > longestPassword) return 'too_long';
  const plain = password.toLowerCase();
  const own = [person.username, person.email.split('@')[0] ?? '', 'loyalnest', 'password'];
  const rest = own
    .filter((word) => word.length >= 3)
    .sort((one, other) => other.length - one.length)
    .reduce((text, word) => text.replaceAll(word.toLowerCase(), ''), plain);
  return new Set(rest).size < 5 ? 'too_simple' : undefined;
}
