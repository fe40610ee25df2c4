import { openCoreChannels } from '#app/core-client/channels.server.ts';
import { createCoreConnection } from '#app/core-client/clients.server.ts';
import { coreServices } from '#app/core-client/core-address.ts';
import type { CoreService } from '#app/core-client/core-address.ts';
import { chromium, devices } from '@playwright/test';
import type { FrameLocator, Locator } from '@playwright/test';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { createEncryption } from '#core/shared/encryption.ts';
import { findChromium, howToGet } from '#infra/local/optional-tools.ts';
import { withClient } from '#infra/local/postgres.ts';
import { seed } from '#prisma/seed/seed.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { stopAtEnd } from './cleanup.ts';
import { shopDomain } from './deliveries.ts';
import { oneProcess, vitalsOf } from './page-vitals.ts';
import type { VisitedPage, Vitals } from './page-vitals.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { percentile, rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * The dashboard of a large shop on a slow phone, as Shopify judges it (Built for Shopify): largest paint within 2.5 s,
 * layout shift of at most 0.1, an answer to every press within 200 ms. `--quick`: a small shop and one visit a page;
 * `--pictures`: what was seen, in bench/dashboard-<page>.png.
 */

const rounds = 5;
const large = { customers: 50_000, orders: 200_000 };
const small = { customers: 500, orders: 2_000 };
const publicUrl = 'https://app.example.test';

export async function run(flags: readonly string[] = []): Promise<Metrics> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stdout.write(`  nothing to measure with. ${howToGet('chromium')}\n`);
    return { values: {}, meta: {} };
  }
  const isQuick = flags.includes('--quick');
  const database = await startBenchDatabase({ queue: true });
  let product: Product | undefined;
  try {
    product = await startProduct(database, { publicUrl });
    const size = isQuick ? small : large;
    const pages = pagesOf(await moveIn(database, product, size));
    process.stdout.write(`  a shop of ${size.customers} customers and ${size.orders} orders\n`);
    const proxy = product.shop.environment['HTTPS_PROXY'] ?? '';
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', ...oneProcess],
    });
    const closeBrowser = stopAtEnd(() => browser.close());
    try {
      const seen: Record<string, Vitals[]> = {};
      // The first visit of each warms the servers up.
      for (let round = isQuick ? 1 : 0; round <= (isQuick ? 1 : rounds); round++) {
        for (const page of pages) {
          const picture =
            flags.includes('--pictures') && round === 1
              ? `bench/dashboard-${page.name}.png`
              : undefined;
          const vitals = await vitalsOf(
            browser,
            {
              proxy,
              admin: `https://admin.shopify.com/store/${shopDomain.split('.')[0] ?? ''}/apps/loyalnest/app`,
              app: publicUrl,
              userAgent: devices['Pixel 7'].userAgent,
            },
            page,
            picture,
          );
          if (round > 0) (seen[page.name] ??= []).push(vitals);
        }
      }
      return report(seen);
    } finally {
      await closeBrowser();
    }
  } finally {
    await product?.stop();
    await database.stop();
  }
}

function report(seen: Readonly<Record<string, readonly Vitals[]>>): Metrics {
  const of = (name: string, value: (vitals: Vitals) => number) =>
    rounded(percentile((seen[name] ?? []).map(value), 0.75));
  const pages = Object.fromEntries(
    Object.entries(seen).map(([name, visits]) => [
      name,
      {
        lcp_p75_ms: of(name, ({ lcpMs }) => lcpMs),
        cls: rounded(Math.max(...visits.map(({ cls }) => cls))),
        inp_p75_ms: of(name, ({ inpMs }) => inpMs),
        ttfb_ms: of(name, ({ ttfbMs }) => ttfbMs),
        fcp_ms: of(name, ({ fcpMs }) => fcpMs),
        bytes: of(name, ({ bytes }) => bytes),
        largest: visits[0]?.largest ?? '',
        slowest: visits[0]?.slowest ?? '',
        jumped: visits[0]?.jumped ?? '',
      },
    ]),
  );
  for (const [name, { largest, slowest, jumped, ...figures }] of Object.entries(pages))
    process.stdout.write(
      `  ${name.padEnd(9)} ${JSON.stringify(figures)}\n            largest: ${largest}; slowest: ${slowest}; jumped: ${jumped}\n`,
    );
  const worst = (value: (page: (typeof pages)[string]) => number) =>
    Math.max(...Object.values(pages).map(value));
  return {
    values: {
      lcp_p75_ms: worst((page) => page.lcp_p75_ms),
      cls: worst((page) => page.cls),
      inp_p75_ms: worst((page) => page.inp_p75_ms),
    },
    meta: { pages },
  };
}

/**
 * A finger on what is in sight. The browser's driver would look at every event of a press to see where it lands, in the
 * page's own time: several times what the page itself takes.
 */
