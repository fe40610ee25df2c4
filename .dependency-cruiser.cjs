// Allowed imports (ARCHITECTURE.md). The layers meet in proto/gen and nowhere else.
const coreOrder = require('./core/order.cjs');

const test = '\\.(test|spec)\\.tsx?$|/testing/';
const jobContracts =
  '^app/jobs/(catalog|queue|queues\\.server|new-jobs|delivery-producer\\.server|services|while-open|read-event|shop-day)\\.ts$';
const pure = '\\.rules\\.ts$';
const io = [
  '^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads|cluster)(/|$)',
  '^node_modules/(pg|@prisma|ioredis|bullmq|nice-grpc|@grpc|express|@shopify|posthog-node|@sentry|pino)(/|$)',
  '^(app|core)/env(\\.server)?\\.ts$',
  '^core/(database|rpc)/',
  '\\.(store|service|server)\\.tsx?$',
];

/** Of each folder of core: what comes after it in the order, and what has no place in the order at all. */
const upward = coreOrder.map((folder, place) => ({
  name: `core-${folder}-upward`,
  comment: 'A folder of core builds on those before it alone; types are imports, too.',
  severity: 'error',
  from: { path: `^core/${folder}/`, pathNot: test },
  to: {
    path: '^core/',
    pathNot: `^core/(?:${coreOrder.slice(0, place + 1).join('|')})/|^core/env\\.ts$`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'core-folder-without-a-place',
      comment: 'A new folder of core is given its place in core/order.cjs.',
      severity: 'error',
      from: {
        path: `^core/(?!testing/|${coreOrder.map((folder) => `${folder}/`).join('|')})[^/]+/`,
        pathNot: test,
      },
      to: {},
    },
    {
      name: 'app-not-core',
      comment: 'The app knows no loyalty SQL or rule: it asks core over gRPC.',
      severity: 'error',
      from: { path: '^app/', pathNot: test },
      to: { path: '^core/' },
    },
    {
      name: 'core-not-app',
      comment: 'Core knows nothing of Shopify, HTTP or the queue.',
      severity: 'error',
      from: { path: '^core/', pathNot: test },
      to: { path: '^(app|extensions)/' },
    },
    {
      name: 'core-no-shopify',
      severity: 'error',
      from: { path: '^core/', pathNot: test },
      to: { path: '^node_modules/(@shopify|@remix-run|express|bullmq|ioredis|react)(/|$)' },
    },
    {
      name: 'pure-rules-no-io',
      comment:
        'A file of rules is decided by its arguments alone, so that it can be tested and explained.',
      severity: 'error',
      from: { path: pure },
      to: { path: io },
    },
    {
      name: 'vocabulary-stands-alone',
      comment: 'What every process must know alike hangs on none of them.',
      severity: 'error',
      from: { path: '^proto/shared/', pathNot: test },
      to: { pathNot: '^proto/shared/' },
    },
    {
      name: 'words-by-their-loader',
      comment:
        'A catalog that a page imports is downloaded with it in every language. Pages are given their words: by the loader of catalogs (app/i18n), or by the server.',
      severity: 'error',
      from: {
        path: '^app/',
        pathNot: `${test}|^app/i18n/|\\.server\\.ts$|^app/explanations/reward-title\\.ts$`,
      },
      to: { path: '^app/i18n/locales/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'features-not-features',
      comment: 'A feature that needs another one needs a place below both.',
      severity: 'error',
      from: { path: '^app/features/([^/]+)/', pathNot: test },
      to: { path: '^app/features/([^/]+)/', pathNot: '^app/features/$1/' },
    },
    {
      name: 'app-below-its-features',
      comment: 'What all features share knows none of them.',
      severity: 'error',
      from: { path: '^app/', pathNot: `${test}|^app/(features|worker|routes)/` },
      to: { path: '^app/(features|worker|routes)/' },
    },
    {
      name: 'features-not-routes',
      comment: 'A route combines features and is imported by nothing.',
      severity: 'error',
      from: { path: '^app/(features|worker)/', pathNot: test },
      to: { path: '^app/routes/' },
    },
    {
      name: 'worker-alone-composes',
      comment:
        'The handlers of jobs and events are registered in one place, which nothing imports.',
      severity: 'error',
      from: { path: '^app/', pathNot: `${test}|^app/worker/` },
      to: { path: '^app/worker/' },
    },
    {
      name: 'features-know-jobs-by-contract',
      comment: 'Features enqueue jobs and handle them; how the engine runs them is its own affair.',
      severity: 'error',
      from: { path: '^app/features/', pathNot: test },
      to: { path: '^app/jobs/', pathNot: jobContracts },
    },
    {
      name: 'jobs-not-pages',
      severity: 'error',
      from: { path: '^app/jobs/|\\.job\\.ts$', pathNot: test },
      to: { path: '^app/(dashboard|i18n|routes)/|\\.tsx$' },
    },
    {
      name: 'nothing-imports-a-test',
      severity: 'error',
      from: { pathNot: test },
      to: { path: test },
    },
    {
      name: 'product-not-tooling',
      comment:
        'Production code does not know the Shopify emulator, nor how a developer starts things.',
      severity: 'error',
      from: { path: '^(app|core|extensions|prisma)/', pathNot: `${test}|^prisma/seed/` },
      to: { path: '^(e2e|infra)/' },
    },
    {
      name: 'extensions-stand-alone',
      comment: 'An extension is shipped to Shopify as it is: nothing of ours is there.',
      severity: 'error',
      from: { path: '^extensions/', pathNot: test },
      to: { path: '^(app|core|prisma|proto|infra|e2e)/' },
    },
    {
      name: 'emulator-stands-alone',
      comment: 'The emulator judges the app from outside, so it shares no code with it.',
      severity: 'error',
      from: { path: '^e2e/shopify/', pathNot: test },
      to: { path: '^(app|core|prisma|proto|extensions)/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: { pathNot: '^(proto/gen|prisma/generated)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-circle-in-app',
      comment: 'Of types neither.',
      severity: 'error',
      from: { path: '^app/' },
      to: { circular: true },
    },
    {
      name: 'not-unresolvable',
      severity: 'error',
      from: {},
      to: {
        couldNotResolve: true,
        pathNot:
          '^(virtual:|#proto/|#prisma/generated|\\./APP_URL is not set)|\\?(url|raw|inline)$',
      },
    },
    {
      name: 'production-dependencies-only',
      comment: 'The image is installed without devDependencies.',
      severity: 'error',
      from: { path: '^(app|core)/', pathNot: `${test}|^app/(vite|dev)` },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: '^(node_modules|proto/gen|prisma/generated)' },
    exclude: { path: '^(build|\\.data|bench|infra/k6)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
};
