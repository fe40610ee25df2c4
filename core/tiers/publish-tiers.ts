import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { VipTierSet } from '#proto/points/v1/tiers.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import type { Ledger } from '../ledger/index.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import { reviewTiers } from './review-tiers.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import { readRewards } from '../rewards/rewards.store.ts';
import { stepOfEdit } from '../shared/edits.ts';
import {
  tierSetProblem,
  tierSetsRevision,
  tiersFromMessage,
  type StoredTierSet,
} from './tier-set.rules.ts';
import {
  discardDraft,
  insertTierSet,
  makeWayForTierSet,
  newestTierSetVersion,
  readTierSet,
} from './tier-sets.store.ts';
import {
  countOutdatedMembers,
  putTiersInForce,
  readTiers,
  tierMembersAfter,
} from './tiers.store.ts';

/** Members who are looked at with the publishing itself; where there are more, the worker goes on. */
const REVIEWED_AT_ONCE = 500;

export interface Publishing {
  /** In a transaction that acts for the tenant. */
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly actor: string;
  readonly now: Date;
  readonly ledger: Pick<Ledger, 'award'>;
  readonly blindIndex: CoreDependencies['blindIndex'];
}

export interface SavedTierSet {
  readonly tierSet: StoredTierSet;
  readonly membersToReview: number;
}

type NewTierSet = Pick<
  StoredTierSet,
  'basis' | 'period' | 'grace_days' | 'tiers' | 'restores_version'
>;

/** The draft and the tiers in force, locked until the transaction ends. @throws DomainError edit_conflict */
export async function requireRevision(
  client: PoolClient,
  merchantId: string,
  opened: string,
): Promise<void> {
  await lockTenant(client, merchantId);
  const { draft, published } = await readTierSets(client, merchantId);
  stepOfEdit({ opened, current: tierSetsRevision(draft, published), wanted: undefined });
}

async function readTierSets(client: PoolClient, merchantId: string) {
  return {
    draft: await readTierSet(client, merchantId, 'draft'),
    published: await readTierSet(client, merchantId, 'published'),
  };
}

/** Saves a tier set as the draft, or publishes it. */
export async function saveTierSet(
  publishing: Publishing,
  message: VipTierSet,
  { publish: isPublished, revision }: { readonly publish: boolean; readonly revision: string },
): Promise<SavedTierSet> {
  const { client, merchantId } = publishing;
  // One change at a time: versions count without gaps, and no change that another user has not seen is overwritten.
  await lockTenant(client, merchantId);
  await requireKnownTiers(client, merchantId, message);
  await requireKnownRewards(client, merchantId, message);
  const { draft, published } = await readTierSets(client, merchantId);
  const problem = tierSetProblem(message);
  // New tiers have no id yet: a draft that says the same gave them theirs.
  const same = {
    basis: message.basis as NewTierSet['basis'],
    period: message.period as NewTierSet['period'],
    grace_days: message.graceDays,
    tiers: problem
      ? []
      : tiersFromMessage(
          message,
          ({ tierId }, index) => tierId || (draft?.tiers[index]?.tier_id ?? ''),
        ),
  };
  const step = stepOfEdit({
    opened: revision,
    current: tierSetsRevision(draft, published),
    wanted: problem || isPublished ? undefined : tierSetsRevision(same, published),
  });
  if (step === 'saved' && draft) return { tierSet: draft, membersToReview: 0 };
  if (problem) throw invalidInput(problem.field, problem.message);
  const tierSet: NewTierSet = {
    basis: message.basis as NewTierSet['basis'],
    period: message.period as NewTierSet['period'],
    grace_days: message.graceDays,
    tiers: tiersFromMessage(message, ({ tierId }) => tierId || randomUUID()),
    restores_version: null,
  };
  return isPublished ? publish(publishing, tierSet, true) : saveDraft(publishing, tierSet);
}

