import { expect, test } from 'vitest';
import { isOutside } from './outside.ts';

test.each([
  'https://demo-store.myshopify.com/admin/themes/current/editor?context=apps',
  'http://example.com',
  'HTTPS://admin.shopify.com/store/demo-store/charges/loyalnest/pricing_plans',
  '//admin.shopify.com/store',
  '\\\\admin.shopify.com',
  'mailto:help@example.com',
  'shopify://admin/products',
])('%s is outside the app and opens in the top window', (address) => {
  expect(isOutside(address)).toBe(true);
});

test.each(['/app', '/app/customers?query=https://example.com', '?cursor=1', 'customers', ''])(
  '%s stays in the app',
  (address) => {
    expect(isOutside(address)).toBe(false);
  },
);
