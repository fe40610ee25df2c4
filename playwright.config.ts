import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './infra/local/optional-tools.ts';

const chromium = findChromium();
// Set by the global setup; the workers read this file after it.
const proxy = process.env.E2E_PROXY;
// Shopify's library takes "HeadlessChrome" for a robot and refuses to sign it in.
const userAgent = devices['Desktop Chrome'].userAgent;

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
  retries: process.env.CI === undefined ? 0 : 1,
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
    ...(proxy === undefined ? {} : { proxy: { server: proxy } }),
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
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      grep: /@phone/,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
  ],
});
