import type { PoolClient } from 'pg';
import { participantsOf } from '../members/participation.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import type { AwardItem, Ledger } from '../ledger/index.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { expiryOf } from '../program/program.rules.ts';
import { reviewTierPerks } from './tier-perks.ts';
import { thresholdOf, toTierSet, type StoredTierSet } from './tier-set.rules.ts';
import {
  decideTier,
  standingOf,
  DAY_MS,
  type TierSet,
  type Standing,
  type TierDecision,
} from './tiers.rules.ts';
import { readTierSet } from './tier-sets.store.ts';
import {
  insertTierChanges,
  lockTierMembers,
  readTierContext,
  readTierFacts,
  readTiers,
  writeTierMembers,
  type MemberUpdate,
  type NewTierChange,
  type StoredProgress,
  type TierContext,
  type TierMember,
  type TierRow,
} from './tiers.store.ts';
import type { TierChangeDirection, TierChangeReason } from '#vocabulary/tiers.ts';

export interface TierReview {
  /** In a transaction that acts for the tenant. */
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly customerIds: readonly string[];
  readonly now: Date;
  readonly ledger: Pick<Ledger, 'award'>;
  readonly blindIndex: CoreDependencies['blindIndex'];
  /** Whether they are looked at because other tiers were published. */
  readonly isNewTierSet?: boolean;
}

