import { describe, expect, it } from 'vitest';
import { isSignupDue, memberChange } from './customers.rules.ts';
import type { KnownMember } from './customers.rules.ts';

const told = {
  shopifyCustomerId: '1001',
  email: ' ana@example.com ',
  firstName: 'Ana',
  lastName: 'García',
  locale: '',
  state: 'disabled',
};
const known: KnownMember = {
  email: 'ana@example.com',
  firstName: 'Ana',
  lastName: 'García',
  locale: 'es',
  state: 'disabled',
  hasAccount: false,
  sourceUpdatedAt: new Date('2026-11-01T10:00:00Z'),
};
const later = new Date('2026-11-01T11:00:00Z');
const earlier = new Date('2026-11-01T09:00:00Z');

describe('what a member becomes', () => {
  it('is created from the first that is heard of them', () => {
    expect(memberChange(undefined, told, 'created', later)).toMatchObject({
      status: 'created',
      member: { email: 'ana@example.com', hasAccount: false },
    });
  });

  it('is not changed by facts older than those known', () => {
    expect(memberChange(known, { ...told, firstName: 'Anna' }, 'updated', earlier)).toEqual({
      status: 'unchanged',
      reason: 'stale',
    });
  });

  it('is unchanged when the same update arrives twice', () => {
    expect(memberChange(known, told, 'updated', known.sourceUpdatedAt)).toEqual({
      status: 'unchanged',
      reason: '',
    });
  });

  it('keeps the language that Shopify does not repeat, and loses the address that Shopify took away', () => {
    expect(memberChange(known, { ...told, email: '' }, 'updated', later)).toMatchObject({
      status: 'updated',
      member: { email: '', locale: 'es' },
    });
  });

  it('has an account once it is enabled, and no more once it is disabled', () => {
    const enabled = memberChange(known, { ...told, state: '' }, 'enabled', later);
    expect(enabled).toMatchObject({
      status: 'updated',
      member: { state: 'enabled', hasAccount: true },
    });
    const member = enabled.status === 'unchanged' ? known : enabled.member;
    const after = new Date('2026-11-01T12:00:00Z');
    expect(memberChange(member, told, 'updated', after)).toMatchObject({
      member: { hasAccount: false },
    });
  });
});

describe('the sign-up points', () => {
  it('are due with the account and never by an invitation or a sync', () => {
    expect(isSignupDue('enabled', '')).toBe(true);
    expect(isSignupDue('created', 'enabled')).toBe(true);
    expect(isSignupDue('created', 'invited')).toBe(false);
    expect(isSignupDue('created', 'disabled')).toBe(false);
    expect(isSignupDue('updated', 'enabled')).toBe(false);
    expect(isSignupDue('synced', 'enabled')).toBe(false);
  });
});

describe('what is told of a member', () => {
  const became = (
    changes: Partial<typeof told>,
    trigger: Parameters<typeof memberChange>[2] = 'updated',
    at: Date | null = later,
    before: KnownMember | undefined = known,
  ) => memberChange(before, { ...told, ...changes }, trigger, at);

  it.each([
    { email: 'other@example.com' },
    { firstName: 'Anna' },
    { lastName: 'Garcia' },
    { locale: 'fr' },
    { state: 'enabled' },
  ])('is an update when it is new: %o', (change) => {
    expect(became(change, 'updated', known.sourceUpdatedAt)).toMatchObject({
      status: 'updated',
      member: change,
    });
  });

  it('is an update when it is newer and says the same', () => {
    expect(became({})).toMatchObject({ status: 'updated', member: { sourceUpdatedAt: later } });
  });

  it('changes no known member when it reports one thing only', () => {
    expect(became({ firstName: 'Anna' }, 'partial')).toEqual({ status: 'unchanged', reason: '' });
  });

  it('creates a member from a report of one thing, completed by any later one', () => {
    const someone = memberChange(undefined, told, 'partial', later);
    expect(someone).toMatchObject({ status: 'created', member: { sourceUpdatedAt: null } });
  });

  it('without a time is taken, and leaves the time that is known', () => {
    expect(became({ firstName: 'Anna' }, 'updated', null)).toMatchObject({
      member: { firstName: 'Anna', sourceUpdatedAt: known.sourceUpdatedAt },
    });
    const undated = { ...known, sourceUpdatedAt: null };
    expect(became({}, 'updated', null, undated)).toEqual({ status: 'unchanged', reason: '' });
    expect(memberChange(undefined, told, 'created', null)).toMatchObject({
      member: { sourceUpdatedAt: null },
    });
  });

  it('leaves the account as it was where it says nothing of it', () => {
    const member = { ...known, state: '', hasAccount: true };
    expect(became({ state: '', firstName: 'Anna' }, 'updated', later, member)).toMatchObject({
      member: { state: '', hasAccount: true },
    });
    expect(became({ state: '' })).toMatchObject({ member: { state: 'disabled' } });
    expect(
      memberChange(undefined, { ...told, state: '', locale: '' }, 'created', later),
    ).toMatchObject({ member: { state: '', hasAccount: false, locale: '' } });
    expect(memberChange(undefined, { ...told, state: 'enabled' }, 'synced', later)).toMatchObject({
      member: { hasAccount: true },
    });
  });

  it('is without the blanks around names', () => {
    expect(became({ firstName: ' Ana ', lastName: ' García ' })).toMatchObject({
      member: { firstName: 'Ana', lastName: 'García' },
    });
  });
});
