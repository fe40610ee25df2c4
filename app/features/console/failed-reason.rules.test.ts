import { expect, it } from 'vitest';
import { withoutPersons } from './failed-reason.rules.ts';

it.each([
  ['the shop answered 502', 'the shop answered 502'],
  ['ada.larsen+x@example.co.uk is taken', '[email] is taken'],
  ['call +47 22 34 56 78 back', 'call [number] back'],
  ['token shpat_0123456789abcdef refused', 'token [token] refused'],
  ['connect postgres://app:secret@db.internal/x', 'connect postgres://db.internal/x'],
  ['first line\nat stack (file:1)', 'first line'],
  ['', ''],
  ['job 1234567 of 2 shops', 'job 1234567 of 2 shops'],
  ['(555) 123-4567 rang', '([number] rang'],
  ['a@b.c and d@e.f', '[email] and [email]'],
  ['a session eyJhbGciOiJIUzI1NiJ9.x-y', 'a session [token]'],
  ['shpca_a shop', 'shpca_a shop'],
])('%j is shown as %j', (reason, shown) => {
  expect(withoutPersons(reason)).toBe(shown);
});

it('is short', () => {
  expect(withoutPersons('x'.repeat(5_000))).toHaveLength(300);
});
