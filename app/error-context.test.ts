import { expect, it } from 'vitest';
import { errorTags, inErrorContext, nameInErrors } from './error-context.server.ts';

const merchantId = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';
const customerId = '1c9f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6b';
const other = '2d0f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6c';

it('an error report names the shop and the customer by our own ids, even if they become known late', async () => {
  const tags = await inErrorContext(async () => {
    nameInErrors({ merchantId });
    await Promise.resolve();
    nameInErrors({ merchantId, customerId });
    return errorTags();
  });
  expect(tags).toEqual({ merchant_id: merchantId, customer_id: customerId });
});

it('an error report never names Shopify’s ids, shops or addresses', () => {
  for (const id of ['7001', 'gid://shopify/Customer/7001', 'ada@example.com', '', undefined])
    expect(
      inErrorContext(() => {
        nameInErrors({ merchantId: 'demo-store.myshopify.com', customerId: id });
        return errorTags();
      }),
    ).toEqual({});
});

it('an error in work on many customers names none of them', () => {
  expect(
    inErrorContext(() => {
      for (const id of [customerId, other]) nameInErrors({ merchantId, customerId: id });
      return errorTags();
    }),
  ).toEqual({ merchant_id: merchantId });
});

it('concurrent requests do not mix their tags', async () => {
  const one = (id: string) =>
    inErrorContext(async () => {
      nameInErrors({ merchantId, customerId: id });
      await new Promise((resolve) => setImmediate(resolve));
      return errorTags();
    });
  const [first, second] = await Promise.all([one(customerId), one(other)]);
  expect([first.customer_id, second.customer_id]).toEqual([customerId, other]);
});

it('an error outside any request has no tags', () => {
  nameInErrors({ merchantId, customerId });
  expect(errorTags()).toEqual({});
});
