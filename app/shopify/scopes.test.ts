import { expect, it } from 'vitest';
import { missingScopes } from './scopes.ts';

it('names the scopes that a shop has not granted; one that may write may read', () => {
  const needed = ['read_customers', 'write_customers', 'read_orders'];
  expect(missingScopes(needed, ['read_orders', 'write_customers'])).toEqual([]);
  expect(missingScopes(needed, ['read_customers'])).toEqual(['write_customers', 'read_orders']);
});
