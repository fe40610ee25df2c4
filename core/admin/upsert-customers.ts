import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { UpsertCustomerRequest } from '#proto/admin/v1/admin.ts';
import type { Reason } from '../outcome-reason.rules.ts';
import { claimNewsletter } from '../points/claim.rules.ts';
import { lockMember } from '../points/earning.store.ts';
import { expiryOf, programFromConfig } from '../points/program.rules.ts';
import type { CoreDependencies } from '../server/dependencies.ts';
import { openMember, seal, tombstoneOf } from './customer-seal.ts';
import { recordConsents } from './consents.store.ts';
import { isSignupDue, memberChange } from './customers.rules.ts';
import type { KnownMember, UpsertTrigger } from './customers.rules.ts';
import { insertCustomers, lockCustomers, updateCustomers } from './customers.store.ts';
import type { LockedCustomerRow, MemberRecord } from './customers.store.ts';
import { readProgramConfig } from './merchants.store.ts';
import { addOutboxEvents } from './outbox.store.ts';

type Dependencies = Pick<CoreDependencies, 'encryption' | 'blindIndex' | 'ledger' | 'clock'>;

export interface UpsertOutcome {
  readonly customerId: string;
  readonly status: 'created' | 'updated' | 'unchanged' | 'ignored';
  /** stale | redacted_customer, or empty. */
  readonly reason: Reason | '';
  /** The entry of the sign-up points, when this call wrote it. */
  readonly transactionId: string | undefined;
}

/**
 * Brings members up to date with what Shopify says of them, whatever the order in which it says it, and gives the
 * sign-up points to those who have an account now, once for ever. No Shopify id may stand twice in one call.
 * @returns outcomes in the order of the argument
 */
export async function upsertCustomers(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  requests: readonly UpsertCustomerRequest[],
  madeBefore: ReadonlySet<string> = new Set(),
): Promise<UpsertOutcome[]> {
  const known = await lockKnown(client, deps, merchantId, requests);
  const plans = requests.map((request) => plan(deps, merchantId, request, known));
  const made = await insertCustomers(
    client,
    merchantId,
    plans.flatMap((item) => (item.status === 'created' ? [item.record] : [])),
  );
  for (const id of madeBefore) made.add(id);
  if (plans.some((item) => item.status === 'created' && !made.has(item.shopifyCustomerId))) {
    // Somebody made one between our look and our insert: it exists now, so this ends after one more round.
    return upsertCustomers(client, deps, merchantId, requests, made);
  }
  await updateCustomers(
    client,
    merchantId,
    plans.flatMap((item) => (item.status === 'updated' ? [item.record] : [])),
  );
  const subscribed = await recordConsents(
    client,
    merchantId,
    plans.flatMap(({ customerId, marketing }) =>
      marketing === undefined ? [] : [{ customerId, status: marketing }],
    ),
  );
  const signups = await awardSignups(client, deps, merchantId, plans);
  await awardNewsletters(
    client,
    deps,
    merchantId,
    plans.filter(({ customerId, trigger }) => trigger !== 'synced' && subscribed.has(customerId)),
  );
  await addOutboxEvents(
    client,
    merchantId,
    'customer.created',
    plans.flatMap(({ customerId, shopifyCustomerId: id }) =>
      made.has(id) ? [{ customer_id: customerId }] : [],
    ),
  );
  return plans.map(({ customerId, shopifyCustomerId, status, reason }) => ({
    customerId,
    status: made.has(shopifyCustomerId) ? 'created' : status,
    reason,
    transactionId: signups.get(customerId),
  }));
}

type Known = ReadonlyMap<string, LockedCustomerRow>;

async function lockKnown(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  requests: readonly UpsertCustomerRequest[],
): Promise<Known> {
  const names = requests.flatMap(({ customer }) => {
    const id = customer?.shopifyCustomerId ?? '';
    return [id, tombstoneOf(deps, merchantId, id)];
  });
  const rows = await lockCustomers(client, merchantId, names);
  return new Map(rows.map((row) => [row.shopify_customer_id, row]));
}

type Plan = {
  readonly customerId: string;
  readonly shopifyCustomerId: string;
  readonly isSignupDue: boolean;
  readonly trigger: UpsertTrigger;
  /** Absent when it was not told, or told by old news. */
  readonly marketing?: 'granted' | 'revoked';
} & (
  | { readonly status: 'created' | 'updated'; readonly reason: ''; readonly record: MemberRecord }
  | { readonly status: 'unchanged' | 'ignored'; readonly reason: Reason | '' }
);

