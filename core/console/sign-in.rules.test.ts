import { describe, expect, it } from 'vitest';
import {
  countTry,
  expiryOf,
  hasEnded,
  invitationLifeMs,
  isRole,
  nextStage,
  passwordProblem,
  scopesOf,
  tryLimits,
} from './sign-in.rules.ts';
import type { Tries } from './sign-in.rules.ts';
import { ADMIN_ROLES } from '#vocabulary/console.ts';

const start = new Date('2026-11-01T10:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);
const quarterMs = 900_000;
const halfHourMs = 1_800_000;
const hourMs = 3_600_000;

describe('attempts to sign in', () => {
  function tryTimes(times: number, limit: number) {
    let state: Tries | undefined;
    let allowed = 0;
    for (let time = 0; time < times; time++) {
      const { next, isAllowed } = countTry(state, later(time * 1000), limit);
      state = next;
      if (isAllowed) allowed += 1;
    }
    return { state, allowed };
  }

  it('are as many as the limit, then none for a quarter of an hour', () => {
    const { state, allowed } = tryTimes(20, 5);
    expect(allowed).toBe(5);
    expect(state?.lockedUntil).toEqual(later(5_000 + quarterMs));
    expect(countTry(state, later(5_000 + quarterMs - 1), 5).isAllowed).toBe(false);
    expect(countTry(state, later(5_000 + quarterMs), 5)).toMatchObject({
      isAllowed: true,
      next: { tries: 1, lockedUntil: null },
    });
  });

  it.each([
    ['at one account from one address', tryLimits.accountAndAddress, 5],
    ['at one account from anywhere', tryLimits.account, 30],
    ['from one address', tryLimits.address, 50],
    ['with codes', tryLimits.code, 5],
  ])('%s: %i', (_, limit, expected) => {
    expect(tryTimes(100, limit).allowed).toBe(expected);
  });

  it('are forgotten a quarter of an hour after the first', () => {
    const { state } = tryTimes(5, 5);
    expect(countTry(state, later(quarterMs - 1), 5).isAllowed).toBe(false);
    expect(countTry(state, later(quarterMs), 5)).toMatchObject({
      isAllowed: true,
      next: { tries: 1 },
    });
  });
});

describe('a session', () => {
  it('ends after an hour, whatever is done, and after half an hour in which nothing is', () => {
    const expiresAt = expiryOf('signed_in', start);
    expect(expiresAt).toEqual(later(hourMs));
    expect(hasEnded({ expiresAt, lastSeenAt: later(hourMs - 1) }, expiresAt)).toBe(true);
    expect(hasEnded({ expiresAt, lastSeenAt: start }, later(halfHourMs - 1))).toBe(false);
    expect(hasEnded({ expiresAt, lastSeenAt: start }, later(halfHourMs))).toBe(true);
  });

  it('that is not finished signing in ends after ten minutes', () => {
    for (const stage of ['second_factor', 'new_password', 'enrolment'] as const)
      expect(expiryOf(stage, start)).toEqual(later(600_000));
  });
});

it('an invitation is good for three days', () => {
  expect(later(invitationLifeMs)).toEqual(new Date('2026-11-04T10:00:00Z'));
});

describe('after the password', () => {
  const state = { mfaEnabled: true, mustChangePassword: false };
  it('comes the second factor, which cannot be skipped', () => {
    expect(nextStage(state, { secondFactor: false })).toBe('second_factor');
    expect(nextStage({ ...state, mustChangePassword: true }, { secondFactor: false })).toBe(
      'second_factor',
    );
    expect(nextStage(state, { secondFactor: true })).toBe('signed_in');
  });

  it('a one-time password is changed first, and an authenticator enrolled before anything else', () => {
    const invited = { mfaEnabled: false, mustChangePassword: true };
    expect(nextStage(invited, { secondFactor: false })).toBe('new_password');
    const changed = { mfaEnabled: false, mustChangePassword: false };
    expect(nextStage(changed, { secondFactor: true })).toBe('enrolment');
  });
});

describe('a password', () => {
  const person = { username: 'ada', email: 'ada.larsen@example.com' };
  it.each([
    ['short', 'too_short'],
    ['x'.repeat(201), 'too_long'],
    ['aaaaaaaaaaaaaa', 'too_simple'],
    ['password1234', 'too_simple'],
    ['ADA.LARSENada1', 'too_simple'],
    ['LoyalNestLoyalNest1', 'too_simple'],
    ['correct horse battery', undefined],
    ['пароль-из-слов-и-чисел', undefined],
    ['abcdefghijk', 'too_short'],
    ['abcdefghijkl', undefined],
    ['abcdefghij'.repeat(20), undefined],
    ['adaadaada1234', 'too_simple'],
    ['abcdabcdabcd', 'too_simple'],
    ['abcdeabcdeabcde', undefined],
  ])('%s: %s', (password, problem) => {
    expect(passwordProblem(password, person)).toBe(problem);
  });

  it('may have a name of two letters in it, as many words have', () => {
    const short = { username: 'al', email: 'al@example.com' };
    expect(passwordProblem('alalalal1234', short)).toBeUndefined();
  });
});

it.each([
  ['superadmin', true],
  ['support', true],
  ['analyst', true],
  ['owner', false],
  ['Support', false],
  ['', false],
  [undefined, false],
  [['support'], false],
])('%j is a role: %s', (value, expected) => {
  expect(isRole(value)).toBe(expected);
});

it('only superadmins are given the right over other admins, and only they and support touch queues', () => {
  const having = (scope: string) =>
    ADMIN_ROLES.filter((role) => scopesOf(role).some((own) => own === scope));
  expect(having('admin:full_access')).toEqual(['superadmin']);
  expect(having('admin:queues')).toEqual(['superadmin', 'support']);
  expect(having('admin:logs')).toEqual(['superadmin', 'support']);
  expect(having('admin:overview')).toEqual([...ADMIN_ROLES]);
  // The scope of the worker and the web server is never a person's.
  expect(having('platform')).toEqual([]);
});
