import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { permissionsMissing } from './permissions.rules.ts';
import { secretProblems } from './secrets.rules.ts';

const problems = (value: string) => secretProblems([{ name: 'KEY', value }]);
const random = 'kX9#mQ2$vL7@pR4!nT8%wY1^bZ5&cF3*';

describe('a secret', () => {
  it('is fit when no one can guess it', () => {
    expect(problems(random)).toEqual([]);
    expect(problems(randomBytes(32).toString('base64'))).toEqual([]);
    expect(problems(`k1:${randomBytes(32).toString('base64')}, k2:${random}`)).toEqual([]);
  });

  it('is none of its own business while it is blank', () => {
    expect(problems('')).toEqual([]);
    expect(problems(' , k1:')).toEqual([]);
  });

  it('has at least 32 characters', () => {
    expect(problems(random.slice(1))).toEqual([
      'KEY must have at least 32 characters in production',
    ]);
  });

  it.each([
    'change-me-change-me-change-me-1234567890',
    'an EXAMPLE of a secret: 1234567890abcdef',
    'the demo’s own secret 1234567890abcdef',
    Buffer.from('an insecure key of 32 characters').toString('base64'),
  ])('is no published one, in clear or in base64: %s', (value) => {
    expect(problems(value)).toEqual([
      'KEY is a published example; production needs a secret of its own',
    ]);
  });

  it.each([
    'abcdefg'.repeat(6),
    Buffer.alloc(32, 7).toString('base64'),
    Buffer.from(
      [1, 2, 3, 4, 5, 6, 7].flatMap((one) => Array<number>(5).fill(one)).slice(0, 32),
    ).toString('base64'),
  ])('is no few characters again and again: %s', (value) => {
    expect(problems(value)).toEqual([
      'KEY is a published example or not random; production needs a secret of its own',
    ]);
  });

  it('of eight different characters is taken for one by chance', () => {
    expect(problems('abcdefgh'.repeat(4))).toEqual([]);
  });

  it('is told of once, by its name and never by its value', () => {
    const told = secretProblems([
      { name: 'A', value: 'k1:short,k2:brief' },
      { name: 'B', value: 'short' },
    ]);
    expect(told.map((problem) => problem.split(' ')[0])).toEqual(['A', 'B']);
    expect(told.join()).not.toMatch('short');
  });
});

describe('permissions', () => {
  const nothing = new Set<string>();

  it.each([
    ['amount_off', ['write_discounts']],
    ['percent_off', ['write_discounts']],
    ['free_shipping', ['write_discounts']],
    ['coupon', ['write_discounts']],
    ['free_product', ['write_discounts', 'read_products']],
    ['cashback', ['write_store_credit_account_transactions', 'read_store_credit_accounts']],
    ['store_credit', ['write_store_credit_account_transactions', 'read_store_credit_accounts']],
    ['gift_card', ['write_gift_cards']],
  ] as const)('that %s takes are missing until the shop grants them', (kind, needed) => {
    expect(permissionsMissing(kind, nothing)).toEqual(needed);
    expect(permissionsMissing(kind, new Set(needed))).toEqual([]);
  });

  it('to write are to read as well, and not the other way round', () => {
    const both = new Set(['write_discounts', 'write_products']);
    expect(permissionsMissing('free_product', both)).toEqual([]);
    expect(permissionsMissing('amount_off', new Set(['read_discounts']))).toEqual([
      'write_discounts',
    ]);
  });
});
