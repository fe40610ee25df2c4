import { expect, it } from 'vitest';
import { errorTags, inWork, nameInWork, newWork, workFields } from './work-context.server.ts';

const merchantId = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';
const customerId = '1c9f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6b';
const other = '2d0f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6c';

it('an error report names the shop and the customer by our own ids, even if they become known late', async () => {
  const tags = await inWork(newWork('a-request'), async () => {
    nameInWork({ merchantId });
    await Promise.resolve();
    nameInWork({ merchantId, customerId });
    return errorTags();
  });
  expect(tags).toEqual({ merchant_id: merchantId, customer_id: customerId });
});

it('an error report never names Shopify’s ids, shops or addresses', () => {
  for (const id of ['7001', 'gid://shopify/Customer/7001', 'ada@example.com', '', undefined])
    expect(
      inWork(newWork('a-request'), () => {
        nameInWork({ merchantId: 'demo-store.myshopify.com', customerId: id });
        return errorTags();
      }),
    ).toEqual({});
});

it('an error in work on many customers names none of them', () => {
  expect(
    inWork(newWork('a-request'), () => {
      for (const id of [customerId, other]) nameInWork({ merchantId, customerId: id });
      return errorTags();
    }),
  ).toEqual({ merchant_id: merchantId });
});

it('concurrent requests do not mix their tags', async () => {
  const one = (id: string) =>
    inWork(newWork('a-request'), async () => {
      nameInWork({ merchantId, customerId: id });
      await new Promise((resolve) => setImmediate(resolve));
      return errorTags();
    });
  const [first, second] = await Promise.all([one(customerId), one(other)]);
  expect([first.customer_id, second.customer_id]).toEqual([customerId, other]);
});

it('an error outside any request has no tags', () => {
  nameInWork({ merchantId, customerId });
  expect(errorTags()).toEqual({});
});

it('a log line names the request and, once it is known, the shop', () => {
  inWork(newWork('a-request'), () => {
    expect(workFields()).toEqual({ requestId: 'a-request' });
    nameInWork({ merchantId, customerId });
    expect(workFields()).toEqual({ requestId: 'a-request', merchantId });
    nameInWork({ merchantId: other });
    expect(workFields()).toEqual({ requestId: 'a-request' });
  });
  expect(workFields()).toEqual({});
});
