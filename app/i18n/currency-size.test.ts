import { expect, test } from 'vitest';
import { formFromTemplate, templates } from '../features/rewards/reward-templates.ts';
import { parseRewardForm } from '../features/rewards/reward.schema.ts';
import { suggestedTierSet } from '../features/vip-tiers/tier-set-form.ts';
import { amountLike, decimalsOf } from './currency-size.ts';

test.each([
  ['5', 'USD', '5'],
  ['5', 'JPY', '750'],
  ['5', 'KWD', '1.5'],
  ['25', 'VND', '650000'],
  ['1.5', 'USD', '1.5'],
  ['5', '', '5'],
  ['5', 'nothing', '5'],
])('%s dollars are about as much in %s: %s', (dollars, currency, amount) => {
  expect(amountLike(dollars, currency)).toBe(amount);
});

test.each(['JPY', 'KRW', 'IDR', 'VND', 'KWD', 'BHD', 'EUR'])(
  'every reward template and the suggested tiers use amounts that exist in %s',
  (currency) => {
    const has = (amount: string) =>
      (amount.split('.')[1] ?? '').length <= decimalsOf(currency) && Number(amount) > 0;
    for (const template of templates) {
      const form = formFromTemplate(template, currency);
      if (form.value !== '') expect(has(form.value)).toBe(true);
      if (form.maxShipping !== '') expect(has(form.maxShipping)).toBe(true);
      if (form.kind === 'free_product' || form.titleEn === '') continue;
      const fields = new FormData();
      for (const [name, value] of Object.entries(form)) fields.set(name, String(value));
      expect(parseRewardForm(fields, '')).toHaveProperty('reward');
    }
    for (const { spend } of suggestedTierSet(currency).tiers.slice(1))
      expect(has(spend)).toBe(true);
  },
);

test.each([
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['XYZ', 2],
  ['', 2],
  ['dollars', 2],
])('%s has %i decimals', (currency, decimals) => {
  expect(decimalsOf(currency)).toBe(decimals);
});
