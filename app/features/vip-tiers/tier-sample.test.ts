import { expect, test } from 'vitest';
import { suggestedTierSet } from './tier-set-form.ts';
import { tierSample } from './tier-sample.ts';

const sample = {
  language: 'es' as const,
  currency: 'USD',
  rewardTitle: (id: string) => (id === 'r1' ? 'A mug' : ''),
};
const form = { ...suggestedTierSet('USD'), basis: 'spend' as const };

test('tiers in the preview are those of the form, for a member in the first of them', () => {
  const [first, ...rest] = form.tiers;
  if (first === undefined) throw new Error('there are no suggestions');
  const named = {
    ...first,
    names: { en: 'Seed', es: '', fr: '' },
    spend: '50',
    entryRewardId: 'r1',
  };
  const { tier } = tierSample({ ...form, basis: 'spend', tiers: [named, ...rest] }, sample);
  expect(tier).toMatchObject({
    current: first.key,
    next: rest[0]?.key,
    takes: 'either',
    tiers: [
      { name: 'Seed', spend: { amount: '50', currency: 'USD' }, entry_reward: 'A mug' },
      ...rest.map(({ key }) => ({ id: key })),
    ],
  });
});

test('thresholds that do not count are not shown, and no tiers are none', () => {
  const { tier } = tierSample({ ...form, basis: 'points' }, sample);
  expect(JSON.stringify(tier)).not.toContain('"spend"');
  expect(tierSample({ ...form, tiers: [] }, sample)).toEqual({ tier: null });
});
