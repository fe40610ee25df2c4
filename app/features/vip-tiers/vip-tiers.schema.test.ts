import { describe, expect, it } from 'vitest';
import { movedTier, suggestedTierSet, type TierSetForm, type TierForm } from './tier-set-form.ts';
import { parseTierSetForm, parseTiersQuery } from './vip-tiers.schema.ts';

const parse = (form: unknown) => parseTierSetForm(JSON.stringify(form), 'USD');
const withTier = (
  key: string,
  changes: Partial<TierForm>,
  form: TierSetForm = suggestedTierSet(),
) => ({
  ...form,
  tiers: form.tiers.map((tier) => (tier.key === key ? { ...tier, ...changes } : tier)),
});

describe('the form of a tier set', () => {
  it('that is suggested is valid', () => {
    expect(parse(suggestedTierSet())).toMatchObject({
      tierSet: {
        basis: 'spend',
        graceDays: 30,
        tiers: [
          { names: { en: 'Bronze' }, spendThreshold: '0', pointsThreshold: -1 },
          { spendThreshold: '100', benefits: { pointsMultiplier: '1.25' } },
          { spendThreshold: '500', benefits: { entryPoints: 100, earlyAccess: true } },
        ],
      },
    });
  });

  it('accepts a decimal comma', () => {
    expect(parse(withTier('new-2', { spend: '99,50', multiplier: '1,5' }))).toMatchObject({
      tierSet: {
        tiers: [{}, { spendThreshold: '99.50', benefits: { pointsMultiplier: '1.5' } }, {}],
      },
    });
  });

  it('reads grouped amounts and points', () => {
    const grouped = withTier('new-3', { spend: '1,000', entryPoints: '2.500' });
    expect(parse(grouped)).toMatchObject({
      tierSet: { tiers: [{}, {}, { spendThreshold: '1000', benefits: { entryPoints: 2_500 } }] },
    });
    const inDong = JSON.stringify(withTier('new-3', { spend: '26.000.000' }));
    expect(parseTierSetForm(inDong, 'VND')).toMatchObject({
      tierSet: { tiers: [{}, {}, { spendThreshold: '26000000' }] },
    });
  });

  it.each([
    ['spend', '0.500', 'amount'],
    ['spend', '100.505', 'tier_order'],
    ['spend', 'lots', 'amount'],
    ['multiplier', '1,000', 'tier_multiplier'],
    ['entryPoints', '1,5', 'whole_number'],
    ['entryPoints', '1000001', 'too_large'],
  ])('refuses %s "%s" beside that field', (field, value, message) => {
    expect(parse(withTier('new-2', { [field]: value }))).toMatchObject({
      fields: { [`tier.new-${message === 'tier_order' ? 3 : 2}.${field}`]: message },
    });
  });

  it('names an invalid field by its tier, even after the tier was moved', () => {
    const moved = movedTier(suggestedTierSet(), 2, -1);
    expect(parse(moved)).toEqual({ fields: { 'tier.new-2.spend': 'tier_order' } });
    expect(parse(withTier('new-3', { multiplier: '0.5' }, moved))).toEqual({
      fields: { 'tier.new-3.multiplier': 'tier_multiplier' },
    });
    expect(parse(withTier('new-1', { names: { en: ' ', es: '', fr: '' } }))).toEqual({
      fields: { 'tier.new-1.names.en': 'tier_name' },
    });
    expect(parse({ ...suggestedTierSet(), graceDays: '366' })).toEqual({
      fields: { graceDays: 'grace_days' },
    });
  });

  it('requires points only where points count', () => {
    const byPoints = { ...suggestedTierSet(), basis: 'points' as const };
    expect(parse(byPoints)).toEqual({
      fields: {
        'tier.new-1.points': 'whole_number',
        'tier.new-2.points': 'whole_number',
        'tier.new-3.points': 'whole_number',
      },
    });
  });

  it('refuses malformed input', () => {
    expect(parseTierSetForm('{', 'USD')).toHaveProperty('fields');
    expect(parse({})).toHaveProperty('fields');
    expect(parse({ ...suggestedTierSet(), tiers: [{}] })).toHaveProperty(['fields', 'tiers.0.key']);
    const [bronze] = suggestedTierSet().tiers;
    const keyed = (length: number) =>
      parse({ ...suggestedTierSet(), tiers: [{ ...bronze, key: 'k'.repeat(length) }] });
    expect(keyed(60)).toHaveProperty('tierSet');
    expect(keyed(61)).toHaveProperty('fields');
  });

  it('is saved with all that a tier gives', () => {
    const id = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';
    const typed = {
      tierId: id,
      names: { en: ' Gold ', es: 'Oro', fr: '' },
      spend: '750',
      multiplier: '2',
      entryPoints: '75',
      earlyAccess: false,
      freeShipping: true,
      entryRewardId: id,
      perks: { en: ' A card ', es: '', fr: '' },
    };
    expect(parse({ ...withTier('new-3', typed), graceDays: '14', period: 'rolling_365' })).toEqual({
      tierSet: {
        basis: 'spend',
        period: 'rolling_365',
        graceDays: 14,
        version: 0,
        status: '',
        publishedAt: '',
        actor: '',
        restoresVersion: 0,
        tiers: [
          expect.objectContaining({ tierId: '', spendThreshold: '0' }),
          expect.objectContaining({ spendThreshold: '100' }),
          {
            tierId: id,
            names: { en: 'Gold', es: 'Oro', fr: '' },
            spendThreshold: '750',
            pointsThreshold: -1,
            benefits: {
              pointsMultiplier: '2',
              entryPoints: 75,
              earlyAccess: false,
              perks: { en: 'A card', es: '', fr: '' },
              entryRewardId: id,
              freeShipping: true,
            },
            members: 0,
          },
        ],
      },
    });
  });

  const inPoints = (basis: TierSetForm['basis'], ...points: string[]) => {
    const form = suggestedTierSet();
    return parse({
      ...form,
      basis,
      tiers: form.tiers.map((tier, index) => ({ ...tier, points: points[index] ?? '' })),
    });
  };

  it('by points goes up in points, and by both in both', () => {
    const tiers = [{ pointsThreshold: 0 }, { pointsThreshold: 1_000 }, { pointsThreshold: 5_000 }];
    expect(inPoints('points', '0', '1,000', '5000')).toMatchObject({
      tierSet: { tiers: tiers.map((tier) => ({ ...tier, spendThreshold: '' })) },
    });
    expect(inPoints('any', '0', '1,000', '5000')).toMatchObject({
      tierSet: { tiers: [{ spendThreshold: '0', pointsThreshold: 0 }, {}, {}] },
    });
    expect(inPoints('points', '0', '1000', '1000')).toEqual({
      fields: { 'tier.new-3.points': 'tier_order' },
    });
    expect(inPoints('all', '5', '4', 'x')).toEqual({
      fields: { 'tier.new-2.points': 'tier_order', 'tier.new-3.points': 'whole_number' },
    });
    expect(inPoints('points', '0', '1', '1000000000000')).toHaveProperty('tierSet');
    expect(inPoints('points', '0', '1', '1000000000001')).toEqual({
      fields: { 'tier.new-3.points': 'whole_number' },
    });
  });

  it('goes up in money by more than nothing', () => {
    expect(parse(withTier('new-3', { spend: '100' }))).toEqual({
      fields: { 'tier.new-3.spend': 'tier_order' },
    });
    expect(parse(withTier('new-3', { spend: '100.01' }))).toHaveProperty('tierSet');
  });

  it.each([
    ['multiplier', '1'],
    ['multiplier', '10'],
    ['multiplier', '9.9999'],
    ['entryPoints', '0'],
    ['entryPoints', '1000000'],
    ['names', { en: '', es: '', fr: 'x'.repeat(60) }],
    ['perks', { en: 'x'.repeat(500), es: '', fr: '' }],
    ['entryRewardId', ''],
  ])('takes %s %o', (field, value) => {
    expect(parse(withTier('new-2', { [field]: value }))).toHaveProperty('tierSet');
  });

  it.each([
    ['multiplier', '0.9999', 'multiplier', 'tier_multiplier'],
    ['multiplier', '10.0001', 'multiplier', 'tier_multiplier'],
    ['multiplier', '', 'multiplier', 'tier_multiplier'],
    ['names', { en: 'x'.repeat(61), es: '', fr: '' }, 'names.en', 'words_length'],
    ['names', { en: 'x', es: 'x'.repeat(61), fr: '' }, 'names.es', 'words_length'],
    ['names', { en: 'x', es: '', fr: 'x'.repeat(61) }, 'names.fr', 'words_length'],
    ['perks', { en: '', es: '', fr: 'x'.repeat(501) }, 'perks.fr', 'words_length'],
    ['entryRewardId', 'gone', 'entryRewardId', 'choice'],
  ])('refuses %s %o beside %s, as %s', (field, value, at, message) => {
    expect(parse(withTier('new-2', { [field]: value }))).toEqual({
      fields: { [`tier.new-2.${at}`]: message },
    });
  });

  it('takes a grace of none to a year', () => {
    for (const graceDays of ['0', '365'])
      expect(parse({ ...suggestedTierSet(), graceDays }), graceDays).toHaveProperty('tierSet');
    for (const graceDays of ['', '-1', '1.5'])
      expect(parse({ ...suggestedTierSet(), graceDays }), graceDays).toEqual({
        fields: { graceDays: 'grace_days' },
      });
    expect(parse({ ...suggestedTierSet(), basis: 'luck' })).toEqual({
      fields: { basis: 'choice' },
    });
    expect(parse({ ...suggestedTierSet(), period: 'week' })).toEqual({
      fields: { period: 'choice' },
    });
  });

  it('has ten tiers at most, and may have none', () => {
    const of = (count: number) => ({
      ...suggestedTierSet(),
      tiers: Array.from({ length: count }, (_, index) => ({
        ...suggestedTierSet().tiers[0],
        key: String(index),
        spend: String(index),
      })),
    });
    expect(parse(of(0))).toHaveProperty('tierSet');
    expect(parse(of(10))).toHaveProperty('tierSet');
    expect(Object.keys((parse(of(11)) as { fields: object }).fields)).toEqual(['tiers']);
  });
});

describe('the page of the tiers', () => {
  const query = (address: string) => parseTiersQuery(new URLSearchParams(address));
  it('shows who rises unless it is asked who falls', () => {
    expect(query('')).toEqual({ list: 'rise', cursor: '' });
    expect(query('list=fall&cursor=abc')).toEqual({ list: 'fall', cursor: 'abc' });
    expect(query(`list=sideways&cursor=${'x'.repeat(501)}`)).toEqual({ list: 'rise', cursor: '' });
    expect(query(`cursor=${'x'.repeat(500)}`).cursor).toHaveLength(500);
  });
});
