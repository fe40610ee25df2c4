import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './infra/local/optional-tools.ts';

const chromium = findChromium();
// Set by the global setup; the workers read this file after it.
const proxy = process.env.E2E_PROXY;
// Shopify's library takes "HeadlessChrome" for a robot and refuses to sign it in.
const userAgent = devices['Desktop Chrome'].userAgent;

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/**
 * Journeys through the built product, with the stand-in for Shopify behind a proxy: the browser opens the real
 * addresses (admin.shopify.com, the shop's own), under the real policies.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './infra/local/browser-tests.setup.ts',
  outputDir: 'test-results',
  // One shop for all: journeys would meet each other's orders.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // A journey that passes the second time has found something: it is read, not repeated.
  retries: 0,
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
  projects: [
    // The shop as it is before anybody has opened the app: whatever comes after needs it installed.
    { name: 'install', testMatch: 'install.spec.ts', use: desktop },
    // What its new merchant does first.
    { name: 'setup', testMatch: 'setup.spec.ts', dependencies: ['install'], use: desktop },
    {
      name: 'desktop',
      dependencies: ['setup'],
      testIgnore: ['install.spec.ts', 'setup.spec.ts', 'screenshots.spec.ts'],
      grepInvert: /@phone/,
      use: desktop,
    },
    { name: 'phone', dependencies: ['setup'], grep: /@phone/, use: phone },
    // On demand, in a shop with a past: SCREENSHOTS=1 npx playwright test --project=screenshots
    ...(process.env.SCREENSHOTS === '1'
      ? [{ name: 'screenshots', testMatch: 'screenshots.spec.ts', use: desktop }]
      : []),
  ],
});
