import { describe, expect, it } from 'vitest';
import type { VipBenefits} from '#proto/points/v1/tiers.ts';
import { VipLadder, VipTier } from '#proto/points/v1/tiers.ts';
import {
  ladderProblem,
  laddersRevision,
  tiersFromMessage,
  toLadder,
  toLadderMessage,
  toTierMessage,
  type StoredLadder,
  type StoredTier,
} from './tier-ladder.rules.ts';

const tier = (name: string, spend: string, points: number, benefits: Partial<VipBenefits> = {}) =>
  VipTier.fromPartial({
    names: { en: name },
    spendThreshold: spend,
    pointsThreshold: points,
    benefits: { pointsMultiplier: '', ...benefits },
  });
const ladder = (changes: Partial<VipLadder> = {}) =>
  VipLadder.fromPartial({
    basis: 'any',
    period: 'lifetime',
    tiers: [tier('Bronze', '0', 0), tier('Silver', '100.00', 1_000)],
    ...changes,
  });
const problem = (basis: string, ...tiers: VipTier[]) =>
  ladderProblem(ladder({ basis, tiers }))?.field;

describe('a ladder', () => {
  it('is fine when each tier has a name and asks for more than the one below', () => {
    expect(ladderProblem(ladder())).toBeUndefined();
    expect(ladderProblem(ladder({ tiers: [] }))).toBeUndefined();
  });

  it('needs a name for each tier, in one language at least', () => {
    const nameless = tier('', '5', 5);
    expect(problem('any', tier('Bronze', '0', 0), nameless)).toBe('ladder.tiers[1].names');
    expect(problem('any', { ...nameless, names: { en: ' ', fr: '\t' } })).toBe(
      'ladder.tiers[0].names',
    );
    expect(problem('any', { ...nameless, names: { en: ' ', fr: 'Or' } })).toBeUndefined();
  });

  it('needs an amount where money counts, and none where points alone do', () => {
    const field = 'ladder.tiers[0].spend_threshold';
    for (const basis of ['spend', 'any', 'all'])
      for (const bad of ['-0.01', '', 'much']) {
        expect(problem(basis, tier('Gold', bad, 1)), `${basis} ${bad}`).toBe(field);
      }
    expect(problem('points', tier('Gold', '', 1))).toBeUndefined();
    expect(problem('spend', tier('Gold', '0', 1))).toBeUndefined();
  });

  it('needs points where points count, and none where money alone does', () => {
    const field = 'ladder.tiers[0].points_threshold';
    for (const basis of ['points', 'any', 'all'])
      expect(problem(basis, tier('Gold', '1', -1)), basis).toBe(field);
    expect(problem('spend', tier('Gold', '1', -1))).toBeUndefined();
    expect(problem('points', tier('Gold', '', 0))).toBeUndefined();
  });

  it('asks for more with every tier, of all that counts', () => {
    const bronze = tier('Bronze', '100', 10);
    const spend = 'ladder.tiers[1].spend_threshold';
    const points = 'ladder.tiers[1].points_threshold';
    expect(problem('any', bronze, tier('Silver', '100.00', 11))).toBe(spend);
    expect(problem('any', bronze, tier('Silver', '99.9999', 11))).toBe(spend);
    expect(problem('any', bronze, tier('Silver', '100.0001', 10))).toBe(points);
    expect(problem('any', bronze, tier('Silver', '100.0001', 9))).toBe(points);
    expect(problem('any', bronze, tier('Silver', '100.0001', 11))).toBeUndefined();
    expect(problem('spend', bronze, tier('Silver', '101', 0))).toBeUndefined();
    expect(problem('points', bronze, tier('Silver', '', 11))).toBeUndefined();
    expect(problem('points', bronze, tier('Silver', '', 10))).toBe(points);
    expect(problem('spend', bronze, tier('Silver', '100', 11))).toBe(spend);
    expect(problem('any', bronze, tier('Silver', '200', 20), tier('Gold', '150', 30))).toBe(
      'ladder.tiers[2].spend_threshold',
    );
  });

  it.each(['', '1', '1.0', '2.5', '10'])('may multiply points by %s', (pointsMultiplier) => {
    expect(problem('any', tier('Gold', '0', 0, { pointsMultiplier }))).toBeUndefined();
  });

  it.each(['0.9999', '10.0001', '-2', 'twice'])('may not multiply points by %s', (multiplier) => {
    expect(problem('any', tier('Gold', '0', 0, { pointsMultiplier: multiplier }))).toBe(
      'ladder.tiers[0].benefits.points_multiplier',
    );
  });

  it('says what it wants wherever something is wrong', () => {
    for (const bad of [
      tier('', '0', 0),
      tier('Gold', '-1', 0),
      tier('Gold', '0', -1),
      tier('Gold', '0', 0, { pointsMultiplier: '11' }),
    ])
      expect(ladderProblem(ladder({ tiers: [bad] }))?.message).toMatch(/\w/);
    for (const [spend, points] of [
      ['0', 1],
      ['1', 0],
    ] as const)
      expect(
        ladderProblem(ladder({ tiers: [tier('Bronze', '0', 0), tier('Silver', spend, points)] }))
          ?.message,
      ).toMatch(/below/);
  });
});

