import { shippingGift } from '#core/tiers/tier-gifts.rules.ts';
import { toTierSet } from '#core/tiers/tier-set.rules.ts';
import { DAY_MS, decideTier, standingOf, type TierFact } from '#core/tiers/tiers.rules.ts';
import type { StoredProgress } from '#core/tiers/tiers.store.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import { giveGift, isLive } from './redeem.ts';
import type { Life, Member } from './state.ts';
import { expiryAt } from './sums.ts';

export interface TierMove {
  readonly customerId: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** As review-tiers.ts in core: who rises and falls, and what that gives once. */
export function reviewTiers(life: Life, member: Member, at: number): TierMove[] {
  const { tierSet: stored } = life.rules;
  const tierSet = toTierSet(stored);
  const facts: TierFact[] = member.orders
    .filter(({ row }) => row.counts)
    .map(({ orderedAt, net }) => ({ at: orderedAt, spend: net, points: 0 }));
  const standing = standingOf(tierSet, facts, yearsAround(life, at), at);
  member.tierYear = life.calendar.dayOf(at).year;
  const grace = member.progress.grace_until;
  const decision = decideTier(
    tierSet,
    { tierId: member.tierId, graceUntil: grace ? Date.parse(grace) : null },
    standing,
    at,
  );
  const { change, tierId } = decision;
  const from = member.tierId;
  const progress: StoredProgress = {
    tier_set_version: stored.version,
    period_start: iso(
      standing.periodStart === null || tierSet.period !== 'rolling_365'
        ? standing.periodStart
        : standing.periodStart - (standing.periodStart % DAY_MS),
    ),
    spend: tierSet.basis === 'points' ? null : formatAmount(standing.spend),
    points: tierSet.basis === 'spend' ? null : standing.points,
    qualified_until: iso(standing.holdsUntil),
    grace_until: iso(decision.graceUntil),
    since:
      change === null
        ? (member.progress.since ?? null)
        : tierId === null
          ? null
          : new Date(at).toISOString(),
  };
  if (tierId !== from || JSON.stringify(progress) !== JSON.stringify(member.progress))
    member.changedAt = at;
  Object.assign(member, { progress, tierId });
  givePerks(life, member, at);
  if (change === null) return [];
  life.tierChanges.push({
    customer_id: member.customerId,
    from_tier_id: from,
    to_tier_id: tierId,
    direction: change.direction,
    reason: change.reason,
    tier_set_version: stored.version,
    spend: progress.spend,
    points: progress.points,
    created_at: at,
  });
  if (change.direction === 'up') giveEntryPoints(life, member, at);
  return [{ customerId: member.customerId, from, to: tierId }];
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function yearsAround({ calendar }: Life, at: number) {
  const { year } = calendar.dayOf(at);
  return {
    lastYear: calendar.yearStart(year - 1),
    thisYear: calendar.yearStart(year),
    nextYear: calendar.yearStart(year + 1),
    yearAfterNext: calendar.yearStart(year + 2),
  };
}

/** Free shipping is one code at a time; a tier that gives none takes back what another gave. */
function givePerks(life: Life, member: Member, at: number): void {
  const tier = life.rules.tierSet.tiers.find(({ tier_id }) => tier_id === member.tierId);
  const given = member.redemptions.filter(({ gift }) => gift === 'tier_shipping');
  // One that is still being made is as good as made.
  const hasLive = given.some((one) => isLive(one, Math.max(at, one.completed_at)));
  if (tier?.benefits.free_shipping !== true || hasLive) return;
  giveGift(
    life,
    member,
    {
      gift: 'tier_shipping',
      tierId: tier.tier_id,
      reward: shippingGift(life.rules.currency),
      value: null,
      key: `tier/shipping/${member.customerId}/${given.length + 1}`,
    },
    at,
  );
}

function giveEntryPoints(life: Life, member: Member, at: number): void {
  const { program, tierSet } = life.rules;
  const tier = tierSet.tiers.find(({ tier_id }) => tier_id === member.tierId);
  const points = tier?.benefits.entry_points ?? 0;
  if (tier === undefined || points === 0) return;
  const key = `tier/${tier.tier_id}/entry/${member.customerId}`;
  if (member.ledger.entries.some(({ idempotency_key }) => idempotency_key === key)) return;
  member.ledger.credit(
    {
      at,
      points,
      key,
      type: 'earn',
      source: 'tier',
      metadata: {
        reason_code: 'tier_entered',
        tier_id: tier.tier_id,
        subject: tier.name,
        rule_version: program.version,
      },
    },
    expiryAt(life, at),
  );
}