async function touch(what: Locator): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  await what.page().waitForTimeout(300);
  const box = await what.boundingBox();
  if (box === null) throw new Error('there is nothing to touch');
  await what.page().touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await what.page().waitForTimeout(300);
}

/** Each step is what a merchant does there first. */
function pagesOf(customerId: string): readonly VisitedPage[] {
  const press = (app: FrameLocator, name: string | RegExp) =>
    touch(app.getByRole('button', { name }).first());
  return [
    {
      name: 'home',
      path: '',
      use: async (app) => {
        await press(app, /^Show trend: Members gained/);
        await press(app, /^About: Redemption rate/);
        await app.locator('body').press('Escape');
        await press(app, 'Show as table');
        await touch(app.getByRole('link', { name: '90 days', exact: true }));
      },
    },
    {
      name: 'customers',
      path: '/customers',
      use: async (app) => {
        await press(app, /^(Search and )?filter results/i);
        const search = app.getByRole('searchbox').or(app.getByRole('textbox')).first();
        await touch(search);
        await search.pressSequentially('nora');
        await search.press('Enter');
      },
    },
    {
      name: 'program',
      path: '/program',
      use: (app) => touch(app.getByRole('link', { name: /order/i }).first()),
    },
    {
      name: 'customer',
      path: `/customers/${customerId}`,
      use: async (app) => {
        await press(app, /^Adjust points/);
        await app
          .getByRole('textbox')
          .or(app.getByRole('spinbutton'))
          .first()
          .pressSequentially('5');
      },
    },
  ];
}

/**
 * Fills a shop and gives it the address of the one that the app was installed at.
 * @returns the member with the most orders
 */
async function moveIn(
  database: BenchDatabase,
  product: Product,
  size: { readonly customers: number; readonly orders: number },
): Promise<string> {
  const { ENCRYPTION_KEYS, BLIND_INDEX_KEY, CORE_SIGNING_KEY } = product.secrets;
  await seed(
    database,
    { merchants: 1, ...size, seed: 1, asOf: new Date() },
    {
      encryption: createEncryption(ENCRYPTION_KEYS),
      blindIndex: createBlindIndex(BLIND_INDEX_KEY),
      say: (line) => process.stdout.write(`  ${line.trim()}\n`),
    },
  );
  const [merchantId, customerId] = await withClient(database.adminUrl, async (client) => {
    await client.query('UPDATE merchants SET shopify_domain = $1 WHERE shopify_domain = $2', [
      `former-${shopDomain}`,
      shopDomain,
    ]);
    const { rows } = await client.query<{ merchant_id: string; customer_id: string }>(
      `UPDATE merchants m SET shopify_domain = $1 WHERE m.shopify_domain LIKE 'seed-%'
       RETURNING m.merchant_id, (SELECT c.customer_id FROM customers c WHERE c.merchant_id = m.merchant_id AND c.has_account
                                 ORDER BY c.order_count DESC LIMIT 1) AS customer_id`,
      [shopDomain],
    );
    await client.query(
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency)
       VALUES ($1, 'amount_off', '{"en": "$5 off"}', 500, 5, 'USD')`,
      [rows[0]?.merchant_id],
    );
    // It has been here for two years: nothing is left to set up or to import.
    await client.query(
      `UPDATE onboarding_tasks SET status = 'completed', completed_at = now() WHERE merchant_id = $1`,
      [rows[0]?.merchant_id],
    );
    await client.query(
      `UPDATE sync_runs SET merchant_id = $1 WHERE merchant_id = (SELECT m.merchant_id FROM merchants m WHERE m.shopify_domain = $2)`,
      [rows[0]?.merchant_id, `former-${shopDomain}`],
    );
    return [rows[0]?.merchant_id ?? '', rows[0]?.customer_id ?? ''] as const;
  });
  await scoreAll(product.coreAddress, CORE_SIGNING_KEY, merchantId);
  // Web remembers whose address it was.
  await product.process('web').stop();
  await product.start('web');
  return customerId;
}

async function scoreAll(address: string, signingKey: string, merchantId: string): Promise<void> {
  const target = `ipv4:${address}`;
  const targets = Object.fromEntries(coreServices.map((service) => [service, target])) as Record<
    CoreService,
    string
  >;
  const channels = openCoreChannels({ targets, tls: false });
  try {
    const { analytics } = createCoreConnection(channels, signingKey).clientsFor({
      merchantId,
      actor: 'system',
      scopes: ['system'],
    });
    for (let cursor = '', isOver = false; !isOver; isOver = cursor === '')
      ({ nextCursor: cursor } = await analytics.rescoreMembers({
        cursor,
        limit: 5_000,
        trigger: 'schedule',
        onlyIfDue: false,
      }));
  } finally {
    channels.close();
  }
}
