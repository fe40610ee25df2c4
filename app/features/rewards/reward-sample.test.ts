import { expect, test } from 'vitest';
import { formFromTemplate } from './reward-templates.ts';
import { rewardSample } from './reward-sample.ts';

const sample = (more: object, language: 'en' | 'es' = 'en') => {
  const form = { ...formFromTemplate('amount_off', 'USD'), titleEn: '$5 off', ...more };
  return rewardSample(form, { language, currency: 'USD', pictures: '/pictures/shop/' }).rewards[0];
};

test('a reward in the preview is what saving the form would show to shoppers', () => {
  expect(
    sample({ minPurchase: '30', expiresAfterDays: '14', iconUrl: `picture:${'0a'.repeat(16)}` }),
  ).toEqual({
    id: 'draft',
    kind: 'amount_off',
    title: '$5 off',
    points_cost: 500,
    value: { amount: '5', currency: 'USD' },
    min_purchase: { amount: '30', currency: 'USD' },
    expires_after_days: 14,
    icon_url: `/pictures/shop/${'0a'.repeat(16)}.webp`,
    eligible: true,
  });
});

test('a language without words of its own shows the English ones', () => {
  expect(sample({ titleEs: '', descriptionEn: 'On any order' }, 'es')).toMatchObject({
    title: '$5 off',
    description: 'On any order',
  });
  expect(sample({ titleEs: '5 $ menos' }, 'es')).toMatchObject({ title: '5 $ menos' });
});

test('what cannot be read yet is left out, and breaks nothing', () => {
  expect(sample({ pointsCost: 'many', value: 'x', minPurchase: '-' })).toEqual({
    id: 'draft',
    kind: 'amount_off',
    title: '$5 off',
    points_cost: 0,
    eligible: true,
  });
});