describe('what is stored of a tier', () => {
  const idOf = (_tier: VipTier, index: number) => `id-${index}`;
  const stored = (one: VipTier, basis = 'any') =>
    tiersFromMessage(ladder({ basis, tiers: [one] }), idOf)[0];

  it('is what says something: no empty words, no benefit that is none', () => {
    const plain = tier('Bronze', '0', 0, { perks: { en: ' ', fr: '' } });
    expect(stored({ ...plain, names: { en: ' Bronze ', fr: ' ' } })).toEqual({
      tier_id: 'id-0',
      name: { en: 'Bronze' },
      spend: '0.00',
      points: 0,
      benefits: {},
    });
    expect(stored({ ...plain, benefits: undefined })?.benefits).toEqual({});
    expect(stored(tier('Bronze', '0', 0, { pointsMultiplier: '1.00' }))?.benefits).toEqual({});
  });

  it('is every benefit that it gives', () => {
    const benefits = {
      pointsMultiplier: '1.50',
      entryPoints: 1,
      earlyAccess: true,
      freeShipping: true,
      entryRewardId: 'mug',
      perks: { en: ' A card ' },
    };
    expect(stored(tier('Gold', '500.5', 5_000, benefits))).toEqual({
      tier_id: 'id-0',
      name: { en: 'Gold' },
      spend: '500.50',
      points: 5_000,
      benefits: {
        points_multiplier: '1.5',
        entry_points: 1,
        early_access: true,
        free_shipping: true,
        entry_reward_id: 'mug',
        perks: { en: 'A card' },
      },
    });
    expect(
      stored(tier('Gold', '0', 0, { pointsMultiplier: '1.0001' }))?.benefits.points_multiplier,
    ).toBe('1.0001');
  });

  it('has no amount where points alone count, and no points where money alone does', () => {
    expect(stored(tier('Gold', '7', 7), 'points')).toMatchObject({ spend: null, points: 7 });
    expect(stored(tier('Gold', '7', 7), 'spend')).toMatchObject({ spend: '7.00', points: null });
  });
});

const gold: StoredTier = {
  tier_id: 'gold',
  name: { en: 'Gold', fr: 'Or' },
  spend: '500.00',
  points: 5_000,
  benefits: {
    points_multiplier: '1.5',
    entry_points: 100,
    early_access: true,
    free_shipping: true,
    entry_reward_id: 'mug',
    perks: { en: 'A card' },
  },
};
const bare: StoredTier = {
  tier_id: 'bare',
  name: { en: 'Bare' },
  spend: null,
  points: null,
  benefits: {},
};
const published: StoredLadder = {
  version: 3,
  status: 'published',
  basis: 'any',
  period: 'calendar_year',
  grace_days: 30,
  tiers: [bare, gold],
  restores_version: 1,
  actor: 'ada@shop.example',
  published_at: new Date('2026-11-01T10:00:00Z'),
};

describe('what an editor is shown of a tier', () => {
  it('is all that is stored, and what a tier has that gives nothing', () => {
    expect(toTierMessage(gold, 12)).toEqual({
      tierId: 'gold',
      names: { en: 'Gold', fr: 'Or' },
      spendThreshold: '500.00',
      pointsThreshold: 5_000,
      benefits: {
        pointsMultiplier: '1.5',
        entryPoints: 100,
        earlyAccess: true,
        perks: { en: 'A card' },
        entryRewardId: 'mug',
        freeShipping: true,
      },
      members: 12,
    });
    expect(toTierMessage(bare)).toEqual({
      tierId: 'bare',
      names: { en: 'Bare' },
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
    });
  });

  it('is with it the ladder: its version, who published it when, and which one it restores', () => {
    expect(toLadderMessage(published, new Map([['gold', 7]]))).toEqual({
      version: 3,
      status: 'published',
      basis: 'any',
      period: 'calendar_year',
      graceDays: 30,
      tiers: [toTierMessage(bare, 0), toTierMessage(gold, 7)],
      publishedAt: '2026-11-01T10:00:00.000Z',
      actor: 'ada@shop.example',
      restoresVersion: 1,
    });
    expect(
      toLadderMessage({ ...published, restores_version: null, actor: null, published_at: null }),
    ).toMatchObject({ publishedAt: '', actor: '', restoresVersion: 0 });
  });
});

it('members are judged by the thresholds that are stored', () => {
  expect(toLadder(published)).toEqual({
    basis: 'any',
    period: 'calendar_year',
    graceDays: 30,
    tiers: [
      { tierId: 'bare', spend: null, points: null },
      { tierId: 'gold', spend: 5_000_000n, points: 5_000 },
    ],
  });
  const [odd] = toLadder({ ...published, tiers: [{ ...gold, spend: 'much' }] }).tiers;
  expect(odd?.spend).toBe(0n);
});

describe('the revision that an editor has open', () => {
  const open = laddersRevision(published, published);

  it('stays while nothing that can be edited has changed', () => {
    expect(laddersRevision({ ...published }, { ...published, actor: 'bob' })).toBe(open);
  });

  it.each<[string, Partial<StoredLadder>]>([
    ['basis', { basis: 'all' }],
    ['period', { period: 'lifetime' }],
    ['days of grace', { grace_days: 31 }],
    ['tiers', { tiers: [gold] }],
  ])('is another when the draft has other %s', (_what, change) => {
    expect(laddersRevision({ ...published, ...change }, published)).not.toBe(open);
  });

  it('is another with another ladder in force, and without a draft', () => {
    expect(laddersRevision(published, { ...published, version: 4 })).not.toBe(open);
    expect(laddersRevision(published, undefined)).not.toBe(open);
    expect(laddersRevision(undefined, published)).not.toBe(open);
    expect(laddersRevision(undefined, undefined)).toBe(laddersRevision(undefined, undefined));
  });
});
