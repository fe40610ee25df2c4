import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './infra/local/optional-tools.ts';

const chromium = findChromium();
// Set by the global setup; the workers read this file after it.
const proxy = process.env.E2E_PROXY;
// Shopify's library treats "HeadlessChrome" as a bot and refuses to sign it in.
const userAgent = devices['Desktop Chrome'].userAgent;

const desktop = { viewport: { width: 1280, height: 800 } };

/** What `npm run screenshots` runs in place of the journeys. @param shop whose pictures are taken: `empty` or `demo` */
function picturesOf(shop: string | undefined) {
  const pictures = (name: string, files: readonly string[], dependencies: string[] = []) => ({
    name,
    testMatch: files.map((file) => `screenshots/${file}.pictures.ts`),
    dependencies,
    retries: 1,
  });
  if (shop === 'empty') return [pictures('empty', ['empty'])];
  if (shop !== 'demo') return undefined;
  return [
    pictures('fill', ['fill']),
    pictures('pictures', ['dashboard', 'shop', 'console'], ['fill']),
    // Last: it stops core.
    pictures('away', ['away'], ['pictures']),
  ];
}

/**
 * Journeys through the built product, with the Shopify emulator behind a proxy: the browser opens the real
 * addresses (admin.shopify.com, the shop's own), under the real policies.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './infra/local/browser-tests.setup.ts',
  outputDir: 'test-results',
  // One for the journeys, which share a shop and would meet each other's orders, and one for the widget on pages of its own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // In CI chance may fail a journey once; the report then names it as flaky. Here nothing is hidden.
  retries: process.env.CI === 'true' ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    userAgent,
    locale: 'en-US',
    timezoneId: 'UTC',
    ignoreHTTPSErrors: true,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    // What a test serves on this machine itself is reached directly.
    ...(proxy === undefined ? {} : { proxy: { server: proxy, bypass: '<-loopback>,127.0.0.1' } }),
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  projects: picturesOf(process.env.SCREENSHOTS) ?? [
    // The shop before the app is opened: later projects need it installed.
    { name: 'install', testMatch: 'install.spec.ts', use: desktop },
    // What its new merchant does first.
    { name: 'setup', testMatch: 'setup.spec.ts', dependencies: ['install'], use: desktop },
    {
      name: 'journeys',
      dependencies: ['setup'],
      testIgnore: ['install.spec.ts', 'setup.spec.ts', 'widget-alone.spec.ts'],
      use: desktop,
      workers: 1,
    },
    { name: 'widget', testMatch: 'widget-alone.spec.ts', use: desktop, workers: 1 },
  ],
});
