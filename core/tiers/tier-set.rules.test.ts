import { describe, expect, it } from 'vitest';
import { VipTierSet, VipTier } from '#proto/points/v1/tiers.ts';
import {
  tierSetProblem,
  tierSetsRevision,
  thresholdOf,
  tiersFromMessage,
  toTierSet,
  toTierSetMessage,
  toTierMessage,
  type StoredTierSet,
} from './tier-set.rules.ts';
import type { TierBasis } from '#vocabulary/tiers.ts';

type Written = Parameters<typeof VipTier.fromPartial>[0];
const silver = { names: { en: 'Silver' }, spendThreshold: '100', pointsThreshold: 1_000 };
const gold = { names: { en: 'Gold' }, spendThreshold: '500', pointsThreshold: 5_000 };
const tierSet = (basis: TierBasis, ...tiers: Written[]) =>
  VipTierSet.fromPartial({
    basis,
    period: 'lifetime',
    graceDays: 30,
    tiers: tiers.map((tier) => VipTier.fromPartial(tier)),
  });
const factor = (pointsMultiplier: string) => ({ ...silver, benefits: { pointsMultiplier } });

describe('a tier set that a merchant writes', () => {
  it.each([
    ['of tiers that ask for more and more', tierSet('spend', silver, gold)],
    ['by points', tierSet('points', silver, gold)],
    ['by both', tierSet('all', silver, gold)],
    [
      'that begins at nothing',
      tierSet('any', { ...silver, spendThreshold: '0', pointsThreshold: 0 }),
    ],
    ['without tiers', tierSet('spend')],
    [
      'named in one language alone',
      tierSet('spend', { ...silver, names: { en: ' ', fr: 'Argent' } }),
    ],
    ['with a multiplier of 1', tierSet('spend', factor('1'))],
    ['with a multiplier of 10', tierSet('spend', factor('10'))],
    [
      'by money, whatever its points say',
      tierSet(
        'spend',
        { ...silver, pointsThreshold: -1 },
        {
          ...gold,
          pointsThreshold: -1,
        },
      ),
    ],
    [
      'by points, whatever its money says',
      tierSet(
        'points',
        { ...silver, spendThreshold: 'x' },
        {
          ...gold,
          spendThreshold: '',
        },
      ),
    ],
  ])('%s is a right one', (_what, message) => {
    expect(tierSetProblem(message)).toBeUndefined();
  });

  it.each([
    ['names', 'a name in at least one language', tierSet('spend', { ...silver, names: {} })],
    [
      'names',
      'a name in at least one language',
      tierSet('spend', { ...silver, names: { en: ' ' } }),
    ],
    [
      'spend_threshold',
      'an amount of 0 or more',
      tierSet('spend', { ...silver, spendThreshold: '-1' }),
    ],
    [
      'spend_threshold',
      'an amount of 0 or more',
      tierSet('any', { ...silver, spendThreshold: 'ten' }),
    ],
    [
      'spend_threshold',
      'an amount of 0 or more',
      tierSet('all', { ...silver, spendThreshold: '' }),
    ],
    [
      'points_threshold',
      'a whole number of 0 or more',
      tierSet('points', { ...silver, pointsThreshold: -1 }),
    ],
    [
      'points_threshold',
      'a whole number of 0 or more',
      tierSet('any', { ...silver, pointsThreshold: -1 }),
    ],
    ['benefits.points_multiplier', 'a number from 1 to 10', tierSet('spend', factor('0.9999'))],
    ['benefits.points_multiplier', 'a number from 1 to 10', tierSet('spend', factor('10.0001'))],
    ['benefits.points_multiplier', 'a number from 1 to 10', tierSet('spend', factor('twice'))],
  ])('names %s when it must be %s', (field, message, written) => {
    expect(tierSetProblem(written)).toEqual({ field: `tier_set.tiers[0].${field}`, message });
  });

  it.each([
    ['spend', 'spend_threshold', { ...gold, spendThreshold: '100' }],
    ['spend', 'spend_threshold', { ...gold, spendThreshold: '99.99' }],
    ['all', 'spend_threshold', { ...gold, spendThreshold: '100.00' }],
    ['points', 'points_threshold', { ...gold, pointsThreshold: 1_000 }],
    ['any', 'points_threshold', { ...gold, pointsThreshold: 999 }],
  ] as [TierBasis, string, Written][])(
    'by %s asks for more than the tier below: %s',
    (basis, field, second) => {
      expect(tierSetProblem(tierSet(basis, silver, second))).toEqual({
        field: `tier_set.tiers[1].${field}`,
        message: 'more than the tier below asks for',
      });
    },
  );

  it('compares each tier with the one just below it', () => {
    const top = { names: { en: 'Top' }, spendThreshold: '400', pointsThreshold: 9_000 };
    expect(tierSetProblem(tierSet('spend', silver, gold, top))?.field).toBe(
      'tier_set.tiers[2].spend_threshold',
    );
  });
});