/** A tier's id must be one that this tenant's tiers had before, and be used once. */
export async function requireKnownTiers(
  client: PoolClient,
  merchantId: string,
  { tiers }: VipTierSet,
): Promise<void> {
  const draft = await readTierSet(client, merchantId, 'draft');
  const known = new Set([
    ...(await readTiers(client, merchantId)).keys(),
    ...(draft?.tiers ?? []).map(({ tier_id }) => tier_id),
  ]);
  for (const [index, { tierId }] of tiers.entries()) {
    if (tierId === '') continue;
    const field = `tier_set.tiers[${index}].tier_id`;
    if (!known.has(tierId)) throw notFound(field);
    if (tiers.findIndex((tier) => tier.tierId === tierId) < index)
      throw invalidInput(field, 'stands twice');
  }
}

/** What a tier gives is a reward of this tenant. One that was deleted since is not given. */
export async function requireKnownRewards(
  client: PoolClient,
  merchantId: string,
  { tiers }: VipTierSet,
): Promise<void> {
  const asked = tiers.map(({ benefits }) => benefits?.entryRewardId ?? '');
  const rewards = await readRewards(
    client,
    merchantId,
    asked.filter((id) => id !== ''),
  );
  for (const [index, id] of asked.entries()) {
    if (id === '') continue;
    const field = `tier_set.tiers[${index}].benefits.entry_reward_id`;
    if (!rewards.has(id)) throw notFound(field);
  }
}

async function saveDraft(
  { client, merchantId, actor }: Publishing,
  tierSet: NewTierSet,
): Promise<SavedTierSet> {
  await discardDraft(client, merchantId);
  const version = (await newestTierSetVersion(client, merchantId)) + 1;
  await insertTierSet(client, merchantId, {
    ...tierSet,
    version,
    status: 'draft',
    actor,
    published_at: null,
  });
  return { tierSet: await storedTierSet(client, merchantId, version), membersToReview: 0 };
}

/** Publishes what was in force before, as the next version. A draft stays for later. */
export async function restoreTierSet(
  publishing: Publishing,
  { version, revision }: { readonly version: number; readonly revision: string },
): Promise<SavedTierSet> {
  const { client, merchantId } = publishing;
  await requireRevision(client, merchantId, revision);
  const stored = await readTierSet(client, merchantId, version);
  if (stored === undefined || stored.status === 'draft') throw notFound('version');
  if (stored.status === 'published') throw invalidInput('version', 'is in force');
  return publish(publishing, { ...stored, restores_version: version }, false);
}

async function publish(
  publishing: Publishing,
  tierSet: NewTierSet,
  takesDraft: boolean,
): Promise<SavedTierSet> {
  const { client, merchantId, actor, now, ledger, blindIndex } = publishing;
  if (takesDraft) await discardDraft(client, merchantId);
  const version = await makeWayForTierSet(client, merchantId);
  await insertTierSet(client, merchantId, {
    ...tierSet,
    version,
    status: 'published',
    actor,
    published_at: now,
  });
  await putTiersInForce(client, merchantId, tierSet.tiers, now);
  await writeAudit(client, merchantId, {
    actor,
    action: tierSet.restores_version === null ? 'vip_tiers_published' : 'vip_tiers_restored',
    targetTable: 'vip_tier_sets',
    targetId: String(version),
    metadata: {
      version,
      tiers: tierSet.tiers.length,
      ...(tierSet.restores_version !== null && { restores_version: tierSet.restores_version }),
    },
  });
  await addOutboxEvents(client, merchantId, 'tiers.published', [{ version }]);
  const members = await tierMembersAfter(client, merchantId, '', REVIEWED_AT_ONCE, version);
  const customerIds = members.map(({ customer_id }) => customer_id);
  await reviewTiers({
    client,
    merchantId,
    customerIds,
    now,
    ledger,
    blindIndex,
    isNewTierSet: true,
  });
  return {
    tierSet: await storedTierSet(client, merchantId, version),
    membersToReview:
      members.length < REVIEWED_AT_ONCE
        ? 0
        : await countOutdatedMembers(client, merchantId, version),
  };
}

async function storedTierSet(
  client: PoolClient,
  merchantId: string,
  version: number,
): Promise<StoredTierSet> {
  const stored = await readTierSet(client, merchantId, version);
  if (stored === undefined) throw new Error('a tier set that was just saved is gone');
  return stored;
}
