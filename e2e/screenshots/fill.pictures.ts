import { test } from '@playwright/test';
import { setUpProgram, withActions } from '../support/program.ts';

// The demo's shop is there; the pictures also want what a merchant adds later.
test('every kind of way to earn, and a reward for the POS', async () => {
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