const idOf = (tier: VipTier, index: number) => tier.tierId || `new-${index}`;

describe('a tier set as it is kept', () => {
  it('holds what says something, and leaves out empty words and benefits that are none', () => {
    const plain = {
      ...silver,
      names: { en: ' Silver ', es: ' ' },
      benefits: { pointsMultiplier: '1' },
    };
    const rich = {
      ...gold,
      tierId: 'g',
      benefits: {
        pointsMultiplier: '1.50',
        entryPoints: 100,
        earlyAccess: true,
        freeShipping: true,
        entryRewardId: 'r',
        perks: { en: ' A card ', fr: '' },
      },
    };
    expect(tiersFromMessage(tierSet('any', plain, rich), idOf)).toEqual([
      { tier_id: 'new-0', name: { en: 'Silver' }, spend: '100.00', points: 1_000, benefits: {} },
      {
        tier_id: 'g',
        name: { en: 'Gold' },
        spend: '500.00',
        points: 5_000,
        benefits: {
          points_multiplier: '1.5',
          entry_points: 100,
          early_access: true,
          free_shipping: true,
          entry_reward_id: 'r',
          perks: { en: 'A card' },
        },
      },
    ]);
    expect(tiersFromMessage(tierSet('any', silver), idOf)[0]?.benefits).toEqual({});
    const onePoint = { ...silver, benefits: { entryPoints: 1 } };
    expect(tiersFromMessage(tierSet('any', onePoint), idOf)[0]?.benefits).toEqual({
      entry_points: 1,
    });
    expect(tiersFromMessage(tierSet('any', factor('2')), idOf)[0]?.benefits).toEqual({
      points_multiplier: '2',
    });
  });

  it.each([
    ['spend', '100.00', null],
    ['points', null, 1_000],
    ['any', '100.00', 1_000],
    ['all', '100.00', 1_000],
  ] as const)('by %s keeps what counts: %s, %s', (basis, spend, points) => {
    expect(tiersFromMessage(tierSet(basis, silver), idOf)).toMatchObject([{ spend, points }]);
  });

  it('is judged by its thresholds: money in ten-thousandths, nothing where it does not count', () => {
    const [byBoth] = tiersFromMessage(tierSet('any', silver), idOf);
    expect(thresholdOf(byBoth!)).toEqual({ tierId: 'new-0', spend: 1_000_000n, points: 1_000 });
    expect(thresholdOf({ tier_id: 'a', spend: null, points: null })).toEqual({
      tierId: 'a',
      spend: null,
      points: null,
    });
    expect(thresholdOf({ tier_id: 'a', spend: 'broken', points: 0 })).toMatchObject({
      spend: 0n,
      points: 0,
    });
  });
});

