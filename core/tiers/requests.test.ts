import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { VipTierSet } from '#proto/points/v1/tiers.ts';
import { letters, refusalOf, withField } from '../testing/requests.ts';
import { tierSchemas } from './requests.ts';

const schema = tierSchemas.configureVipTiers as z.ZodType;
const id = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';
const request = {
  tierSet: VipTierSet.fromPartial({
    basis: 'spend',
    period: 'lifetime',
    graceDays: 30,
    tiers: [{ names: { en: 'Gold' }, spendThreshold: '100', benefits: { perks: { fr: 'Carte' } } }],
  }),
  publish: false,
  revision: '',
};
const fieldRefused = (field: string, value: unknown) =>
  refusalOf(schema, withField(request, field, value))?.field;

describe('a tier set that is saved', () => {
  it.each([
    ['tier_set.tiers[0].names.en', letters(60), letters(61)],
    ['tier_set.tiers[0].benefits.perks.fr', letters(500), letters(501)],
    ['tier_set.tiers[0].tier_id', id, 'gold'],
    ['tier_set.tiers[0].spend_threshold', '', 'ten'],
    ['tier_set.tiers[0].spend_threshold', '0.1234', '0.12345'],
    ['tier_set.tiers[0].points_threshold', -1, -2],
    ['tier_set.tiers[0].points_threshold', 1_000_000_000_000, 1_000_000_000_001],
    ['tier_set.tiers[0].points_threshold', 0, 0.5],
    ['tier_set.tiers[0].benefits.points_multiplier', '1.25', 'twice'],
    ['tier_set.tiers[0].benefits.entry_points', 0, -1],
    ['tier_set.tiers[0].benefits.entry_points', 1_000_000, 1_000_001],
    ['tier_set.tiers[0].benefits.entry_reward_id', id, 'mug'],
    ['tier_set.tiers[0].benefits.entry_reward_id', '', 7],
    ['tier_set.basis', 'all', 'luck'],
    ['tier_set.period', 'rolling_365', 'week'],
    ['tier_set.grace_days', 0, -1],
    ['tier_set.grace_days', 365, 366],
    ['tier_set.status', letters(40), letters(41)],
    ['tier_set.published_at', letters(40), letters(41)],
    ['tier_set.actor', letters(100), letters(101)],
    ['revision', letters(64), letters(65)],
  ])('may have in %s %s, and not %s', (field, good, bad) => {
    expect(fieldRefused(field, good)).toBeUndefined();
    expect(fieldRefused(field, bad)).toBe(field);
  });

  it('says what an amount is', () => {
    const field = 'tier_set.tiers[0].spend_threshold';
    expect(refusalOf(schema, withField(request, field, 'ten'))).toEqual({
      field,
      message: 'must be a decimal with at most four places',
    });
    expect(fieldRefused(field, `0.${'0'.repeat(22)}`)).toBeUndefined();
    expect(fieldRefused(field, `0.${'0'.repeat(23)}`)).toBe(field);
  });

  it('has ten tiers at most, in languages that the app speaks, and may be taken away', () => {
    const tiers = (count: number) => Array.from({ length: count }, () => request.tierSet.tiers[0]);
    expect(fieldRefused('tier_set.tiers', tiers(10))).toBeUndefined();
    expect(fieldRefused('tier_set.tiers', tiers(11))).toBe('tier_set.tiers');
    expect(fieldRefused('tier_set.tiers[0].names', { tlh: 'Qapla' })).toBeDefined();
    expect(fieldRefused('tier_set.tiers[0].benefits', undefined)).toBeUndefined();
    expect(fieldRefused('tier_set', undefined)).toBeUndefined();
  });
});

describe('the other requests', () => {
  const refused = (method: keyof typeof tierSchemas, asked: object) =>
    refusalOf(tierSchemas[method] as z.ZodType, asked)?.field;

  it('restore a version from the first on', () => {
    expect(refused('restoreVipTiers', { version: 1, revision: '' })).toBeUndefined();
    for (const version of [0, 1.5])
      expect(refused('restoreVipTiers', { version, revision: '' })).toBe('version');
  });

  it('review up to a thousand members at a time', () => {
    const review = (limit: number) =>
      refused('reviewVipTiers', { cursor: '', limit, outdatedOnly: false });
    expect([review(0), review(1_000)]).toEqual([undefined, undefined]);
    expect([review(-1), review(1_001)]).toEqual(['limit', 'limit']);
  });

  it('foresee who rises or who falls', () => {
    const preview = (direction: string) => refused('previewVipTiers', { direction });
    expect([preview('rise'), preview('fall'), preview('sideways')]).toEqual([
      undefined,
      undefined,
      'direction',
    ]);
  });
});
