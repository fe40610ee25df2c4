import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideTier,
  gapTo,
  standingOf,
  DAY_MS,
  type TierSet,
  type Threshold,
  type TierCalendar,
  type TierFact,
} from './tiers.rules.ts';
import { TIER_BASES } from '#vocabulary/tiers.ts';

const units = (amount: number): bigint => BigInt(amount) * 10_000n;
const NOW = Date.UTC(2026, 10, 25);
const calendar: TierCalendar = {
  lastYear: Date.UTC(2025, 0, 1),
  thisYear: Date.UTC(2026, 0, 1),
  nextYear: Date.UTC(2027, 0, 1),
  yearAfterNext: Date.UTC(2028, 0, 1),
};

/** Bronze from nothing, Silver from 100, Gold from 500: in money, and ten times that in points. */
const tierSet: TierSet = {
  basis: 'spend',
  period: 'lifetime',
  graceDays: 30,
  tiers: [
    { tierId: 'bronze', spend: 0n, points: 0 },
    { tierId: 'silver', spend: units(100), points: 1_000 },
    { tierId: 'gold', spend: units(500), points: 5_000 },
  ],
};
const bought = (amount: number, at = NOW): TierFact => ({ at, spend: units(amount), points: 0 });
const rankAt = (changes: Partial<TierSet>, facts: readonly TierFact[], now = NOW) =>
  standingOf({ ...tierSet, ...changes }, facts, calendar, now).rank;

describe('what counts', () => {
  it('is money, points, either or both, as the shop chose', () => {
    const facts = [{ at: NOW, spend: units(500), points: 1_000 }];
    expect(rankAt({ basis: 'spend' }, facts)).toBe(2);
    expect(rankAt({ basis: 'points' }, facts)).toBe(1);
    expect(rankAt({ basis: 'any' }, facts)).toBe(2);
    expect(rankAt({ basis: 'all' }, facts)).toBe(1);
  });

  it('reaches a tier at its threshold and not a ten-thousandth below', () => {
    expect(rankAt({}, [bought(100)])).toBe(1);
    expect(rankAt({}, [{ at: NOW, spend: units(100) - 1n, points: 0 }])).toBe(0);
  });

  it('lies below all tiers where the first tier has a threshold', () => {
    expect(rankAt({ tiers: tierSet.tiers.slice(1) }, [bought(99)])).toBe(-1);
  });

  it('in a calendar year holds until the end of the next, and starts from zero toward the next tier', () => {
    const years = { ...tierSet, period: 'calendar_year' as const };
    const lastYear = bought(600, Date.UTC(2025, 5, 1));
    const now = standingOf(years, [lastYear, bought(120)], calendar, NOW);
    expect(now).toMatchObject({ rank: 2, spend: units(120), holdsUntil: calendar.nextYear });
    const thisYear = standingOf(years, [bought(600)], calendar, NOW);
    expect(thisYear).toMatchObject({ rank: 2, holdsUntil: calendar.yearAfterNext });
    const before = standingOf(years, [bought(600, Date.UTC(2024, 11, 31))], calendar, NOW);
    expect(before).toMatchObject({ rank: 0, holdsUntil: null });
  });

  it('in rolling years counts for 365 days, and says when that ends', () => {
    const rolling = { ...tierSet, period: 'rolling_365' as const };
    const old = bought(450, NOW - 300 * DAY_MS);
    const standing = standingOf(rolling, [bought(60), old], calendar, NOW);
    expect(standing).toMatchObject({ rank: 2, holdsUntil: old.at + 365 * DAY_MS });
    expect(rankAt(rolling, [bought(60), bought(450, NOW - 365 * DAY_MS)])).toBe(0);
  });
});