export interface TierChange {
  readonly customerId: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A member with what was decided of them. */
export interface DecidedMember {
  readonly member: TierMember;
  readonly standing: Standing;
  readonly decision: TierDecision;
}

/**
 * Applies the tiers in force to members, all of them in the same few statements: who rises and falls, what that gives
 * once, and the events about it. Nothing happens where no tiers were ever published.
 */
export async function reviewTiers(review: TierReview): Promise<TierChange[]> {
  const { client, merchantId, now } = review;
  const stored = await readTierSet(client, merchantId, 'published');
  if (stored === undefined || review.customerIds.length === 0) return [];
  const tierSet = toTierSet(stored);
  const context = await readTierContext(client, merchantId, now);
  const tiers = await readTiers(client, merchantId);
  // Who is excluded from the program keeps the tier they have, and neither rises nor falls.
  const participants = await participantsOf(client, merchantId, review.customerIds);
  const members = await lockTierMembers(client, merchantId, [...participants]);
  const decided = await decideMembers(client, merchantId, members, tierSet, context, tiers, now);

  await writeTierMembers(client, merchantId, updatesOf(decided, stored, tierSet, now));
  const changes = decided.flatMap(({ member, standing, decision }) =>
    decision.change === null
      ? []
      : [changeOf(member, standing, decision, decision.change, stored, review.isNewTierSet)],
  );
  await reviewTierPerks(
    review,
    decided.map(({ member, decision }) => ({
      customerId: member.customer_id,
      tierId: decision.tierId,
      isEntering: decision.change?.direction === 'up',
    })),
    stored,
    tiers,
    context,
  );
  if (changes.length === 0) return [];
  await insertTierChanges(client, merchantId, changes, now);
  await addOutboxEvents(
    client,
    merchantId,
    'tier.changed',
    changes.map(({ customer_id, from_tier_id, to_tier_id }) => ({
      customer_id,
      from: from_tier_id,
      to: to_tier_id,
    })),
  );
  await giveEntryPoints(review, changes, tiers, context);
  return changes.map(({ customer_id, from_tier_id, to_tier_id }) => ({
    customerId: customer_id,
    from: from_tier_id,
    to: to_tier_id,
  }));
}

/** Which tier each member reaches in a tier set; reads, and changes nothing. */
export async function decideMembers(
  client: PoolClient,
  merchantId: string,
  members: readonly TierMember[],
  tierSet: TierSet,
  context: TierContext,
  tiers: ReadonlyMap<string, TierRow>,
  now: Date,
): Promise<DecidedMember[]> {
  const ids = members.map(({ customer_id }) => customer_id);
  const facts = await readTierFacts(client, merchantId, ids, tierSet, context, now);
  return members.map((member) => {
    const standing = standingOf(
      tierSet,
      facts.get(member.customer_id) ?? [],
      context.calendar,
      now.getTime(),
    );
    const grace = member.vip_progress.grace_until;
    const held = { tierId: member.vip_tier_id, graceUntil: grace ? Date.parse(grace) : null };
    const tier = member.vip_tier_id === null ? undefined : tiers.get(member.vip_tier_id);
    const decision = decideTier(tierSet, held, standing, now.getTime(), tier && thresholdOf(tier));
    return { member, standing, decision };
  });
}

const isoOf = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

function updatesOf(
  decided: readonly DecidedMember[],
  stored: StoredTierSet,
  tierSet: TierSet,
  now: Date,
): MemberUpdate[] {
  return decided.flatMap(({ member, standing, decision }) => {
    const progress: StoredProgress = {
      tier_set_version: stored.version,
      // To the day: a window that moves with the clock is no reason to write a row again.
      period_start: isoOf(
        standing.periodStart === null || tierSet.period !== 'rolling_365'
          ? standing.periodStart
          : standing.periodStart - (standing.periodStart % DAY_MS),
      ),
      spend: tierSet.basis === 'points' ? null : formatAmount(standing.spend),
      points: tierSet.basis === 'spend' ? null : standing.points,
      qualified_until: isoOf(standing.holdsUntil),
      grace_until: isoOf(decision.graceUntil),
      since:
        decision.change === null
          ? (member.vip_progress.since ?? null)
          : decision.tierId === null
            ? null
            : now.toISOString(),
    };
    const isSame =
      decision.tierId === member.vip_tier_id && isSameProgress(progress, member.vip_progress);
    if (isSame) return [];
    return [
      { customer_id: member.customer_id, vip_tier_id: decision.tierId, vip_progress: progress },
    ];
  });
}

function isSameProgress(one: StoredProgress, other: Partial<StoredProgress>): boolean {
  return (Object.keys(one) as (keyof StoredProgress)[]).every((key) => one[key] === other[key]);
}

function changeOf(
  member: TierMember,
  standing: Standing,
  decision: TierDecision,
  change: { direction: TierChangeDirection; reason: TierChangeReason },
  stored: StoredTierSet,
  isNewTierSet = false,
): NewTierChange {
  return {
    customer_id: member.customer_id,
    from_tier_id: member.vip_tier_id,
    to_tier_id: decision.tierId,
    direction: change.direction,
    reason: isNewTierSet && change.reason !== 'grace_over' ? 'tiers_changed' : change.reason,
    tier_set_version: stored.version,
    spend: stored.basis === 'points' ? null : formatAmount(standing.spend),
    points: stored.basis === 'spend' ? null : standing.points,
  };
}

/** The key of what entering a tier gives: only once, since a tier keeps its id in every later version. */
export const entryKeyOf = (tierId: string, customerId: string): string =>
  `tier/${tierId}/entry/${customerId}`;

async function giveEntryPoints(
  { client, merchantId, ledger, now }: TierReview,
  changes: readonly NewTierChange[],
  tiers: ReadonlyMap<string, TierRow>,
  { program }: TierContext,
): Promise<void> {
  // A program that is switched off gives nothing.
  if (!program.isActive) return;
  const expiresAt = expiryOf(program, now);
  const awards = changes.flatMap(({ customer_id, to_tier_id, direction }): AwardItem[] => {
    const tier = to_tier_id === null ? undefined : tiers.get(to_tier_id);
    const points = tier?.benefits.entry_points ?? 0;
    if (direction !== 'up' || tier === undefined || points === 0) return [];
    return [
      {
        merchantId,
        customerId: customer_id,
        points,
        key: entryKeyOf(tier.tier_id, customer_id),
        source: 'tier',
        expiresAt,
        metadata: {
          reason_code: 'tier_entered',
          tier_id: tier.tier_id,
          subject: tier.name,
          rule_version: program.version,
        },
      },
    ];
  });
  // A member who had them before keeps them and gets no more, also where the tier gave another number then.
  if (awards.length > 0) await ledger.award(awards, client);
}
