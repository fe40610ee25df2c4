import { expect, test } from 'vitest';
import { campaignSample, isAnnounced } from './campaign-sample.ts';
import { newCampaign, type CampaignForm } from './campaign-form.ts';

const sample = (more: Partial<CampaignForm>, language: 'en' | 'fr' = 'en') =>
  campaignSample(
    { ...newCampaign('USD'), name: 'Mug week', ...more },
    { language, currency: 'USD' },
  );

test('a multiplier and a goal are shown as members will read them', () => {
  expect(sample({ multiplier: '3', nameFr: 'Semaine', minSpend: '20' }, 'fr').campaigns).toEqual([
    expect.objectContaining({
      type: 'double_points',
      name: 'Semaine',
      multiplier: '3',
      min_spend: { amount: '20', currency: 'USD' },
    }),
  ]);
  expect(sample({ kind: 'goal', goalAmount: '100', points: '200' }).campaigns).toEqual([
    expect.objectContaining({ goal: { amount: '100', currency: 'USD' }, points: 200 }),
  ]);
});

test('a discount is among the rewards, for no points', () => {
  expect(sample({ kind: 'discount', discount: 'percent_off', discountValue: '15' })).toMatchObject({
    campaigns: [],
    rewards: [{ title: 'Mug week', value: { percent: '15' }, offer: true }],
  });
});

test('points after an event are not announced', () => {
  const form = { ...newCampaign('USD'), kind: 'lifecycle' as const };
  expect(isAnnounced(form)).toBe(false);
  expect(sample({ kind: 'lifecycle' }).campaigns).toEqual([]);
});

test('a date that is half typed breaks nothing', () => {
  expect(sample({ endLocal: '2099-' }).campaigns).toHaveLength(1);
});