describe('where a member stands', () => {
  const years = { ...tierSet, period: 'calendar_year' as const };
  const lastYear = Date.UTC(2025, 5, 1);

  it('for life counts everything, from no beginning, and never ends', () => {
    expect(standingOf(tierSet, [bought(60, 0), bought(60)], calendar, NOW)).toEqual({
      rank: 1,
      spend: units(120),
      points: 0,
      periodStart: null,
      holdsUntil: null,
    });
  });

  it('by calendar years counts from the first moment of this year', () => {
    const atTheTurn = bought(100, calendar.thisYear);
    expect(standingOf(years, [atTheTurn], calendar, NOW)).toEqual({
      rank: 1,
      spend: units(100),
      points: 0,
      periodStart: calendar.thisYear,
      holdsUntil: calendar.yearAfterNext,
    });
    const before = { ...atTheTurn, at: calendar.thisYear - 1 };
    expect(standingOf(years, [before], calendar, NOW)).toMatchObject({
      rank: 1,
      spend: 0n,
      holdsUntil: calendar.nextYear,
    });
    expect(rankAt(years, [bought(100, calendar.lastYear)])).toBe(1);
    expect(rankAt(years, [bought(100, calendar.lastYear - 1)])).toBe(0);
  });

  it('holds longest by the year that reached as much: this one when both did', () => {
    const both = [bought(600, lastYear), bought(600)];
    expect(standingOf(years, both, calendar, NOW).holdsUntil).toBe(calendar.yearAfterNext);
    // What was bought last year and what was bought this year are not added up.
    expect(rankAt(years, [bought(60, lastYear), bought(60)])).toBe(0);
  });

  it('in rolling years counts from 365 days ago, without that moment', () => {
    const rolling = { ...tierSet, period: 'rolling_365' as const };
    const standing = standingOf(rolling, [bought(100, NOW - 365 * DAY_MS + 1)], calendar, NOW);
    expect(standing).toMatchObject({
      rank: 1,
      periodStart: NOW - 365 * DAY_MS,
      holdsUntil: NOW + 1,
    });
    const both = [{ at: NOW, spend: units(100), points: 1_000 }];
    expect(standingOf({ ...rolling, basis: 'points' }, both, calendar, NOW)).toMatchObject({
      spend: units(100),
      points: 1_000,
      rank: 1,
      holdsUntil: NOW + 365 * DAY_MS,
    });
  });

  it('reaches nothing by what a tier does not ask for', () => {
    const bySpend = { tierId: 'a', spend: units(1), points: null };
    const byPoints = { tierId: 'b', spend: null, points: 1 };
    const rich = [{ at: NOW, spend: units(100), points: 100 }];
    expect(rankAt({ basis: 'points', tiers: [bySpend] }, rich)).toBe(-1);
    expect(rankAt({ basis: 'spend', tiers: [byPoints] }, rich)).toBe(-1);
    expect(rankAt({ basis: 'any', tiers: [byPoints] }, rich)).toBe(0);
    expect(rankAt({ basis: 'all', tiers: [byPoints] }, rich)).toBe(-1);
  });
});

describe('a tier that was taken out', () => {
  const now = (basis: TierSet['basis'], rank: number, retired?: Threshold) =>
    decideTier({ ...tierSet, basis }, { tierId: 'old', graceUntil: null }, { rank }, NOW, retired)
      .change?.direction ?? 'kept';
  const old = (spend: number | null, points: number | null): Threshold => ({
    tierId: 'old',
    spend: spend === null ? null : units(spend),
    points,
  });

  it.each([
    ['spend', old(300, null), 'kept', 'up'],
    ['spend', old(500, null), 'kept', 'kept'],
    ['spend', old(99, null), 'up', 'up'],
    ['points', old(null, 3_000), 'kept', 'up'],
    ['points', old(5_000, 999), 'up', 'up'],
    ['any', old(300, 3_000), 'kept', 'up'],
    ['any', old(300, 5_000), 'kept', 'up'],
    ['all', old(5_000, 3_000), 'kept', 'up'],
    ['all', old(5_000, 5_000), 'kept', 'kept'],
    // What cannot be compared is in the member's favour.
    ['spend', old(null, 3_000), 'kept', 'kept'],
    ['points', old(300, null), 'kept', 'kept'],
    ['spend', undefined, 'kept', 'kept'],
  ] as const)('by %s, of %o: silver is %s, gold is %s', (basis, retired, silver, gold) => {
    expect([now(basis, 1, retired), now(basis, 2, retired)]).toEqual([silver, gold]);
  });
});

