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
    expect(customerSearchOf('gid://shopify/Customer/7012345678901')).toMatchObject({
      by: 'shopifyId',
    });
    expect(customerSearchOf('ana  gar')).toEqual({ by: 'name', words: ['ana', 'gar'] });
  });
});
