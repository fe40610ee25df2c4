import { describe, expect, it } from 'vitest';
import { movedTier, suggestedTierSet, type TierSetForm, type TierForm } from './tier-set-form.ts';
import { parseTierSetForm } from './vip-tiers.schema.ts';

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
  });
});
