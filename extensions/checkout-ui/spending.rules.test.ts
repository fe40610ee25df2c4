import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Redemption, Reward } from '../shared/contract.ts';
import { choicesAt, codesAt, worthOf } from './src/spending.rules.ts';

const reward = (changes: Partial<Reward> = {}): Reward => ({
  id: 'five',
  kind: 'amount_off',
  title: '$5 off',
  points_cost: 500,
  value: { amount: '5.00', currency: 'USD' },
  eligible: true,
  ...changes,
});
const code = (id: string, changes: Partial<Redemption> = {}): Redemption => ({
  id,
  kind: 'amount_off',
  title: '$5 off',
  status: 'completed',
  code: `LN-${id}`,
  points_spent: 500,
  used: false,
  returnable: true,
  at: '2026-11-01T00:00:00Z',
  ...changes,
});
/** Goods for 25.00. */
const lines = [
  {
    merchandise: { product: { id: 'gid://shopify/Product/7' } },
    cost: { totalAmount: { amount: 25, currencyCode: 'USD' } },
  },
];
const now = new Date('2026-11-25T12:00:00Z');

describe('points at the checkout', () => {
  test('buy what takes something off this order, and what the points suffice for', () => {
    const rewards = [
      reward(),
      reward({ id: 'credit', kind: 'store_credit' }),
      reward({ id: 'card', kind: 'gift_card' }),
      reward({ id: 'dear', points_cost: 5_000 }),
      reward({ id: 'gold', eligible: false, tiers: ['Gold'] }),
      reward({ id: 'gift', offer: true }),
    ];
    expect(
      choicesAt(rewards, 700, lines).map(({ reward: { id }, points }) => [id, points]),
    ).toEqual([
      ['five', [500]],
      ['gift', [0]],
    ]);
  });

  test('are a choice of amounts where the reward has steps', () => {
    const steps = reward({
      points_cost: 100,
      value: { amount: '1.00', currency: 'USD' },
      steps: { min: 100, max: 1_000 },
    });
    const [choice] = choicesAt([steps], 350, lines);
    expect(choice?.points).toEqual([100, 200, 300]);
    expect(choice?.points.map((points) => worthOf(steps, points)?.amount)).toEqual([
      '1.00',
      '2.00',
      '3.00',
    ]);
  });

  test('come last, and cannot be spent, on a reward whose minimum purchase the goods do not reach', () => {
    const from = (id: string, amount: string) =>
      reward({ id, min_purchase: { amount, currency: 'USD' } });
    expect(
      choicesAt([from('above', '25.01'), from('equal', '25.00'), reward()], 700, lines).map(
        ({ reward: { id }, isBelowMinimum }) => [id, isBelowMinimum],
      ),
    ).toEqual([
      ['equal', false],
      ['five', false],
      ['above', true],
    ]);
    const elsewhere = reward({ min_purchase: { amount: '9000', currency: 'JPY' } });
    expect(choicesAt([elsewhere], 700, lines)[0]?.isBelowMinimum).toBe(false);
  });

  test('that were spent are codes, on this checkout or ready for it', () => {
    const { applied, ready } = codesAt(
      [
        code('a'),
        code('b'),
        code('used', { used: true }),
        code('old', { expires_at: '2026-11-01T00:00:00Z' }),
        code('card', { kind: 'gift_card' }),
      ],
      ['ln-A', 'SUMMER'],
      now,
    );
    expect(applied.map(({ id }) => id)).toEqual(['a']);
    expect(ready.map(({ id }) => id)).toEqual(['b']);
  });
});

describe('what points take off', () => {
  test.each([
    ['a fixed amount', reward(), 500, { amount: '5.00', currency: 'USD' }],
    ['a percentage', reward({ value: { percent: '10' } }), 500, null],
    ['free shipping', reward({ kind: 'free_shipping', value: undefined }), 500, null],
    [
      'steps without decimals',
      reward({
        points_cost: 100,
        value: { amount: '150', currency: 'JPY' },
        steps: { min: 100, max: 900 },
      }),
      300,
      { amount: '450', currency: 'JPY' },
    ],
    [
      'steps of less than one',
      reward({
        points_cost: 10,
        value: { amount: '0.005', currency: 'KWD' },
        steps: { min: 10, max: 90 },
      }),
      30,
      { amount: '0.015', currency: 'KWD' },
    ],
  ])('%s', (_what, of, points, worth) => {
    expect(worthOf(of, points)).toEqual(worth);
  });

  test('is exact, cent by cent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 999 }),
        (cents, times) => {
          const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
          const of = reward({
            points_cost: 100,
            value: { amount, currency: 'USD' },
            steps: { min: 100, max: 99_900 },
          });
          const worth = worthOf(of, 100 * times)?.amount ?? '';
          expect(BigInt(worth.replace('.', ''))).toBe(BigInt(cents) * BigInt(times));
        },
      ),
    );
  });
});