describe('a member', () => {
  const decide = (
    tierId: string | null,
    rank: number,
    graceUntil: number | null = null,
    graceDays = 30,
  ) => decideTier({ ...tierSet, graceDays }, { tierId, graceUntil }, { rank }, NOW);

  it('without a tier stays so below the first tier, and rises into its first tier', () => {
    expect(decide(null, -1)).toEqual({ tierId: null, graceUntil: null, change: null });
    expect(decide(null, 0)).toMatchObject({ tierId: 'bronze', change: { direction: 'up' } });
  });

  it('rises at once, over several tiers too', () => {
    expect(decide('bronze', 2)).toEqual({
      tierId: 'gold',
      graceUntil: null,
      change: { direction: 'up', reason: 'reached' },
    });
  });

  it('keeps a tier they no longer reach for the grace period, then falls to what they reach', () => {
    const until = NOW + 30 * DAY_MS;
    expect(decide('gold', 0)).toEqual({ tierId: 'gold', graceUntil: until, change: null });
    expect(decide('gold', 0, NOW + 1)).toMatchObject({ tierId: 'gold', graceUntil: NOW + 1 });
    expect(decide('gold', 0, NOW)).toEqual({
      tierId: 'bronze',
      graceUntil: null,
      change: { direction: 'down', reason: 'grace_over' },
    });
  });

  it('who reaches it again within the grace keeps it without a change', () => {
    expect(decide('gold', 2, NOW + DAY_MS)).toEqual({
      tierId: 'gold',
      graceUntil: null,
      change: null,
    });
  });

  it('falls at once where there is no grace', () => {
    expect(decide('gold', 1, null, 0)).toMatchObject({
      tierId: 'silver',
      change: { direction: 'down', reason: 'no_grace' },
    });
  });

  it('keeps a tier that was removed from the tiers until the grace period ends, or a higher one is reached', () => {
    const platinum = { tierId: 'platinum', spend: units(300), points: 3_000 };
    const held = { tierId: 'platinum', graceUntil: null };
    const next = (rank: number) => decideTier(tierSet, held, { rank }, NOW, platinum);
    expect(next(1)).toMatchObject({ tierId: 'platinum', graceUntil: NOW + 30 * DAY_MS });
    expect(next(2)).toMatchObject({ tierId: 'gold', change: { direction: 'up' } });
    const top = { tierId: 'diamond', spend: units(5_000), points: 50_000 };
    expect(
      decideTier(tierSet, { tierId: 'diamond', graceUntil: null }, { rank: 1 }, NOW, top),
    ).toMatchObject({ tierId: 'diamond', change: null });
  });

  it('keeps the tier for the grace period also when all tiers are removed', () => {
    const none = { ...tierSet, tiers: [] };
    const held = { tierId: 'gold', graceUntil: null };
    const decided = decideTier(none, held, { rank: -1 }, NOW, tierSet.tiers[2]);
    expect(decided).toMatchObject({ tierId: 'gold', graceUntil: NOW + 30 * DAY_MS });
    expect(
      decideTier(none, { ...held, graceUntil: NOW }, { rank: -1 }, NOW, tierSet.tiers[2]),
    ).toMatchObject({ tierId: null, change: { direction: 'down' } });
  });
});

describe('what is missing', () => {
  const measure = { spend: units(250), points: 4_000 };
  it('is given in what counts, with the progress in percent', () => {
    expect(gapTo(tierSet, measure, 2)).toEqual({
      tierId: 'gold',
      spend: units(250),
      points: null,
      percent: 50,
    });
    expect(gapTo({ ...tierSet, basis: 'any' }, measure, 2)).toMatchObject({
      spend: units(250),
      points: 1_000,
      percent: 80,
    });
    expect(gapTo({ ...tierSet, basis: 'all' }, measure, 2)).toMatchObject({ percent: 50 });
  });

  it('is told in points where points count', () => {
    expect(gapTo({ ...tierSet, basis: 'points' }, measure, 2)).toEqual({
      tierId: 'gold',
      spend: null,
      points: 1_000,
      percent: 80,
    });
    expect(gapTo({ ...tierSet, basis: 'all' }, measure, 2)).toMatchObject({
      spend: units(250),
      points: 1_000,
    });
  });

  it('is nothing of a tier that is reached, or that asks for nothing', () => {
    const reached = { tierId: 'silver', spend: 0n, points: null, percent: 100 };
    expect(gapTo(tierSet, measure, 1)).toEqual(reached);
    expect(gapTo(tierSet, { spend: 0n, points: 0 }, 0)).toMatchObject({ spend: 0n, percent: 100 });
    expect(gapTo({ ...tierSet, basis: 'points' }, { spend: 0n, points: 9_000 }, 2)).toMatchObject({
      points: 0,
      percent: 100,
    });
    expect(gapTo(tierSet, measure, 3)).toBeUndefined();
  });

  it('is all of it where more was refunded than bought', () => {
    const less = { spend: -units(50), points: -1 };
    expect(gapTo({ ...tierSet, basis: 'any' }, less, 2)).toEqual({
      tierId: 'gold',
      spend: units(500),
      points: 5_000,
      percent: 0,
    });
  });

  it('is told of what a tier asks for alone', () => {
    const half = {
      ...tierSet,
      basis: 'any' as const,
      tiers: [{ tierId: 'a', spend: units(100), points: null }],
    };
    expect(gapTo(half, { spend: units(30), points: 0 }, 0)).toEqual({
      tierId: 'a',
      spend: units(70),
      points: null,
      percent: 30,
    });
    const other = { ...half, tiers: [{ tierId: 'a', spend: null, points: 200 }] };
    expect(gapTo(other, { spend: 0n, points: 50 }, 0)).toEqual({
      tierId: 'a',
      spend: null,
      points: 150,
      percent: 25,
    });
  });

  it('never rounds up to done', () => {
    expect(gapTo(tierSet, { spend: units(500) - 1n, points: 0 }, 2)?.percent).toBe(99);
  });
});

