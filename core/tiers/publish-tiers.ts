import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { VipLadder } from '#proto/points/v1/tiers.ts';
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
  ladderProblem,
  laddersRevision,
  tiersFromMessage,
  type StoredLadder,
} from './tier-ladder.rules.ts';
import {
  discardDraft,
  insertLadder,
  makeWayForLadder,
  newestLadderVersion,
  readLadder,
} from './ladders.store.ts';
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

export interface SavedLadder {
  readonly ladder: StoredLadder;
  readonly membersToReview: number;
}

type NewLadder = Pick<
  StoredLadder,
  'basis' | 'period' | 'grace_days' | 'tiers' | 'restores_version'
>;

/** The ladders as they stand; nobody changes them until the transaction ends. @throws DomainError edit_conflict */
export async function requireRevision(
  client: PoolClient,
  merchantId: string,
  opened: string,
): Promise<void> {
  await lockTenant(client, merchantId);
  const { draft, published } = await readLadders(client, merchantId);
  stepOfEdit({ opened, current: laddersRevision(draft, published), wanted: undefined });
}

async function readLadders(client: PoolClient, merchantId: string) {
  return {
    draft: await readLadder(client, merchantId, 'draft'),
    published: await readLadder(client, merchantId, 'published'),
  };
}

/** Keeps a ladder as the draft, or publishes it. */
export async function saveLadder(
  publishing: Publishing,
  message: VipLadder,
  { publish: isPublished, revision }: { readonly publish: boolean; readonly revision: string },
): Promise<SavedLadder> {
  const { client, merchantId } = publishing;
  // One ladder at a time: versions count without gaps, and nobody publishes over somebody else's unseen change.
  await lockTenant(client, merchantId);
  await requireKnownTiers(client, merchantId, message);
  await requireKnownRewards(client, merchantId, message);
  const { draft, published } = await readLadders(client, merchantId);
  const problem = ladderProblem(message);
  // New tiers have no id yet: a draft that says the same gave them theirs.
  const same = {
    basis: message.basis as NewLadder['basis'],
    period: message.period as NewLadder['period'],
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
    current: laddersRevision(draft, published),
    wanted: problem || isPublished ? undefined : laddersRevision(same, published),
  });
  if (step === 'saved' && draft) return { ladder: draft, membersToReview: 0 };
  if (problem) throw invalidInput(problem.field, problem.message);
  const ladder: NewLadder = {
    basis: message.basis as NewLadder['basis'],
    period: message.period as NewLadder['period'],
    grace_days: message.graceDays,
    tiers: tiersFromMessage(message, ({ tierId }) => tierId || randomUUID()),
    restores_version: null,
  };
  return isPublished ? publish(publishing, ladder, true) : saveDraft(publishing, ladder);
}

/** A tier's id is one that this tenant's ladder had before, once. */
export async function requireKnownTiers(
  client: PoolClient,
  merchantId: string,
  { tiers }: VipLadder,
): Promise<void> {
  const draft = await readLadder(client, merchantId, 'draft');
  const known = new Set([
    ...(await readTiers(client, merchantId)).keys(),
    ...(draft?.tiers ?? []).map(({ tier_id }) => tier_id),
  ]);
  for (const [index, { tierId }] of tiers.entries()) {
    if (tierId === '') continue;
    const field = `ladder.tiers[${index}].tier_id`;
    if (!known.has(tierId)) throw notFound(field);
    if (tiers.findIndex((tier) => tier.tierId === tierId) < index)
      throw invalidInput(field, 'stands twice');
  }
}

/** What a tier gives is a reward of this tenant. One that was deleted since is given to nobody. */
export async function requireKnownRewards(
  client: PoolClient,
  merchantId: string,
  { tiers }: VipLadder,
): Promise<void> {
  const asked = tiers.map(({ benefits }) => benefits?.entryRewardId ?? '');
  const rewards = await readRewards(
    client,
    merchantId,
    asked.filter((id) => id !== ''),
  );
  for (const [index, id] of asked.entries()) {
    if (id === '') continue;
    const field = `ladder.tiers[${index}].benefits.entry_reward_id`;
    if (!rewards.has(id)) throw notFound(field);
  }
}

async function saveDraft(
  { client, merchantId, actor }: Publishing,
  ladder: NewLadder,
): Promise<SavedLadder> {
  await discardDraft(client, merchantId);
  const version = (await newestLadderVersion(client, merchantId)) + 1;
  await insertLadder(client, merchantId, {
    ...ladder,
    version,
    status: 'draft',
    actor,
    published_at: null,
  });
  return { ladder: await storedLadder(client, merchantId, version), membersToReview: 0 };
}

/** Publishes what was in force before, as the next version. A draft stays for later. */
export async function restoreLadder(
  publishing: Publishing,
  { version, revision }: { readonly version: number; readonly revision: string },
): Promise<SavedLadder> {
  const { client, merchantId } = publishing;
  await requireRevision(client, merchantId, revision);
  const stored = await readLadder(client, merchantId, version);
  if (stored === undefined || stored.status === 'draft') throw notFound('version');
  if (stored.status === 'published') throw invalidInput('version', 'is in force');
  return publish(publishing, { ...stored, restores_version: version }, false);
}

async function publish(
  publishing: Publishing,
  ladder: NewLadder,
  takesDraft: boolean,
): Promise<SavedLadder> {
  const { client, merchantId, actor, now, ledger, blindIndex } = publishing;
  if (takesDraft) await discardDraft(client, merchantId);
  const version = await makeWayForLadder(client, merchantId);
  await insertLadder(client, merchantId, {
    ...ladder,
    version,
    status: 'published',
    actor,
    published_at: now,
  });
  await putTiersInForce(client, merchantId, ladder.tiers, now);
  await writeAudit(client, merchantId, {
    actor,
    action: ladder.restores_version === null ? 'vip_tiers_published' : 'vip_tiers_restored',
    targetTable: 'vip_tier_sets',
    targetId: String(version),
    metadata: {
      version,
      tiers: ladder.tiers.length,
      ...(ladder.restores_version !== null && { restores_version: ladder.restores_version }),
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
    isNewLadder: true,
  });
  return {
    ladder: await storedLadder(client, merchantId, version),
    membersToReview:
      members.length < REVIEWED_AT_ONCE
        ? 0
        : await countOutdatedMembers(client, merchantId, version),
  };
}

async function storedLadder(
  client: PoolClient,
  merchantId: string,
  version: number,
): Promise<StoredLadder> {
  const stored = await readLadder(client, merchantId, version);
  if (stored === undefined) throw new Error('a ladder that was just saved is gone');
  return stored;
}
