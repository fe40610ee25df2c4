import { describe, expect, test } from 'vitest';
import { formFromTemplate, templates } from './reward-templates.ts';
import type { Template } from './reward-templates.ts';
import { formOf } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';
import { parseRewardForm } from './reward.schema.ts';

function parse(form: RewardForm, currency = 'USD') {
  const data = new FormData();
  data.set('currency', currency);
  for (const [name, value] of Object.entries(form)) data.set(name, String(value));
  return parseRewardForm(data, '');
}
const from = (template: Template, changes: Partial<RewardForm> = {}) =>
  parse({ ...formFromTemplate(template, 'USD'), titleEn: 'A reward', ...changes });

describe('a template', () => {
  test.each(templates.filter((template) => template !== 'free_product'))(
    '%s is a valid reward without changes',
    (template) => {
      expect(from(template)).toHaveProperty('reward');
    },
  );

  test.each([
    ['amount_off', 500, '5'],
    ['amount_off_steps', 100, '1'],
    ['percent_off', 1_000, '10'],
    ['free_shipping', 1_000, ''],
    ['coupon', 500, '5'],
    ['store_credit', 500, '1'],
    ['store_credit_steps', 100, '1'],
    ['gift_card', 500, '5'],
    ['gift_card_steps', 100, '1'],
    ['cashback', 1_000, '10'],
    ['pos_amount', 500, '5'],
    ['pos_percent', 1_000, '10'],
  ] as const)('%s costs %i and gives %s, as the product’s table says', (template, cost, value) => {
    expect(from(template)).toMatchObject({ reward: { pointsCost: cost, value } });
  });

  test('of a free product costs 1500 and requires the product', () => {
    expect(from('free_product')).toMatchObject({ fields: { variantId: 'product' } });
    expect(from('free_product', { variantId: '7', productId: '8' })).toMatchObject({
      reward: { pointsCost: 1_500, variantId: '7' },
    });
  });

  test('of gift cards in steps ranges from 100 to 1000 points, and shipping up to 25', () => {
    expect(from('gift_card_steps')).toMatchObject({ reward: { minPoints: 100, maxPoints: 1_000 } });
    expect(from('free_shipping')).toMatchObject({ reward: { maxShipping: '25' } });
  });

  test('has a description in every language', () => {
    expect(formFromTemplate('amount_off', 'USD')).toMatchObject({ titleEn: '$5 off' });
    expect(formFromTemplate('amount_off', 'USD').titleFr).toContain('de réduction');
  });
});

describe('a form', () => {
  test('names every invalid field', () => {
    expect(
      from('amount_off', { titleEn: ' ', pointsCost: '0', value: 'five', codePrefix: 'a b' }),
    ).toEqual({
      fields: {
        titleEn: 'required',
        pointsCost: 'points_cost',
        value: 'reward_amount',
        codePrefix: 'code_prefix',
      },
    });
    expect(from('percent_off', { value: '101' })).toEqual({ fields: { value: 'percent' } });
    expect(from('amount_off', { appliesTo: 'collection' })).toEqual({
      fields: { collectionId: 'collection' },
    });
    expect(from('amount_off_steps', { minPoints: '150' })).toEqual({
      fields: { minPoints: 'steps' },
    });
    expect(from('amount_off_steps', { minPoints: '500', maxPoints: '300' })).toEqual({
      fields: { maxPoints: 'max_below_min' },
    });
  });

  test('accepts numbers as people write them', () => {
    expect(from('amount_off', { pointsCost: '1,500', value: '7,50' })).toMatchObject({
      reward: { pointsCost: 1_500, value: '7.50' },
    });
  });

  test.each([
    ['VND', '26,000,000', '26000000'],
    ['VND', '500.000', '500000'],
    ['IDR', '16000000', '16000000'],
    ['JPY', '750', '750'],
    ['KWD', '1.500', '1.500'],
  ])('accepts a large amount in %s: %s', (currency, value, read) => {
    expect(
      parse({ ...formFromTemplate('amount_off', currency), titleEn: 'A', value }, currency),
    ).toMatchObject({ reward: { value: read } });
  });

  test('says what to enter for an amount with too many decimals', () => {
    const form = { ...formFromTemplate('amount_off', 'JPY'), titleEn: 'A' };
    expect(parse({ ...form, value: '500.50' }, 'JPY')).toEqual({
      fields: { value: 'reward_amount' },
    });
    expect(parse({ ...form, minPurchase: '0' }, 'JPY')).toEqual({
      fields: { minPurchase: 'reward_amount' },
    });
    for (const value of ['ten', '1,000'])
      expect(from('percent_off', { value })).toEqual({ fields: { value: 'percent' } });
    expect(from('amount_off', { pointsCost: '0.500' })).toEqual({
      fields: { pointsCost: 'points_cost' },
    });
  });

  test('of a saved reward parses to the same reward', () => {
    const parsed = from('coupon', { discount: 'percent', value: '15', tierIds: 'a,b' });
    if (!('reward' in parsed)) throw new Error('refused');
    expect(parse(formOf(parsed.reward))).toEqual(parsed);
  });
});
