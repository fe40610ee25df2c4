import { defineConfig } from 'vitest/config';

const folders = '{app,core,e2e,extensions,infra,prisma,proto}';
const generated = [
  '**/node_modules/**',
  'proto/gen/**',
  'prisma/generated/**',
  '.data/**',
  'build/**',
];

export const unit = {
  name: 'unit',
  environment: 'node',
  // Some read the whole repository, beside other tests on a machine of two processors.
  testTimeout: 20_000,
  // What Shopify's CLI writes into the extensions.
  env: { APP_URL: 'https://app.example.test' },
  include: [`${folders}/**/*.test.{ts,tsx}`],
  exclude: [...generated, '**/*.{db,web}.test.ts'],
  // Loads the modules under test itself, and those are TypeScript.
  server: { deps: { inline: ['@shopify/ui-extensions-tester', /@actions\//] } },
};

/** Folders whose database tests another run makes: `npm test` makes them once, through the pooler. */
const left = (process.env.LOYALNEST_TEST_DB_LEAVE ?? '').split(',').filter(Boolean);

/**
 * Three projects, told apart by the file's name:
 *   unit  `x.test.ts`, `x.property.test.ts`  pure, no I/O
 *   db    `x.db.test.ts`                     real PostgreSQL, one database per file
 *   web   `x.web.test.ts`                    requests against the web application
 * Browser journeys (`e2e/*.spec.ts`) belong to Playwright.
 */
export default defineConfig({
  test: {
    passWithNoTests: true,
    // In CI chance may fail a test once, and the report says so; a property's counterexample is never chance.
    retry: process.env.CI === 'true' ? { count: 1, condition: /^(?!Property failed)/ } : 0,
    // Most of what runs here waits for a database: a core left free would be left idle.
    maxWorkers: '100%',
    reporters: ['default'],
    projects: [
      // Vite warns of every package without the sources that its maps name.
      { logLevel: 'error', test: unit },
      {
        test: {
          name: 'db',
          environment: 'node',
          include: [`${folders}/**/*.db.test.ts`],
          exclude: [...generated, ...left.map((folder) => `${folder}**`)],
          globalSetup: ['infra/local/test-server.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'web',
          environment: 'node',
          include: [`${folders}/**/*.web.test.ts`],
          exclude: generated,
          globalSetup: ['infra/local/test-server.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