function plan(
  deps: Dependencies,
  merchantId: string,
  request: UpsertCustomerRequest,
  known: Known,
): Plan {
  const told = request.customer;
  if (told === undefined) throw new Error('an upsert without a customer passed validation');
  const { shopifyCustomerId } = told;
  const erased = known.get(tombstoneOf(deps, merchantId, shopifyCustomerId));
  if (erased !== undefined) {
    const customerId = erased.customer_id;
    return {
      customerId,
      shopifyCustomerId,
      isSignupDue: false,
      trigger: request.trigger as UpsertTrigger,
      status: 'ignored',
      reason: 'redacted_customer',
    };
  }
  const row = known.get(shopifyCustomerId);
  const trigger = request.trigger as UpsertTrigger;
  const updatedAt = request.updatedAt === '' ? null : new Date(request.updatedAt);
  const change = memberChange(row && knownMember(deps, merchantId, row), told, trigger, updatedAt);
  const customerId = row?.customer_id ?? randomUUID();
  const isStale = change.status === 'unchanged' && change.reason === 'stale';
  const base = {
    customerId,
    shopifyCustomerId,
    trigger,
    isSignupDue: isSignupDue(trigger, told.state),
    ...(request.marketing !== '' &&
      !isStale && {
        marketing: request.marketing === 'subscribed' ? ('granted' as const) : ('revoked' as const),
      }),
  };
  if (change.status === 'unchanged') return { ...base, ...change };
  const record = {
    ...seal(deps, merchantId, customerId, shopifyCustomerId, change.member),
    has_account: change.member.hasAccount,
    source_updated_at: change.member.sourceUpdatedAt?.toISOString() ?? null,
  };
  return { ...base, status: change.status, reason: '', record };
}

function knownMember(deps: Dependencies, merchantId: string, row: LockedCustomerRow): KnownMember {
  return {
    ...openMember(deps.encryption, merchantId, row.customer_id, row),
    locale: row.locale,
    state: row.state ?? '',
    hasAccount: row.has_account,
    sourceUpdatedAt: row.source_updated_at,
  };
}

/** @returns the entry of each member who got the points now; those who had them before are not among them. */
async function awardSignups(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  plans: readonly Plan[],
): Promise<ReadonlyMap<string, string>> {
  const due = plans.filter((item) => item.isSignupDue);
  if (due.length === 0) return new Map();
  const program = programFromConfig(await readProgramConfig(client, merchantId));
  if (!program.isActive || !program.isSignupEnabled || program.signupPoints <= 0) return new Map();
  const outcomes = await deps.ledger.award(
    due.map(({ customerId }) => ({
      merchantId,
      customerId,
      points: program.signupPoints,
      key: `signup/${customerId}`,
      source: 'signup',
      expiresAt: expiryOf(program, deps.clock()),
      metadata: { reason_code: 'signup', rule_version: program.version },
    })),
    client,
  );
  const written = new Map<string, string>();
  for (const [index, outcome] of outcomes.entries()) {
    const customerId = due[index]?.customerId;
    // A conflict: the key was used when the rule gave another number of points. They had theirs.
    if (customerId !== undefined && outcome.status === 'awarded')
      written.set(customerId, outcome.transactionId);
  }
  return written;
}

/** The proof is Shopify's word that they subscribed just now; who had subscribed before the programme may claim. */
async function awardNewsletters(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  plans: readonly Plan[],
): Promise<void> {
  if (plans.length === 0) return;
  const program = programFromConfig(await readProgramConfig(client, merchantId));
  if (!program.isActive || !program.earning.actions.newsletter.isEnabled) return;
  for (const { shopifyCustomerId } of plans) {
    const member = await lockMember(client, merchantId, shopifyCustomerId);
    if (member === undefined) continue;
    const { customerId } = member.actor;
    const claim = claimNewsletter(program, member.actor, member.isSubscribed);
    if (claim.status !== 'granted') continue;
    await deps.ledger.award(
      [
        {
          merchantId,
          customerId,
          points: claim.points,
          key: claim.key,
          source: 'newsletter',
          expiresAt: expiryOf(program, deps.clock()),
          metadata: { reason_code: 'newsletter', rule_version: program.version },
        },
      ],
      client,
    );
  }
}