const fact = fc.record({
  at: fc.integer({ min: NOW - 700 * DAY_MS, max: NOW }),
  spend: fc.bigInt({ min: 0n, max: units(400) }),
  points: fc.nat(4_000),
});
const anyTierSet = fc.record({
  basis: fc.constantFrom(...TIER_BASES),
  period: fc.constantFrom('lifetime' as const, 'calendar_year' as const, 'rolling_365' as const),
  graceDays: fc.nat(60),
  tiers: fc
    .uniqueArray(fc.nat(900), { minLength: 0, maxLength: 5 })
    .map((amounts) =>
      amounts
        .sort((a, b) => a - b)
        .map((amount, nth) => ({ tierId: `t${nth}`, spend: units(amount), points: amount * 10 })),
    ),
});

describe('whatever happened', () => {
  it('buying more never lowers a member, and returning it restores the tier', () => {
    fc.assert(
      fc.property(anyTierSet, fc.array(fact, { maxLength: 8 }), fact, (rules, facts, more) => {
        const before = standingOf(rules, facts, calendar, NOW);
        const after = standingOf(rules, [...facts, more], calendar, NOW);
        expect(after.rank).toBeGreaterThanOrEqual(before.rank);
        const undone = { at: more.at, spend: -more.spend, points: -more.points };
        expect(standingOf(rules, [...facts, more, undone], calendar, NOW)).toMatchObject({
          rank: before.rank,
          spend: before.spend,
          points: before.points,
        });
      }),
    );
  });

  it('the order of facts does not matter', () => {
    fc.assert(
      fc.property(anyTierSet, fc.array(fact, { maxLength: 8 }), (rules, facts) => {
        expect(standingOf(rules, [...facts].reverse(), calendar, NOW)).toEqual(
          standingOf(rules, facts, calendar, NOW),
        );
      }),
    );
  });

  it('a tier in rolling years holds until the time it states, and not beyond', () => {
    fc.assert(
      fc.property(anyTierSet, fc.array(fact, { maxLength: 8 }), (rules, facts) => {
        const rolling = { ...rules, period: 'rolling_365' as const };
        const { rank, holdsUntil } = standingOf(rolling, facts, calendar, NOW);
        const rankLater = (at: number) => standingOf(rolling, facts, calendar, at).rank;
        if (holdsUntil === null) expect(rankLater(NOW + 400 * DAY_MS)).toBe(rank);
        else {
          expect(rankLater(holdsUntil - 1)).toBe(rank);
          expect(rankLater(holdsUntil)).toBeLessThan(rank);
        }
      }),
    );
  });

  it('no member is below the tier they reach or falls before the grace period ends, and all end in the tier they reach', () => {
    fc.assert(
      fc.property(
        anyTierSet,
        fc.array(fc.record({ rank: fc.integer({ min: -1, max: 4 }), days: fc.nat(40) }), {
          minLength: 1,
          maxLength: 12,
        }),
        (rules, steps) => {
          let held: { tierId: string | null; graceUntil: number | null } = {
            tierId: null,
            graceUntil: null,
          };
          const indexOf = (tierId: string | null) =>
            rules.tiers.findIndex((tier) => tier.tierId === tierId);
          let now = NOW;
          for (const step of steps) {
            now += step.days * DAY_MS;
            const rank = Math.min(step.rank, rules.tiers.length - 1);
            const next = decideTier(rules, held, { rank }, now);
            const index = indexOf(next.tierId);
            expect(index).toBeGreaterThanOrEqual(rank);
            if (next.change?.direction === 'down')
              expect(rules.graceDays === 0 || (held.graceUntil ?? Infinity) <= now).toBe(true);
            expect(next.graceUntil !== null).toBe(index > rank);
            held = { tierId: next.tierId, graceUntil: next.graceUntil };
          }
          const rank = Math.min(steps.at(-1)?.rank ?? -1, rules.tiers.length - 1);
          const end = decideTier(rules, held, { rank }, now + (rules.graceDays + 1) * DAY_MS);
          expect(indexOf(end.tierId)).toBe(rank);
        },
      ),
    );
  });
});
