import { describe, expect, test } from 'vitest';
import type { CheckoutPoints } from '../shared/contract.ts';
import { pointsViewOf } from './src/points.rules.ts';

const answer = (changes: Partial<CheckoutPoints> = {}): CheckoutPoints => ({
  shown: true,
  customer: { balance: 1_250, available: 1_000, held: 250, debt: 0 },
  signed_in: true,
  points_name: { one: 'Star', other: 'Stars' },
  earn: { points: 200, multiplier: '1' },
  needs_account: false,
  rewards: 2,
  ...changes,
});
const guest = { customer: null, signed_in: false };
const nothing = { points: 0, multiplier: '1' };

describe('the block at the checkout', () => {
  test('tells a member what the goods earn and what they have', () => {
    expect(pointsViewOf(answer())).toEqual({
      earn: 200,
      multiplier: null,
      available: 1_000,
      invitation: null,
      hasRewards: true,
    });
  });

  test.each([
    ['where the shop does not tell it', answer({ shown: false })],
    ['to a guest who earns nothing', answer({ ...guest, earn: nothing })],
  ])('says nothing %s', (_where, said) => {
    expect(pointsViewOf(said)).toBeNull();
  });

  test.each([
    ['a guest', answer(guest), { earn: 200, invitation: 'guest', available: null }],
    [
      'a guest where it takes an account',
      answer({ ...guest, earn: nothing, needs_account: true }),
      {
        earn: null,
        invitation: 'account',
      },
    ],
    [
      'a guest of goods in another currency',
      answer({ ...guest, earn: null }),
      {
        earn: null,
        multiplier: null,
        invitation: 'guest',
      },
    ],
    ['a member who earns nothing', answer({ earn: nothing }), { earn: 0, available: 1_000 }],
    ['somebody signed in without points', answer({ customer: null }), { invitation: null }],
    [
      'whose points are doubled',
      answer({ earn: { points: 5, multiplier: '2' } }),
      { multiplier: '2' },
    ],
    [
      'whose points are as they are',
      answer({ earn: { points: 5, multiplier: '1' } }),
      { multiplier: null },
    ],
    ['of a shop with a single reward', answer({ rewards: 1 }), { hasRewards: true }],
    ['of a shop without rewards', answer({ rewards: 0 }), { hasRewards: false }],
  ])('says to one, %s, what is theirs', (_who, said, shown) => {
    expect(pointsViewOf(said)).toMatchObject(shown);
  });
});
