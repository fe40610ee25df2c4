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

describe('a reward', () => {
  const read = (template: Template, changes: Partial<RewardForm> = {}) => {
    const parsed = from(template, changes);
    if (!('reward' in parsed)) throw new Error(JSON.stringify(parsed.fields));
    return parsed.reward;
  };

  test('is saved with all that was typed, and nothing of core’s own', () => {
    const typed = {
      channel: 'pos',
      active: false,
      titleEs: ' Cinco ',
      titleFr: '',
      descriptionEn: ' On all ',
      descriptionEs: '',
      descriptionFr: 'Sur tout',
      value: '7.50',
      appliesTo: 'collection',
      collectionId: '9',
      productId: '8',
      variantId: '7',
      targetTitle: 'Mugs',
      minPurchase: '20',
      codePrefix: ' mug7 ',
      combineOrder: true,
      combineProduct: false,
      combineShipping: true,
      expiresAfterDays: '30',
      tierIds: 'a,,b',
      segments: 'vip',
      iconUrl: 'https://cdn.example/a.png',
    } as const;
    expect(read('amount_off', { ...typed, pointsCost: '500' })).toEqual({
      rewardId: '',
      kind: 'amount_off',
      channel: 'pos',
      status: 'disabled',
      title: { en: 'A reward', es: 'Cinco' },
      description: { en: 'On all', fr: 'Sur tout' },
      pointsCost: 500,
      value: '7.50',
      discount: 'amount',
      mode: 'fixed',
      minPoints: 0,
      maxPoints: 0,
      appliesTo: 'collection',
      collectionId: '9',
      productId: '8',
      variantId: '7',
      targetTitle: 'Mugs',
      maxShipping: '',
      minPurchase: '20',
      codePrefix: 'MUG7',
      combinesWith: { order: true, product: false, shipping: true },
      expiresAfterDays: 30,
      tierIds: ['a', 'b'],
      segments: ['vip'],
      iconUrl: 'https://cdn.example/a.png',
      currency: '',
      position: 0,
      createdAt: '',
      updatedAt: '',
      redeemed: 0,
      used: 0,
      pointsSpent: 0,
      revision: '',
    });
    expect(read('amount_off', { active: true }).status).toBe('active');
  });

  test('keeps its id', () => {
    const data = new FormData();
    const form = { ...formFromTemplate('amount_off', 'USD'), titleEn: 'A', currency: 'USD' };
    for (const [name, value] of Object.entries(form)) data.set(name, String(value));
    expect(parseRewardForm(data, 'r7')).toMatchObject({ reward: { rewardId: 'r7' } });
  });

  test('has only what its kind has a use for', () => {
    expect(read('free_shipping', { maxShipping: '12,50', value: '5' })).toMatchObject({
      value: '',
      maxShipping: '12.50',
    });
    expect(read('free_shipping', { maxShipping: '', minPurchase: '30' })).toMatchObject({
      maxShipping: '',
      minPurchase: '30',
    });
    // What cannot be seen in the form is not refused, and is not kept.
    expect(read('store_credit', { minPurchase: '0', maxShipping: '0' })).toMatchObject({
      minPurchase: '',
      maxShipping: '',
    });
    expect(read('coupon', { discount: 'percent', value: '12,5' }).value).toBe('12.5');
    expect(read('coupon', { discount: 'amount', value: '150' }).value).toBe('150');
    expect(read('percent_off', { mode: 'incremental', minPoints: '7' }).value).toBe('10');
    expect(read('free_shipping', { appliesTo: 'collection' }).collectionId).toBe('');
  });

  test.each([
    [
      'amount_off',
      { titleEn: 'x'.repeat(120), titleEs: 'x'.repeat(120), titleFr: 'x'.repeat(120) },
    ],
    ['amount_off', { descriptionEn: 'x'.repeat(300), descriptionFr: 'x'.repeat(300) }],
    ['amount_off', { pointsCost: '1' }],
    ['amount_off', { pointsCost: '1000000000000' }],
    ['amount_off', { codePrefix: 'ABCDE01234' }],
    ['amount_off', { codePrefix: '' }],
    ['amount_off', { expiresAfterDays: '3650' }],
    ['amount_off', { expiresAfterDays: '' }],
    ['amount_off', { targetTitle: 'x'.repeat(255), iconUrl: '' }],
    ['amount_off', { value: '0.01', minPurchase: '0.01' }],
    ['amount_off', { descriptionEs: 'x'.repeat(300) }],
    ['amount_off', { minPoints: '1000000000000', maxPoints: '1000000000000' }],
    ['percent_off', { value: '100' }],
    ['percent_off', { value: '0.01' }],
    ['amount_off_steps', { pointsCost: '100', minPoints: '300', maxPoints: '300' }],
    ['amount_off_steps', { pointsCost: '100', minPoints: '', maxPoints: '100' }],
    ['amount_off_steps', { pointsCost: '100', minPoints: '300', maxPoints: '' }],
    ['amount_off', { mode: 'fixed', minPoints: '7', maxPoints: '5' }],
    ['percent_off', { mode: 'incremental', minPoints: '7', maxPoints: '5' }],
  ] as [Template, Partial<RewardForm>][])('of %s may have %o', (template, changes) => {
    expect(from(template, changes)).toHaveProperty('reward');
  });

  test.each([
    ['amount_off', { kind: 'of tomorrow' as never }, { kind: 'choice' }],
    ['amount_off', { channel: '' as never }, { channel: 'choice' }],
    ['amount_off', { active: 'yes' as never }, { active: 'choice' }],
    ['amount_off', { discount: '' as never }, { discount: 'choice' }],
    ['amount_off', { mode: '' as never }, { mode: 'choice' }],
    ['amount_off', { appliesTo: '' as never }, { appliesTo: 'choice' }],
    ['amount_off', { combineOrder: '' as never }, { combineOrder: 'choice' }],
    ['amount_off', { titleEn: 'x'.repeat(121) }, { titleEn: 'too_long' }],
    ['amount_off', { titleEs: 'x'.repeat(121) }, { titleEs: 'too_long' }],
    ['amount_off', { titleFr: 'x'.repeat(121) }, { titleFr: 'too_long' }],
    ['amount_off', { descriptionEn: 'x'.repeat(301) }, { descriptionEn: 'too_long' }],
    ['amount_off', { descriptionEs: 'x'.repeat(301) }, { descriptionEs: 'too_long' }],
    ['amount_off', { descriptionFr: 'x'.repeat(301) }, { descriptionFr: 'too_long' }],
    ['amount_off', { pointsCost: '1000000000001' }, { pointsCost: 'points_cost' }],
    ['amount_off', { pointsCost: '' }, { pointsCost: 'points_cost' }],
    ['amount_off', { minPoints: '-1' }, { minPoints: 'whole_number' }],
    ['amount_off', { maxPoints: '1.5' }, { maxPoints: 'whole_number' }],
    ['amount_off', { expiresAfterDays: '3651' }, { expiresAfterDays: 'expiry_days' }],
    ['amount_off', { codePrefix: 'ABCDE012345' }, { codePrefix: 'code_prefix' }],
    ['amount_off', { iconUrl: 'http://plain.example/a.png' }, { iconUrl: 'https_address' }],
    ['amount_off', { iconUrl: 'a.png' }, { iconUrl: 'https_address' }],
    ['amount_off', { value: '' }, { value: 'reward_amount' }],
    ['amount_off', { value: '0' }, { value: 'reward_amount' }],
    ['amount_off', { value: '-5' }, { value: 'reward_amount' }],
    ['amount_off', { minPurchase: 'lots' }, { minPurchase: 'reward_amount' }],
    ['free_shipping', { maxShipping: '0' }, { maxShipping: 'reward_amount' }],
    ['free_shipping', { maxShipping: '$5' }, { maxShipping: 'reward_amount' }],
    ['percent_off', { value: '' }, { value: 'percent' }],
    ['percent_off', { value: '0' }, { value: 'percent' }],
    ['percent_off', { value: '100.01' }, { value: 'percent' }],
    ['coupon', { discount: 'percent', value: 'x' }, { value: 'percent' }],
    ['percent_off', { discount: 'amount', value: 'x' }, { value: 'percent' }],
    ['amount_off', { minPoints: '1000000000001' }, { minPoints: 'whole_number' }],
    ['amount_off', { maxPoints: '1000000000001' }, { maxPoints: 'whole_number' }],
    ['coupon', { discount: 'percent', value: '101' }, { value: 'percent' }],
    ['free_product', { variantId: '' }, { variantId: 'product' }],
    ['percent_off', { appliesTo: 'collection' }, { collectionId: 'collection' }],
    [
      'amount_off_steps',
      { pointsCost: '100', minPoints: '', maxPoints: '150' },
      { maxPoints: 'steps' },
    ],
    [
      'amount_off_steps',
      { pointsCost: '100', minPoints: '150', maxPoints: '250' },
      { minPoints: 'steps', maxPoints: 'steps' },
    ],
    ['store_credit_steps', { pointsCost: '100', minPoints: '50' }, { minPoints: 'steps' }],
  ] as [Template, Partial<RewardForm>, object][])(
    'of %s with %o is refused beside the field',
    (template, changes, fields) => {
      expect(from(template, changes)).toEqual({ fields });
    },
  );

  test('names what it is for as Shopify does, and no longer', () => {
    expect(from('amount_off', { targetTitle: 'x'.repeat(256) })).toHaveProperty(
      'fields.targetTitle',
    );
  });

  test('in steps may not end below one step', () => {
    const steps = { pointsCost: '100', minPoints: '', maxPoints: '100' };
    expect(from('amount_off_steps', steps)).toHaveProperty('reward');
    expect(from('amount_off_steps', { ...steps, pointsCost: '200', maxPoints: '100' })).toEqual({
      fields: { maxPoints: 'max_below_min' },
    });
  });

  test('of a shop whose currency is not known is read with two decimals', () => {
    const data = new FormData();
    const form = { ...formFromTemplate('amount_off', 'USD'), titleEn: 'A', value: '5.50' };
    for (const [name, value] of Object.entries(form)) data.set(name, String(value));
    expect(parseRewardForm(data, '')).toMatchObject({ reward: { value: '5.50' } });
    data.set('currency', 'USDT');
    expect(parseRewardForm(data, '')).toHaveProperty('fields.currency');
  });
});
