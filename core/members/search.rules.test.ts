import { describe, expect, it } from 'vitest';
import { customerSearchOf } from './search.rules.ts';

describe('the search of members', () => {
  it('distinguishes an address, a Shopify id and a name', () => {
    expect(customerSearchOf('  ')).toEqual({ by: 'all' });
    expect(customerSearchOf(' Ana@Example.com ')).toEqual({
      by: 'email',
      email: 'Ana@Example.com',
    });
    expect(customerSearchOf('7012345678901')).toEqual({
      by: 'shopifyId',
      shopifyId: '7012345678901',
    });
    expect(customerSearchOf('gid://shopify/Customer/7012345678901')).toEqual({
      by: 'shopifyId',
      shopifyId: '7012345678901',
    });
    expect(customerSearchOf('ana  gar')).toEqual({ by: 'name', words: ['ana', 'gar'] });
  });

  it('goes by the first four words of a name', () => {
    expect(customerSearchOf('ana maria de la cruz')).toEqual({
      by: 'name',
      words: ['ana', 'maria', 'de', 'la'],
    });
  });

  it.each([
    ['123', 'name'],
    ['1234', 'shopifyId'],
    ['1'.repeat(20), 'shopifyId'],
    ['1'.repeat(21), 'name'],
    ['1234 5678', 'name'],
    ['gid://shopify/Order/1234', 'name'],
  ])('takes %s for a %s', (typed, by) => {
    expect(customerSearchOf(typed).by).toBe(by);
  });
});
