import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { sqlByParameters } from './infra/lint/sql-by-parameters.ts';

const readsEnvironment = [
  'app/env.server.ts',
  'core/env.ts',
  'infra/**',
  'e2e/**',
  'prisma/seed/**',
  'extensions/shared/app-url.ts',
  '*.config.{ts,js}',
  '**/*.test.ts',
  '**/testing/**',
];

const ownConnection = {
  selector: "NewExpression[callee.object.name='pg'][callee.property.name=/^(Pool|Client)$/]",
  message:
    'A broken connection without an error listener ends the process: createPool, sessionPool and withClient listen.',
};

const queryMessage =
  'SQL and Prisma belong in *.store.ts (and in core/database and core/ledger, which are SQL by nature): give the query a name there.';
const sqlStart =
  '/^\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CALL|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|LOCK TABLE|SET LOCAL)(\\s|;|$)/';
const queries = [
  "CallExpression[callee.property.name='query']",
  "CallExpression[callee.name='onPrisma']",
  `Literal[value=${sqlStart}]`,
  `TemplateLiteral > TemplateElement:first-child[value.raw=${sqlStart}]`,
].map((selector) => ({ selector, message: queryMessage }));

/** Parts of SQL that are not written where they are run, by file, and why none of them is anybody's input. */
const composedSql = {
  'app/sessions/database.server.ts': { text: 'its callers are looked at' },
  'core/database/prisma-client.ts': { query: 'made by Prisma, with the values beside it' },
  'core/database/tenant-reader.ts': { merchantId: 'refused unless it is a UUID' },
  'core/database/tenant-transaction.ts': {
    begin: 'its callers are looked at',
    merchantId: 'refused unless it is a UUID',
    'span.traceId': 'refused unless it is hexadecimal digits',
    'span.spanId': 'refused unless it is hexadecimal digits',
  },
  'core/shared/keyset.store.ts': {
    'query.select': 'its callers are looked at',
    'query.where': 'its callers are looked at',
    'query.time': 'its callers are looked at',
    'query.id': 'its callers are looked at',
  },
  'e2e/support/program.ts': { sql: 'written in the browser journeys' },
  'infra/local/citus.ts': { 'step.sql': 'of names in the catalog, quoted where it is made' },
  'infra/local/migrate.ts': { name: 'quoted by the database, as a regclass' },
  'infra/local/recover.ts': { sql: 'its callers are looked at' },
  'infra/local/test-database.ts': { "randomBytes(6).toString('hex')": 'hexadecimal digits' },
};
/** Functions that pass SQL on, and where their callers write it. */
const passingSql = {
  query: { place: 0 },
  inTransaction: { place: 1 },
  keysetPage: { place: 1, names: ['select', 'where', 'time', 'id'] },
};

export default defineConfig(
  globalIgnores([
    'build/',
    '.data/',
    'bench/',
    'proto/gen/',
    'prisma/generated/',
    'coverage/',
    'test-results/',
    'playwright-report/',
    'app/shopify/generated/',
    'e2e/shopify/**/browser/',
    'extensions/**/assets/',
    'extensions/**/dist/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        module: 'writable',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  {
    // For the storefront's pages, without types: what they may call of the browser's.
    files: ['extensions/storefront/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['window', 'document', 'location', 'history', 'navigator', 'console', 'crypto'],
          ...['localStorage', 'sessionStorage', 'addEventListener', 'removeEventListener'],
          ...['clearTimeout', 'queueMicrotask', 'requestAnimationFrame', 'fetch', 'matchMedia'],
          ...['getComputedStyle', 'getSelection', 'customElements', 'HTMLElement', 'Node', 'Event'],
          ...['EventTarget', 'MutationObserver', 'IntersectionObserver', 'PerformanceObserver'],
          ...['AbortController', 'AbortSignal', 'Blob', 'TextEncoder', 'URL', 'URLSearchParams'],
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-console': 'error', eqeqeq: ['error', 'always', { null: 'ignore' }] },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // Remix answers by throwing a Response, and React waits for a promise that is thrown.
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allow: [{ from: 'lib', name: ['Response', 'Promise'] }],
          allowThrowingUnknown: true,
        },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['{app,extensions,infra/local,prisma,proto/shared}/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'max-lines-per-function': [
        'error',
        { max: 70, skipBlankLines: true, skipComments: true, IIFEs: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: readsEnvironment,
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Configuration is read in app/env.server.ts and core/env.ts only.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:process',
              importNames: ['env'],
              message: 'Configuration is read in app/env.server.ts and core/env.ts only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['{app,core,infra,prisma}/**/*.{ts,tsx}'],
    ignores: [
      'core/database/pool.ts',
      'app/sessions/database.server.ts',
      'infra/local/postgres.ts',
      '**/*.test.ts',
      '**/testing/**',
    ],
    rules: { 'no-restricted-syntax': ['error', ownConnection] },
  },
  {
    files: ['core/**/*.ts'],
    ignores: [
      'core/database/**',
      'core/ledger/**',
      '**/*.store.ts',
      '**/*.test.ts',
      '**/testing/**',
    ],
    rules: { 'no-restricted-syntax': ['error', ownConnection, ...queries] },
  },
  {
    files: ['core/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['{app,core,e2e,infra,prisma,proto}/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    plugins: { loyalnest: { rules: { 'sql-by-parameters': sqlByParameters } } },
    rules: {
      'loyalnest/sql-by-parameters': ['error', { allowed: composedSql, passing: passingSql }],
    },
  },
  { files: ['infra/**/*.{ts,mjs}', 'e2e/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.test.ts', '**/*.spec.ts'],
    rules: { 'max-lines': 'off', '@typescript-eslint/require-await': 'off' },
  },
);
