// `node e2e/shopify/main.ts`: the emulator as a process of its own. Prints one line of JSON when it is ready.
import { fileURLToPath } from 'node:url';
import { startEmulator } from './emulator.ts';

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
const seed = env['EMULATOR_SEED'] || 'demo';
if (seed !== 'none' && seed !== 'demo')
  throw new Error(`EMULATOR_SEED must be none or demo, not "${seed}"`);

const emulator = await startEmulator({
  appUrl: env['APP_URL'] || 'http://localhost:3000',
  port: number('EMULATOR_PORT', 4000),
  tunnelPort: number('EMULATOR_TUNNEL_PORT', 4001),
  proxyPort: number('EMULATOR_PROXY_PORT', 4002),
  host: env['EMULATOR_HOST'] || '127.0.0.1',
  apiKey: env['SHOPIFY_API_KEY'] || 'demo-client-id',
  apiSecret: env['SHOPIFY_API_SECRET'] || 'demo-client-secret',
  dataDir: env['EMULATOR_DATA_DIR'] || `${root}.data/emulator`,
  themeDir: env['EMULATOR_THEME_DIR'] || `${root}extensions/loyalnest-theme`,
  surfacesDir: `${root}build/surfaces`,
  appConfigFile: env['EMULATOR_APP_CONFIG'] || `${root}shopify.app.toml`,
  appHost: env['EMULATOR_APP_HOST'] || 'app.example.test',
  ...(env['EMULATOR_SHOP'] && { shop: env['EMULATOR_SHOP'] }),
  seed,
  currency: env['EMULATOR_CURRENCY'] || 'USD',
  customers: number('EMULATOR_CUSTOMERS', 0),
  retryScale: number('EMULATOR_RETRY_SCALE', 1 / 60),
  onLog: (entry) => {
    if (
      env['EMULATOR_LOG'] ||
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
    emulator.stop().then(
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
    shop: emulator.shop,
    shell: emulator.shellUrl,
    store: emulator.storeUrl,
    control: `${emulator.shellUrl}/_control`,
    tunnel: emulator.tunnelUrl,
    proxy: emulator.proxyUrl,
    certificate: emulator.certificatePath,
    environment: emulator.environment,
  }),
);
