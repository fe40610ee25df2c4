import { expect, it } from 'vitest';
import { tagsOf } from './telemetry.server.ts';

const merchantId = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';

it('an error report names the shop and the customer by our own ids', () => {
  expect(tagsOf({ merchantId, customerId: merchantId })).toEqual({
    merchant_id: merchantId,
    customer_id: merchantId,
  });
});

it('an error report never names Shopify’s ids, shops or addresses', () => {
  for (const customerId of [
    '7001',
    'gid://shopify/Customer/7001',
    'ada@example.com',
    '',
    undefined,
  ])
    expect(tagsOf({ merchantId: 'demo-store.myshopify.com', customerId })).toEqual({});
});
