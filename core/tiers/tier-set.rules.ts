import type { VipBenefits, VipTierSet, VipTier } from '#proto/points/v1/tiers.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import type { TierSet, Threshold } from './tiers.rules.ts';
import type { TierBasis, TierPeriod } from '#vocabulary/tiers.ts';

/** A tier set as vip_tier_sets keeps it, and its conversion from and to messages. */
export interface StoredTier {
  readonly tier_id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly spend: string | null;
  readonly points: number | null;
  readonly benefits: StoredBenefits;
}

/** vip_tiers.benefits; what is not there is not given. */
export interface StoredBenefits {
  readonly points_multiplier?: string;
  readonly entry_points?: number;
  readonly early_access?: boolean;
  readonly free_shipping?: boolean;
  readonly entry_reward_id?: string;
  readonly perks?: Readonly<Record<string, string>>;
}

export interface StoredTierSet {
  readonly version: number;
  readonly status: string;
  readonly basis: TierBasis;
  readonly period: TierPeriod;
  readonly grace_days: number;
  readonly tiers: readonly StoredTier[];
  readonly restores_version: number | null;
  readonly actor: string | null;
  readonly published_at: Date | null;
}

export const TIER_SET_LIMITS = {
  maxTiers: 10,
  maxPoints: 1_000_000_000_000,
  maxEntryPoints: 1_000_000,
  maxGraceDays: 365,
  maxMultiplier: 10n * 10_000n,
} as const;

const ONE = 10_000n;

export interface TierSetProblem {
  readonly field: string;
  readonly message: string;
}

/** What is wrong with a tier set that has the right shape, naming the first field, or undefined. */
export function tierSetProblem(tierSet: VipTierSet): TierSetProblem | undefined {
  const countsSpend = tierSet.basis !== 'points';
  const countsPoints = tierSet.basis !== 'spend';
  let below: { spend: bigint; points: number } | undefined;
  for (const [index, tier] of tierSet.tiers.entries()) {
    const field = (name: string) => `tier_set.tiers[${index}].${name}`;
    if (!Object.values(tier.names).some((name) => name.trim() !== ''))
      return { field: field('names'), message: 'a name in at least one language' };
    const spend = countsSpend ? parseAmount(tier.spendThreshold) : 0n;
    if (spend === undefined || spend < 0n)
      return { field: field('spend_threshold'), message: 'an amount of 0 or more' };
    const points = countsPoints ? tier.pointsThreshold : 0;
    if (points < 0)
      return { field: field('points_threshold'), message: 'a whole number of 0 or more' };
    if (below !== undefined) {
      if (countsSpend && spend <= below.spend)
        return { field: field('spend_threshold'), message: 'more than the tier below asks for' };
      if (countsPoints && points <= below.points)
        return { field: field('points_threshold'), message: 'more than the tier below asks for' };
    }
    below = { spend, points };
    const multiplier = multiplierOf(tier.benefits);
    if (multiplier === undefined || multiplier < ONE || multiplier > TIER_SET_LIMITS.maxMultiplier)
      return { field: field('benefits.points_multiplier'), message: 'a number from 1 to 10' };
  }
  return undefined;
}

function multiplierOf(benefits: VipBenefits | undefined): bigint | undefined {
  const text = benefits?.pointsMultiplier ?? '';
  return text === '' ? ONE : parseAmount(text);
}

/** Only what says something: empty words and neutral values are left out. */
function benefitsFromMessage(benefits: VipBenefits | undefined): StoredBenefits {
  const multiplier = multiplierOf(benefits) ?? ONE;
  const perks = wordsOf(benefits?.perks ?? {});
  const entryPoints = benefits?.entryPoints ?? 0;
  return {
    ...(multiplier > ONE && { points_multiplier: shortDecimal(multiplier) }),
    ...(entryPoints > 0 && { entry_points: entryPoints }),
    ...(benefits?.earlyAccess === true && { early_access: true }),
    ...(benefits?.freeShipping === true && { free_shipping: true }),
    ...(benefits?.entryRewardId && { entry_reward_id: benefits.entryRewardId }),
    ...(Object.keys(perks).length > 0 && { perks }),
  };
}

function wordsOf(words: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words)
      .map(([language, text]) => [language, text.trim()] as const)
      .filter(([, text]) => text !== ''),
  );
}

const shortDecimal = (value: bigint): string => formatAmount(value).replace(/\.?0+$/, '');

/** @param idOf a tier's own id, or a new one */
export function tiersFromMessage(
  tierSet: VipTierSet,
  idOf: (tier: VipTier, index: number) => string,
): readonly StoredTier[] {
  return tierSet.tiers.map((tier, index) => ({
    tier_id: idOf(tier, index),
    name: wordsOf(tier.names),
    spend: tierSet.basis === 'points' ? null : formatAmount(parseAmount(tier.spendThreshold) ?? 0n),
    points: tierSet.basis === 'spend' ? null : tier.pointsThreshold,
    benefits: benefitsFromMessage(tier.benefits),
  }));
}

export function thresholdOf(tier: {
  readonly tier_id: string;
  readonly spend: string | null;
  readonly points: number | null;
}): Threshold {
  return {
    tierId: tier.tier_id,
    spend: tier.spend === null ? null : (parseAmount(tier.spend) ?? 0n),
    points: tier.points,
  };
}

export function toTierSet(
  stored: Pick<StoredTierSet, 'basis' | 'period' | 'grace_days' | 'tiers'>,
): TierSet {
  return {
    basis: stored.basis,
    period: stored.period,
    graceDays: stored.grace_days,
    tiers: stored.tiers.map(thresholdOf),
  };
}

type Content = Pick<StoredTierSet, 'basis' | 'period' | 'grace_days' | 'tiers'>;

const contentOf = ({ basis, period, grace_days, tiers }: Content) => [
  basis,
  period,
  grace_days,
  tiers,
];

/** What an editor of the tiers has in front of them: the draft, and what is in force. */
export const tierSetsRevision = (
  draft: Content | undefined,
  published: StoredTierSet | undefined,
): string => revisionOf([draft ? contentOf(draft) : null, published?.version ?? 0]);

export function toTierMessage(tier: StoredTier, members = 0): VipTier {
  const { benefits } = tier;
  return {
    tierId: tier.tier_id,
    names: { ...tier.name },
    spendThreshold: tier.spend ?? '',
    pointsThreshold: tier.points ?? -1,
    benefits: {
      pointsMultiplier: benefits.points_multiplier ?? '1',
      entryPoints: benefits.entry_points ?? 0,
      earlyAccess: benefits.early_access ?? false,
      perks: { ...benefits.perks },
      entryRewardId: benefits.entry_reward_id ?? '',
      freeShipping: benefits.free_shipping ?? false,
    },
    members,
  };
}

export function toTierSetMessage(
  stored: StoredTierSet,
  members: ReadonlyMap<string, number> = new Map(),
): VipTierSet {
  return {
    version: stored.version,
    status: stored.status,
    basis: stored.basis,
    period: stored.period,
    graceDays: stored.grace_days,
    tiers: stored.tiers.map((tier) => toTierMessage(tier, members.get(tier.tier_id) ?? 0)),
    publishedAt: stored.published_at?.toISOString() ?? '',
    actor: stored.actor ?? '',
    restoresVersion: stored.restores_version ?? 0,
  };
}
