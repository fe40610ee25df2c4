import type { CustomerIdentity } from '#proto/points/v1/points.ts';
import type { CustomerTrigger } from '#vocabulary/customers.ts';

/** What is known of a member, decrypted. */
export interface KnownMember {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly locale: string;
  readonly state: string;
  readonly hasAccount: boolean;
  /** When Shopify last changed what we know; null when it never said. */
  readonly sourceUpdatedAt: Date | null;
}

export type MemberChange =
  | { readonly status: 'unchanged'; readonly reason: 'stale' | '' }
  | { readonly status: 'created' | 'updated'; readonly member: KnownMember };

/**
 * What a member becomes by what Shopify says now. Facts older than those known change nothing, whatever the order
 * in which they arrive; what Shopify leaves open (locale, state) stays as it was.
 */
export function memberChange(
  known: KnownMember | undefined,
  told: CustomerIdentity,
  trigger: CustomerTrigger,
  updatedAt: Date | null,
): MemberChange {
  if (trigger === 'partial' && known !== undefined) return { status: 'unchanged', reason: '' };
  const knownAt = known?.sourceUpdatedAt ?? null;
  if (knownAt !== null && updatedAt !== null && updatedAt.getTime() < knownAt.getTime()) {
    return { status: 'unchanged', reason: 'stale' };
  }
  const state =
    trigger === 'enabled' ? 'enabled' : told.state !== '' ? told.state : (known?.state ?? '');
  const member: KnownMember = {
    email: told.email.trim(),
    firstName: told.firstName.trim(),
    lastName: told.lastName.trim(),
    locale: told.locale !== '' ? told.locale : (known?.locale ?? ''),
    state,
    hasAccount: state === '' ? (known?.hasAccount ?? false) : state === 'enabled',
    // A complete record is newer than a notice of one thing.
    sourceUpdatedAt: trigger === 'partial' ? null : (updatedAt ?? known?.sourceUpdatedAt ?? null),
  };
  if (known === undefined) return { status: 'created', member };
  const isSame = sameMember(known, member);
  return isSame ? { status: 'unchanged', reason: '' } : { status: 'updated', member };
}

function sameMember(a: KnownMember, b: KnownMember): boolean {
  return (
    a.email === b.email &&
    a.firstName === b.firstName &&
    a.lastName === b.lastName &&
    a.locale === b.locale &&
    a.state === b.state &&
    a.hasAccount === b.hasAccount &&
    a.sourceUpdatedAt?.getTime() === b.sourceUpdatedAt?.getTime()
  );
}

/**
 * The sign-up points are for having an account: due when Shopify says that it was enabled, or that a customer was
 * created with one. An invitation is no account yet, and a sync never earns (docs/decisions.md).
 */
export function isSignupDue(trigger: CustomerTrigger, state: string): boolean {
  return trigger === 'enabled' || (trigger === 'created' && state === 'enabled');
}
