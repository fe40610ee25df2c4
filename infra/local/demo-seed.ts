import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { createEncryption } from '#core/shared/encryption.ts';
import { seedHistory } from '#prisma/seed/history/history.ts';
import type { Life } from '#prisma/seed/history/state.ts';
import { fromRoot } from './paths.ts';
import { withClient } from './postgres.ts';
import { Problem } from './process.ts';
import { askDashboard, control } from './shop-endpoints.ts';
import type { ShopEndpoints } from './shop-endpoints.ts';
import { readSecrets } from './stack.ts';
import type { Stack } from './stack.ts';

const syncWithinMs = 30_000;

/** What the demo's shop has come to in its first year. */
const size = { members: 400, orders: 2_500 } as const;

/**
 * Gives the new demo shop a year of its own after its first sync, which finds nothing: members, orders and points in the
 * database, and the same people and orders at Shopify. Then its storefront gets its words.
 */
export async function seedDemo(stack: Stack, say: (line: string) => void): Promise<void> {
  await untilSynced(stack);
  const life = await liveAYear(stack);
  // A start that was interrupted after this has it already.
  if (life === undefined) return;
  await writeContent(stack);
  await connectProviders(stack);
  say(`  ${life.members.length} customers with ${life.orders.length} orders of the past 12 months`);
}

/** @returns undefined when the shop has its past already */
async function liveAYear({ database, shop }: Stack): Promise<Life | undefined> {
  const keys = readSecrets();
  const deps = {
    encryption: createEncryption(keys.ENCRYPTION_KEYS),
    blindIndex: createBlindIndex(keys.BLIND_INDEX_KEY),
  };
  const domain = await domainOf(shop);
  const merchantId = await withClient(database.appUrl, async (client) => {
    const { rows } = await client.query<{ merchant_id: string }>(
      'SELECT merchant_id FROM merchant_by_shop($1)',
      [domain],
    );
    return rows[0]?.merchant_id;
  });
  if (merchantId === undefined) throw new Problem(`${domain} is not installed.`);
  const life = await withClient(database.ownerUrl, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [merchantId]);
    const { rowCount } = await client.query(
      'SELECT FROM customers WHERE merchant_id = $1 LIMIT 1',
      [merchantId],
    );
    if (rowCount !== 0) return undefined;
    const history = await seedHistory(
      client,
      deps,
      { merchantId, domain, appConfigFile: fromRoot('shopify.app.toml') },
      { seed: 'demo', ...size, now: new Date() },
    );
    // Both or neither: a shop with half a past is of no use.
    await control({ shop }, 'history', history.shopify, z.unknown());
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return history.life;
  });
  await withClient(database.appUrl, async (client) => {
    await client.query('SELECT refresh_rfm_segment_counts()');
    const { rows } = await client.query('SELECT * FROM ledger_broken_invariants($1)', [merchantId]);
    if (rows.length > 0) throw new Problem('The balances of the demo shop are not its entries.');
  });
  return life;
}

async function domainOf(shop: ShopEndpoints['shop']): Promise<string> {
  const answer = z.object({ shop: z.object({ domain: z.string() }) });
  return (await control({ shop }, 'state', { limit: 1 }, answer)).shop.domain;
}

/** What the storefront says: in the shop's own words here, in LoyalNest's everywhere else. */
async function writeContent(endpoints: ShopEndpoints): Promise<void> {
  const none = { en: '', es: '', fr: '' };
  const content = {
    launcher: { color: '', position: 'right', icon: 'nest', text: none },
    panel: { color: '', logoUrl: '', welcome: none },
    stickyBar: {
      enabled: true,
      text: {
        en: 'Earn points with every order.',
        es: 'Gana puntos con cada pedido.',
        fr: 'Gagnez des points à chaque commande.',
      },
      color: '',
      link: '/pages/rewards',
    },
    page: {
      color: '',
      title: { en: 'The morning club', es: 'El club de la mañana', fr: 'Le club du matin' },
    },
    postPurchase: { enabled: true, text: none },
    checkoutPointsDisplay: true,
  };
  await askDashboard(endpoints, '/app/content.data', {
    intent: 'save',
    version: '1',
    content: JSON.stringify(content),
  });
}

/** Who carries messages: the emulators, which take whatever looks like credentials. At any time of day, to be seen. */
async function connectProviders(endpoints: ShopEndpoints): Promise<void> {
  const providers = {
    ses: {
      access_key_id: 'DEMOKEY',
      secret_access_key: 'demo-of-ses',
      region: 'us-east-1',
      from_address: 'hello@demo-store.example',
    },
    twilio: {
      account_sid: `AC${'0'.repeat(32)}`,
      auth_token: 'demo-of-twilio',
      from: '+14155550100',
    },
  };
  for (const [provider, credentials] of Object.entries(providers))
    await askDashboard(endpoints, '/app/integrations.data', {
      intent: 'connect',
      connected: 'false',
      provider,
      ...credentials,
    });
  await askDashboard(endpoints, '/app/integrations.data', {
    intent: 'settings',
    revision: '',
    senderName: '',
    replyTo: '',
    emailProvider: '',
    smsProvider: '',
    quietFrom: '00:00',
    quietUntil: '00:00',
    fallback: 'true',
  });
}

async function untilSynced(endpoints: ShopEndpoints): Promise<void> {
  const deadline = Date.now() + syncWithinMs;
  while (Date.now() < deadline) {
    // Remix's own encoding, in which the values of a route's response are JSON strings.
    const answer = await askDashboard(endpoints, '/app/sync.data');
    if (answer.includes('"completed"')) return;
    if (answer.includes('"failed"')) {
      throw new Problem("The shop's first synchronization failed.");
    }
    await sleep(250);
  }
  throw new Problem(`The shop was not synchronized within ${syncWithinMs / 1000} s.`);
}
