import type { PoolClient } from 'pg';
import type {
  GetVipTierProgressResponse,
  GetVipTierStatusResponse,
  VipTierAction,
} from '#proto/points/v1/tiers.ts';
import { notFound } from '../shared/errors.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { decideMembers } from './review-tiers.ts';
import { toTierSet, toTierMessage, type StoredTierSet } from './tier-set.rules.ts';
import { gapTo, type TierSet, type Standing, type TierGap } from './tiers.rules.ts';
import { readTierSet } from './tier-sets.store.ts';
import {
  readTierContext,
  readTierMember,
  readTiers,
  type TierContext,
  type TierMember,
  type TierRow,
} from './tiers.store.ts';

interface MemberStanding {
  readonly member: TierMember;
  readonly context: TierContext;
  readonly tiers: ReadonlyMap<string, TierRow>;
  /** Absent where no tiers were published. */
  readonly on?: {
    readonly stored: StoredTierSet;
    readonly tierSet: TierSet;
    readonly standing: Standing;
  };
}

/** A member's standing as of now, not as of the last review. */
async function standingNow(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  now: Date,
): Promise<MemberStanding> {
  const member = await readTierMember(client, merchantId, customerId);
  if (member === undefined) throw notFound('customer_id');
  const context = await readTierContext(client, merchantId, now);
  const tiers = await readTiers(client, merchantId);
  const stored = await readTierSet(client, merchantId, 'published');
  if (stored === undefined) return { member, context, tiers };
  const tierSet = toTierSet(stored);
  const [decided] = await decideMembers(client, merchantId, [member], tierSet, context, tiers, now);
  if (decided === undefined) throw new Error('a member who was read has no standing');
  return { member, context, tiers, on: { stored, tierSet, standing: decided.standing } };
}

export async function readTierStatus(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  now: Date,
): Promise<GetVipTierStatusResponse> {
  const { member, context, tiers, on } = await standingNow(client, merchantId, customerId, now);
  const held = member.vip_tier_id === null ? undefined : tiers.get(member.vip_tier_id);
  const { grace_until, since } = member.vip_progress;
  const holdsUntil = on?.standing.holdsUntil ?? null;
  return {
    tier: held && toTierMessage(held),
    qualifiedUntil: held && !grace_until && holdsUntil ? new Date(holdsUntil).toISOString() : '',
    graceUntil: grace_until ?? '',
    since: since ?? '',
    currency: context.currency,
    enabled: (on?.tierSet.tiers.length ?? 0) > 0,
  };
}

export async function readTierProgress(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  now: Date,
): Promise<GetVipTierProgressResponse> {
  const { member, context, tiers, on } = await standingNow(client, merchantId, customerId, now);
  const { currency } = context;
  const held = member.vip_tier_id === null ? undefined : tiers.get(member.vip_tier_id);
  const nothing: GetVipTierProgressResponse = {
    current: held && toTierMessage(held),
    next: undefined,
    spend: '',
    points: -1,
    periodStart: '',
    percent: 0,
    actions: [],
    toKeep: [],
    currency,
    basis: '',
    period: '',
  };
  if (on === undefined) return nothing;
  const { stored, tierSet, standing } = on;
  const heldRank = tierSet.tiers.findIndex(({ tierId }) => tierId === member.vip_tier_id);
  const next = Math.max(standing.rank, heldRank) + 1;
  const gap = gapTo(tierSet, standing, next);
  const nextTier = stored.tiers[next];
  const keep = heldRank > standing.rank ? gapTo(tierSet, standing, heldRank) : undefined;
  return {
    ...nothing,
    next: nextTier && toTierMessage(nextTier),
    spend: tierSet.basis === 'points' ? '' : formatAmount(standing.spend),
    points: tierSet.basis === 'spend' ? -1 : standing.points,
    periodStart: standing.periodStart === null ? '' : new Date(standing.periodStart).toISOString(),
    percent: gap?.percent ?? 100,
    actions: actionsFor(gap, currency),
    toKeep: actionsFor(keep, currency),
    basis: tierSet.basis,
    period: tierSet.period,
  };
}

function actionsFor(gap: TierGap | undefined, currency: string): VipTierAction[] {
  if (gap === undefined) return [];
  return [
    ...(gap.spend === null || gap.spend === 0n
      ? []
      : [{ kind: 'spend', amount: { amount: formatAmount(gap.spend), currency }, points: 0 }]),
    ...(gap.points === null || gap.points === 0
      ? []
      : [{ kind: 'earn', amount: undefined, points: gap.points }]),
  ];
}
