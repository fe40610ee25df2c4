import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readAppConfig } from './app-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'emulator-config-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the shop reads scopes, topics and proxy from the app's configuration", () => {
  const file = join(folder, 'shopify.app.toml');
  writeFileSync(
    file,
    `client_id = "demo-client-id" # of the demo
handle = "loyalnest"
application_url = "https://app.example.test/app"
[access_scopes]
scopes = "read_customers,read_orders"
[webhooks]
api_version = "2026-10"
  [[webhooks.subscriptions]]
  topics = [
    "orders/paid", # when it counts
    "orders/updated",
  ]
  uri = "/webhooks/orders"
  [[webhooks.subscriptions]]
  compliance_topics = [ "shop/redact" ]
  uri = "https://app.example.test/webhooks/shop/redact"
[app_proxy]
url = "https://app.example.test/proxy"
subpath = "loyalnest"
prefix = "apps"
[customer.metafields.app.balance]
type = "number_integer"
name = "Loyalty points"
access.storefront = "public_read"
`,
  );
  expect(readAppConfig(file)).toEqual({
    handle: 'loyalnest',
    name: 'LoyalNest',
    launchPath: '/app',
    scopes: ['read_customers', 'read_orders'],
    apiVersion: '2026-10',
    subscriptions: [
      { topic: 'orders/paid', uri: '/webhooks/orders', compliance: false, includeFields: [] },
      { topic: 'orders/updated', uri: '/webhooks/orders', compliance: false, includeFields: [] },
      { topic: 'shop/redact', uri: '/webhooks/shop/redact', compliance: true, includeFields: [] },
    ],
    proxy: { prefix: 'apps', subpath: 'loyalnest', path: '/proxy' },
    definitions: [
      {
        ownerType: 'CUSTOMER',
        key: 'balance',
        type: 'number_integer',
        name: 'Loyalty points',
        description: null,
        admin: 'MERCHANT_READ',
        storefront: 'PUBLIC_READ',
      },
    ],
  });
});
