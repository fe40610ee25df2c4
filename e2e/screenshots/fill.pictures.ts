import { test } from '@playwright/test';
import { seedDemo } from '#infra/local/demo-seed.ts';
import { openAppInAdmin } from '#infra/local/shop-endpoints.ts';
import { setUpProgram, withActions } from '../support/program.ts';
import { shopEndpoints } from '../support/shop.ts';

test('the shop of the demo, with every kind of way to earn', async () => {
  test.setTimeout(240_000);
  const endpoints = { shop: shopEndpoints(), appUrl: process.env.E2E_TUNNEL_URL ?? '' };
  await openAppInAdmin(endpoints);
  await seedDemo(endpoints, () => undefined);
  await setUpProgram(() => [
    [
      withActions,
      JSON.stringify({
        newsletter: { enabled: true, points: 100 },
        birthday: { enabled: true, points: 200 },
        social_follow: { enabled: true, points: 50, networks: { instagram: '@roastery' } },
      }),
    ],
    [
      `INSERT INTO rewards (merchant_id, type, channel, title, points_cost, value, currency, config)
       VALUES ($1, 'amount_off', 'pos',
               '{"en": "$5 off in store", "es": "5 $ en tienda", "fr": "5 $ en magasin"}', 500, 5, 'USD',
               '{"mode": "fixed", "code_prefix": "POS"}')`,
    ],
  ]);
});
