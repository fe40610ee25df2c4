import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { UpsertCustomerRequest } from '#proto/admin/v1/admin.ts';
import type { Reason } from '../shared/outcome-reason.rules.ts';
import { holdIdentities } from '../members/identities.store.ts';
import { claimNewsletter } from '../earning/claim.rules.ts';
import { lockMember } from '../earning/earning.store.ts';
import { expiryOf, programFromConfig } from '../program/program.rules.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { decryptMember, encryptCustomer, tombstoneOf } from '../members/customer-encryption.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import { recordConsents } from '../members/consents.store.ts';
import { isSignupDue, memberChange } from '../members/customers.rules.ts';
import type { KnownMember, MemberChange } from '../members/customers.rules.ts';
import {
  insertCustomers,
  lockCustomers,
  lockCustomersById,
  updateCustomers,
} from '../members/customers.store.ts';
import type { LockedCustomerRow, MemberRecord } from '../members/customers.store.ts';
import { readProgramConfig } from '../merchants/merchants.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { participantsOf, recordCompanies } from '../members/participation.store.ts';
import { recordTags } from '../members/tags.store.ts';
import type { ConsentStatus, CustomerTrigger } from '#vocabulary/customers.ts';

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
 * sign-up points to those who have an account now, only once. No Shopify id may occur twice in one call.
 * @returns outcomes in the order of the argument
 */
