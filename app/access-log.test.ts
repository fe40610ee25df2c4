import { expect, test } from 'vitest';
import { loggablePath } from './access-log.server.ts';

test('the request log contains no personal data and no credentials', () => {
  const path = loggablePath(
    '/app/customers/7712345678?shop=demo-store.myshopify.com&hmac=abc&id_token=ey.J.x&locale=fr&logged_in_customer_id=7001&signature=ff&q=ada%40example.com',
  );
  expect(path).toBe(
    '/app/customers/:id?shop&hmac&id_token&locale=fr&logged_in_customer_id&signature&q',
  );
});

test('our own ids are left out as well', () => {
  expect(loggablePath('/app/customers/0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a.data')).toBe(
    '/app/customers/:id.data',
  );
});

test.each([
  ['/ada@example.com/7001?email=ada@example.com', '(unknown)'],
  ['/reset/ada%40example.com', '(unknown)'],
  ['/ada.lovelace', '(unknown)'],
  ['/proxy/ada@example.com', '/proxy/:address'],
  ['/app/customers?ada%40example.com=1', '/app/customers?:key'],
  ['/%', '(no address)'],
  ['/CONSOLE/Sign-In?next=x', '/console/sign-in?next'],
])('%s is logged as %s', (asked, logged) => {
  expect(loggablePath(asked)).toBe(logged);
});
