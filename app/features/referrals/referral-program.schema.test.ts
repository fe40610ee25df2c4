import { expect, test } from 'vitest';
import { formOfConfig, type ReferralForm } from './referral-form.ts';
import { parseReferralForm } from './referral-program.schema.ts';

const points = (amount: number) => ({
  kind: 'points',
  points: amount,
  discount: '',
  value: '',
  minPurchase: '',
  expiresAfterDays: 0,
});
const config = {
  version: 3,
  active: true,
  completeOn: 'first_order',
  minOrder: '25.0000',
  advocate: points(100),
  friend: {
    ...points(0),
    kind: 'discount',
    discount: 'percent',
    value: '12.5000',
    expiresAfterDays: 30,
  },
  tiers: [{ level: 2, points: 200 }],
  expiresAfterDays: 30,
  refundWindowDays: 14,
  monthlyLimit: 5,
  channels: ['copy', 'sms'],
  holdFrom: 40,
  refuseFrom: 85,
};
const form = formOfConfig(config);
const parse = (changes: Partial<ReferralForm>, currency = 'USD') =>
  parseReferralForm(JSON.stringify({ ...form, ...changes }), currency, 3);

test('what was saved is shown as people type it, and saved again as it is', () => {
  expect([form.minOrder, form.friend.value]).toEqual(['25', '12.5']);
  expect(parse({})).toEqual({
    config: {
      ...config,
      minOrder: '25',
      friend: { ...config.friend, value: '12.5' },
    },
  });
});

test.each<[string, Partial<ReferralForm>, string]>([
  ['advocate.points', { advocate: { ...form.advocate, points: '0' } }, 'points_cost'],
  ['friend.value', { friend: { ...form.friend, value: '101' } }, 'percent'],
  ['friend.value', { friend: { ...form.friend, discount: 'amount', value: '' } }, 'amount'],
  ['friend.minPurchase', { friend: { ...form.friend, minPurchase: 'ten' } }, 'amount'],
  [
    'friend.expiresAfterDays',
    { friend: { ...form.friend, expiresAfterDays: '-1' } },
    'window_days',
  ],
  ['minOrder', { minOrder: 'a lot' }, 'amount'],
  ['expiresAfterDays', { expiresAfterDays: '0' }, 'referral_days'],
  ['refuseFrom', { refuseFrom: '40' }, 'score_order'],
  ['holdFrom', { holdFrom: '' }, 'score'],
  ['friendTiers.0.points', { friendTiers: [{ from: '2', points: '100' }] }, 'referral_order'],
  [
    'friendTiers.1.from',
    {
      friendTiers: [
        { from: '3', points: '200' },
        { from: '3', points: '300' },
      ],
    },
    'referral_order',
  ],
])('%s is refused beside its field', (field, changes, message) => {
  expect(parse(changes)).toMatchObject({ fields: { [field]: message } });
});

test('what cannot be seen cannot be wrong', () => {
  expect(
    parse({
      goal: 'signup',
      minOrder: 'nonsense',
      advocate: { ...form.advocate, kind: 'discount', points: 'nonsense', value: '5' },
      friendTiers: [{ from: '2', points: '1' }],
    }),
  ).toMatchObject({ config: { minOrder: '', tiers: [], advocate: { points: 0, value: '5' } } });
});

test('copying the link is always among the channels, and what is no form is refused', () => {
  expect(parse({ channels: [] })).toMatchObject({ config: { channels: ['copy'] } });
  expect(parseReferralForm('{', 'USD', 1)).toHaveProperty('fields');
  expect(parseReferralForm(null, 'USD', 1)).toHaveProperty('fields');
});