export async function upsertCustomers(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  requests: readonly UpsertCustomerRequest[],
  madeBefore: ReadonlySet<string> = new Set(),
): Promise<UpsertOutcome[]> {
  await holdIdentities(client, [{ merchantId, shopifyCustomerId: null }]);
  const known = await lockKnown(client, deps, merchantId, requests);
  const plans = requests.map((request) => plan(deps, merchantId, request, known));
  const made = await insertCustomers(
    client,
    merchantId,
    plans.flatMap((item) => (item.status === 'created' ? [item.record] : [])),
  );
  for (const id of madeBefore) made.add(id);
  if (plans.some((item) => item.status === 'created' && !made.has(item.shopifyCustomerId))) {
    // Another call created one between our read and our insert: it exists now, so this ends after one more round.
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
    plans.flatMap(({ customerId, marketing, trigger, toldAt }) =>
      marketing === undefined
        ? []
        : [{ customerId, status: marketing, toldAt, isKept: trigger === 'partial' }],
    ),
  );
  await recordTags(client, merchantId, toldTags(deps, requests, plans));
  await recordCompanies(client, merchantId, toldCompanies(requests, plans));
  await markForReview(
    client,
    merchantId,
    plans.flatMap(({ customerId, hasAccountNow }, index) =>
      // Without a tag they may take part again, and their tier goes on.
      hasAccountNow || (requests[index]?.tagsRemoved ?? []).length > 0 ? [customerId] : [],
    ),
  );
  const signups = await awardSignups(client, deps, merchantId, plans);
  await awardNewsletters(
    client,
    deps,
    merchantId,
    plans.filter(
      ({ customerId, trigger, marketing }) =>
        // A notice of consent itself is the proof, also when a newer refusal arrived before it.
        (trigger === 'partial' && marketing === 'granted') ||
        (trigger !== 'synced' && subscribed.has(customerId)),
    ),
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

interface Known {
  /** By Shopify id or tombstone. */
  readonly byName: ReadonlyMap<string, LockedCustomerRow>;
  /** By our own id: those into whom others of them were merged. */
  readonly heirs: ReadonlyMap<string, LockedCustomerRow>;
}

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
  // A chain of merges is one step long.
  const heirIds = rows.flatMap((row) => row.merged_into_customer_id ?? []);
  const heirs = heirIds.length === 0 ? [] : await lockCustomersById(client, merchantId, heirIds);
  return {
    byName: new Map(rows.map((row) => [row.shopify_customer_id, row])),
    heirs: new Map(heirs.map((row) => [row.customer_id, row])),
  };
}

type Plan = {
  readonly customerId: string;
  /** Whom the Shopify id was given to: not the member, when they were merged into them. */
  readonly ownId: string;
  readonly shopifyCustomerId: string;
  readonly isSignupDue: boolean;
  /** A guest before: a referral may have waited for it. */
  readonly hasAccountNow: boolean;
  readonly trigger: CustomerTrigger;
  readonly toldAt: string | null;
  /** Absent when it was not reported, or only by an outdated update. */
  readonly marketing?: ConsentStatus;
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
  const row = known.byName.get(shopifyCustomerId);
  const heir = known.heirs.get(row?.merged_into_customer_id ?? '');
  const erased =
    known.byName.get(tombstoneOf(deps, merchantId, shopifyCustomerId)) ??
    (heir?.redacted_at ? heir : undefined);
  if (erased !== undefined) {
    const customerId = erased.customer_id;
    return {
      customerId,
      ownId: customerId,
      shopifyCustomerId,
      isSignupDue: false,
      hasAccountNow: false,
      trigger: request.trigger as CustomerTrigger,
      toldAt: null,
      status: 'ignored',
      reason: 'redacted_customer',
    };
  }
  const trigger = request.trigger as CustomerTrigger;
  const updatedAt = request.updatedAt === '' ? null : new Date(request.updatedAt);
  const member = heir ?? row;
  const update = memberChange(
    member && knownMember(deps, merchantId, member),
    told,
    trigger,
    updatedAt,
  );
  // An update of a merged account does not change the name and the address of the remaining one.
  const change: MemberChange =
    heir !== undefined && update.status !== 'unchanged'
      ? { status: 'unchanged', reason: '' }
      : update;
  const customerId = member?.customer_id ?? randomUUID();
  const isStale = change.status === 'unchanged' && change.reason === 'stale';
  const base = {
    customerId,
    ownId: row?.customer_id ?? customerId,
    shopifyCustomerId,
    trigger,
    toldAt: updatedAt?.toISOString() ?? null,
    isSignupDue: isSignupDue(trigger, told.state),
    hasAccountNow:
      member?.has_account === false && change.status === 'updated' && change.member.hasAccount,
    ...(request.marketing !== '' &&
      !isStale && {
        marketing: request.marketing === 'subscribed' ? ('granted' as const) : ('revoked' as const),
      }),
  };
  if (change.status === 'unchanged') return { ...base, ...change };
  const record = {
    ...encryptCustomer(deps, merchantId, customerId, shopifyCustomerId, change.member),
    has_account: change.member.hasAccount,
    source_updated_at: change.member.sourceUpdatedAt?.toISOString() ?? null,
  };
  return { ...base, status: change.status, reason: '', record };
}

/** Contacts of companies; only a reading of customers tells. */
const toldCompanies = (requests: readonly UpsertCustomerRequest[], plans: readonly Plan[]) =>
  plans.flatMap(({ customerId, status }, index) => {
    const company = requests[index]?.company ?? '';
    return status === 'ignored' || company === ''
      ? []
      : [{ customerId, isCompany: company === 'yes' }];
  });

/** Tags of members who are not erased. Without a time of its own, an update counts from when it arrived. */
function toldTags(
  { clock }: Pick<Dependencies, 'clock'>,
  requests: readonly UpsertCustomerRequest[],
  plans: readonly Plan[],
) {
  return plans.flatMap(({ customerId, status, trigger, toldAt }, index) => {
    const { tagsAdded = [], tagsRemoved = [] } = requests[index] ?? {};
    const isTold = tagsAdded.length + tagsRemoved.length > 0;
    if (status === 'ignored' || !isTold) return [];
    const at = toldAt ?? clock().toISOString();
    return [
      { customerId, added: tagsAdded, removed: tagsRemoved, at, isWhole: trigger === 'synced' },
    ];
  });
}

function knownMember(deps: Dependencies, merchantId: string, row: LockedCustomerRow): KnownMember {
  return {
    ...decryptMember(deps.encryption, merchantId, row.customer_id, row),
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
  const asked = plans.filter((item) => item.isSignupDue);
  if (asked.length === 0) return new Map();
  const program = programFromConfig(await readProgramConfig(client, merchantId));
  if (!program.isActive || !program.isSignupEnabled || program.signupPoints <= 0) return new Map();
  const participants = await participantsOf(
    client,
    merchantId,
    asked.map(({ customerId }) => customerId),
  );
  const due = asked.filter(({ customerId }) => participants.has(customerId));
  if (due.length === 0) return new Map();
  const outcomes = await deps.ledger.award(
    due.map(({ customerId, ownId }) => ({
      merchantId,
      customerId,
      points: program.signupPoints,
      key: `signup/${ownId}`,
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

/** The proof is Shopify's word that they subscribed just now; who had subscribed before the program may claim. */
async function awardNewsletters(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  plans: readonly Plan[],
): Promise<void> {
  if (plans.length === 0) return;
  const program = programFromConfig(await readProgramConfig(client, merchantId));
  if (!program.isActive || !program.earning.actions.newsletter.isEnabled) return;
  for (const { shopifyCustomerId, trigger } of plans) {
    const member = await lockMember(client, merchantId, shopifyCustomerId);
    if (member === undefined) continue;
    const { customerId } = member.actor;
    const isProven = trigger === 'partial' || member.isSubscribed;
    const claim = claimNewsletter(program, member.actor, isProven);
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