const stored: StoredTierSet = {
  version: 3,
  status: 'published',
  basis: 'any',
  period: 'calendar_year',
  grace_days: 14,
  tiers: [
    { tier_id: 'b', name: { en: 'Bronze' }, spend: null, points: null, benefits: {} },
    {
      tier_id: 'g',
      name: { en: 'Gold' },
      spend: '500.00',
      points: 0,
      benefits: {
        points_multiplier: '1.5',
        entry_points: 100,
        early_access: true,
        free_shipping: true,
        entry_reward_id: 'r',
        perks: { en: 'A card' },
      },
    },
  ],
  restores_version: 1,
  actor: 'staff:1',
  published_at: new Date('2026-11-01T00:00:00Z'),
};

describe('a tier set that is kept', () => {
  it('is judged by its rules', () => {
    expect(toTierSet(stored)).toEqual({
      basis: 'any',
      period: 'calendar_year',
      graceDays: 14,
      tiers: [
        { tierId: 'b', spend: null, points: null },
        { tierId: 'g', spend: 5_000_000n, points: 0 },
      ],
    });
  });

  it('is told with all that a tier gives, and with how many members stand in it', () => {
    expect(toTierSetMessage(stored, new Map([['g', 7]]))).toEqual({
      version: 3,
      status: 'published',
      basis: 'any',
      period: 'calendar_year',
      graceDays: 14,
      tiers: [
        {
          tierId: 'b',
          names: { en: 'Bronze' },
          spendThreshold: '',
          pointsThreshold: -1,
          benefits: {
            pointsMultiplier: '1',
            entryPoints: 0,
            earlyAccess: false,
            perks: {},
            entryRewardId: '',
            freeShipping: false,
          },
          members: 0,
        },
        {
          tierId: 'g',
          names: { en: 'Gold' },
          spendThreshold: '500.00',
          pointsThreshold: 0,
          benefits: {
            pointsMultiplier: '1.5',
            entryPoints: 100,
            earlyAccess: true,
            perks: { en: 'A card' },
            entryRewardId: 'r',
            freeShipping: true,
          },
          members: 7,
        },
      ],
      publishedAt: '2026-11-01T00:00:00.000Z',
      actor: 'staff:1',
      restoresVersion: 1,
    });
    expect(toTierMessage(stored.tiers[1]!).members).toBe(0);
  });

  it('that was never published was published by no one, and restores nothing', () => {
    const draft = { ...stored, published_at: null, actor: null, restores_version: null };
    expect(toTierSetMessage(draft)).toMatchObject({
      publishedAt: '',
      actor: '',
      restoresVersion: 0,
      tiers: [{ members: 0 }, { members: 0 }],
    });
  });

  it('comes back from its message as it was', () => {
    const [, goldAgain] = tiersFromMessage(toTierSetMessage(stored), idOf);
    expect(goldAgain).toEqual(stored.tiers[1]);
  });
});

describe('what an editor of the tiers has in front of them', () => {
  const now = tierSetsRevision(stored, stored);
  it.each([
    ['another basis', { ...stored, basis: 'spend' as const }],
    ['another period', { ...stored, period: 'lifetime' as const }],
    ['another grace', { ...stored, grace_days: 15 }],
    ['other tiers', { ...stored, tiers: stored.tiers.slice(1) }],
  ])('is another with a draft of %s', (_what, draft) => {
    expect(tierSetsRevision(draft, stored)).not.toBe(now);
  });

  it('is another once the draft is gone, or another version is in force', () => {
    expect(tierSetsRevision(undefined, stored)).not.toBe(now);
    expect(tierSetsRevision(stored, { ...stored, version: 4 })).not.toBe(now);
    expect(tierSetsRevision(stored, undefined)).not.toBe(
      tierSetsRevision(stored, { ...stored, version: 1 }),
    );
  });

  it('is the same for as long as neither changes', () => {
    const { basis, period, grace_days, tiers } = stored;
    expect(tierSetsRevision({ basis, period, grace_days, tiers }, stored)).toBe(now);
    expect(tierSetsRevision(undefined, undefined)).toBe(
      tierSetsRevision(undefined, { ...stored, version: 0 }),
    );
  });
});
