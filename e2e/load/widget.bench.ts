import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { build } from '#infra/local/build.ts';
import { findChromium, howToGet } from '#infra/local/optional-tools.ts';
import { fromRoot } from '#infra/local/paths.ts';
import { dashboardRouteSizes } from '../bundle-size.ts';
import { startEmulator } from '../shopify/emulator.ts';
import type { Emulator } from '../shopify/emulator.ts';
import { stopAtEnd } from './cleanup.ts';
import { pageSpeed } from './page-speed.ts';
import type { PageSpeed } from './page-speed.ts';
import { rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/** What the storefront's block and the dashboard cost a visitor: bytes, and how much of the page moves. */

const theme = 'extensions/loyalnest-theme';
/** All that a page may load before the widget is used. */
const firstLoad = ['loyalnest.js', 'loyalnest-points.js', 'loyalnest-extra.js'];
/** All layout shift has happened by then. */
const settleMs = 1_500;

const gzipped = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);

export async function run(): Promise<Metrics> {
  const assets = readdirSync(fromRoot(theme, 'assets')).map((name) => ({
    name,
    text: readFileSync(fromRoot(theme, 'assets', name), 'utf8'),
  }));
  // The styles that stand in the pages themselves, without their Liquid; the second on the rewards page alone.
  const [style = '', pageStyle = ''] = ['loyalnest-style', 'loyalnest-style-page'].map((name) =>
    readFileSync(fromRoot(theme, `snippets/${name}.liquid`), 'utf8').replace(/{%-[\s\S]*?-%}/g, ''),
  );
  const first = assets.filter(({ name }) => firstLoad.includes(name)).map(({ text }) => text);
  if (first.length !== firstLoad.length)
    throw new Error(`${theme}/assets lacks ${firstLoad.join()}`);
  await build();
  const routes = dashboardRouteSizes(fromRoot('build/client'));
  const seen = await inBrowser();
  return {
    values: {
      first_load_gzip_bytes: gzipped([...first, style]),
      first_load_raw_js_bytes: Buffer.byteLength(first.join('')),
      total_gzip_bytes: gzipped([
        ...assets.filter(isCode).map(({ text }) => text),
        style,
        pageStyle,
      ]),
      words_gzip_bytes: Math.max(
        ...assets.filter((asset) => !isCode(asset)).map(({ text }) => gzipped([text])),
      ),
      ...(seen === undefined
        ? {}
        : {
            layout_shift: rounded(Math.max(...Object.values(seen.shifts))),
            lighthouse_loss: seen.speed.loss,
          }),
      dashboard_max_route_gzip_bytes: Math.max(...routes.map(({ gzipBytes }) => gzipBytes)),
    },
    meta: {
      layout_shift_by_visit: seen?.shifts ?? {},
      pages: seen?.speed.pages ?? {},
      dashboard_routes: routes,
    },
  };
}

const isCode = ({ name }: { name: string }) => /\.(js|css)$/.test(name);

/**
 * The cumulative layout shift of each visit (pages by guests and members, on desk and phone), and what the widget takes
 * of the pages' scores.
 */
async function inBrowser(): Promise<
  { shifts: Record<string, number>; speed: PageSpeed } | undefined
> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stdout.write(
      `  no layout_shift and no lighthouse_loss, for want of Chromium. ${howToGet('chromium')}\n`,
    );
    return undefined;
  }
  const emulator = await startEmulator({
    // Nothing answers there: rendering must not wait for the app.
    appUrl: 'http://127.0.0.1:9',
    themeDir: fromRoot(theme),
    appConfigFile: fromRoot('shopify.app.toml'),
    seed: 'demo',
  });
  setUp(emulator);
  const stopEmulator = stopAtEnd(() => emulator.stop());
  try {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const closeBrowser = stopAtEnd(() => browser.close());
    try {
      const shifts: Record<string, number> = {};
      const devices = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
      for (const [device, viewport] of Object.entries(devices)) {
        for (const visitor of ['guest', 'member'] as const) {
          Object.assign(
            shifts,
            await visit(browser, emulator.storeUrl, { device, viewport, visitor }),
          );
        }
      }
      return { shifts, speed: await pageSpeed(browser, emulator) };
    } finally {
      await closeBrowser();
    }
  } finally {
    await stopEmulator();
  }
}

/** The settings that the app would write for the theme: with them, every block renders. */
function setUp({ world }: Emulator): void {
  const { metafields, installation } = world.data;
  const at = world.clock.iso();
  metafields.set('bench', {
    id: 1,
    ownerId: `gid://shopify/AppInstallation/${installation.id}`,
    namespace: 'loyalnest',
    key: 'settings',
    type: 'json',
    value: JSON.stringify({
      program_active: true,
      quote: { rate: '10', rate_e4: 100_000, excluded: [] },
      sticky_bar: { enabled: true, text: { en: 'Collect points with every cup' } },
    }),
    createdAt: at,
    updatedAt: at,
  });
}

interface Visit {
  readonly device: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly visitor: 'guest' | 'member';
}

async function visit(
  browser: Browser,
  store: string,
  { device, viewport, visitor }: Visit,
): Promise<Record<string, number>> {
  const page = await browser.newPage({ viewport });
  try {
    if (visitor === 'member') {
      await page.goto(`${store}/account/login`);
      await page.getByRole('button', { name: 'Ada Larsen' }).click();
    }
    const shifts: Record<string, number> = {};
    for (const path of ['', '/products/gift-box', '/cart']) {
      await page.goto(`${store}${path}`, { waitUntil: 'load' });
      if ((await page.locator('loyalnest-launcher').count()) === 0) {
        throw new Error(`the widget is not on ${path === '' ? 'the home page' : path}`);
      }
      await page.waitForTimeout(settleMs);
      shifts[`${device} ${visitor} ${path === '' ? '/' : path}`] =
        await page.evaluate(cumulativeShift);
    }
    return shifts;
  } finally {
    await page.close();
  }
}

/** Runs in the page: the sum of what moved without the visitor's doing. */
function cumulativeShift(): Promise<number> {
  return new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        };
        if (!hadRecentInput) sum += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 200);
  });
}
