// `node e2e/shopify/main.ts`: the stand-in as a process of its own. Prints one line of JSON when it is ready.
import { fileURLToPath } from 'node:url';
import { startStandin } from './standin.ts';

const env = process.env;
const root = fileURLToPath(new URL('../../', import.meta.url));
const number = (name: string, otherwise: number): number => {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new Error(`${name} must be a number, not "${text}"`);
  return value;
};
const seed = env['STANDIN_SEED'] || 'demo';
if (seed !== 'none' && seed !== 'demo')
  throw new Error(`STANDIN_SEED must be none or demo, not "${seed}"`);

const standin = await startStandin({
  appUrl: env['APP_URL'] || 'http://localhost:3000',
  port: number('STANDIN_PORT', 4000),
  tunnelPort: number('STANDIN_TUNNEL_PORT', 4001),
  proxyPort: number('STANDIN_PROXY_PORT', 4002),
  host: env['STANDIN_HOST'] || '127.0.0.1',
  apiKey: env['SHOPIFY_API_KEY'] || 'demo-client-id',
  apiSecret: env['SHOPIFY_API_SECRET'] || 'demo-client-secret',
  dataDir: env['STANDIN_DATA_DIR'] || `${root}.data/standin`,
  themeDir: env['STANDIN_THEME_DIR'] || `${root}extensions/loyalnest-theme`,
  surfacesDir: `${root}build/surfaces`,
  appConfigFile: env['STANDIN_APP_CONFIG'] || `${root}shopify.app.toml`,
  appHost: env['STANDIN_APP_HOST'] || 'app.example.test',
  seed,
  currency: env['STANDIN_CURRENCY'] || 'USD',
  customers: number('STANDIN_CUSTOMERS', 0),
  retryScale: number('STANDIN_RETRY_SCALE', 1 / 60),
  onLog: (entry) => {
    if (
      env['STANDIN_LOG'] ||
      entry.kind === 'refused' ||
      entry.kind === 'error' ||
      entry.kind === 'unmodelled'
    )
      console.error(JSON.stringify(entry));
  },
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    standin.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
console.log(
  JSON.stringify({
    ready: true,
    shop: standin.shop,
    shell: standin.shellUrl,
    store: standin.storeUrl,
    control: `${standin.shellUrl}/_control`,
    tunnel: standin.tunnelUrl,
    proxy: standin.proxyUrl,
    certificate: standin.certificatePath,
    environment: standin.environment,
  }),
);
