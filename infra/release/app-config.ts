// What Shopify is told of the app in each environment: shopify.app.toml with the environment's own names and address.
//   node infra/release/app-config.ts     writes shopify.app.staging.toml and shopify.app.production.toml
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromRoot } from '#infra/local/paths.ts';
import { Problem } from '#infra/local/process.ts';

interface AppAtShopify {
  readonly name: string;
  /** As `shopify_app_handle` of the environment's tfvars. */
  readonly handle: string;
  /** As `domain` of the environment's tfvars. */
  readonly domain: string;
}

/** The app's two registrations at Shopify; development stores have the one of shopify.app.toml. */
export const apps: Readonly<Record<string, AppAtShopify>> = {
  staging: {
    name: 'LoyalNest Staging',
    handle: 'loyalnest-staging',
    domain: 'staging.loyalnest.com',
  },
  production: { name: 'LoyalNest', handle: 'loyalnest', domain: 'api.loyalnest.com' },
};

/**
 * The configuration of an environment, from shopify.app.toml. Its client id is empty: the pipeline writes it, from the
 * environment it deploys to, and Shopify's command line deploys nothing without one.
 */
export function appConfigOf(environment: string, source: string): string {
  const { name, handle, domain } = appOf(environment);
  const body = source
    .replace(/^# The app's configuration.*\n/, '')
    .replace(/^client_id = .*$/m, 'client_id = ""')
    .replace(/^name = .*$/m, `name = "${name}"`)
    .replace(/^handle = .*$/m, `handle = "${handle}"`)
    .replaceAll(/https:\/\/app\.loyalnest\.example/g, `https://${domain}`);
  return `# Written from shopify.app.toml by \`node infra/release/app-config.ts\`. The pipeline fills in the client id.\n${body}`;
}

/** Writes the client id of the app at Shopify into the environment's configuration, in the pipeline's checkout. */
export function writeClientId(environment: string, clientId: string, folder = fromRoot()): void {
  appOf(environment);
  // What Shopify gives out; the demo's is none.
  if (!/^[0-9a-f]{32}$/.test(clientId))
    throw new Problem('SHOPIFY_CLIENT_ID must be the client id of the app at Shopify.');
  const file = path.join(folder, fileOf(environment));
  const text = readFileSync(file, 'utf8');
  const filled = text.replace(/^client_id = ""$/m, `client_id = "${clientId}"`);
  if (filled === text) throw new Problem(`${fileOf(environment)} has a client id already.`);
  writeFileSync(file, filled);
}

/** The name that `shopify app deploy --config <environment>` reads. */
export const fileOf = (environment: string) => `shopify.app.${environment}.toml`;

function appOf(environment: string): AppAtShopify {
  const app = apps[environment];
  if (app === undefined)
    throw new Problem(`There is no "${environment}": choose ${Object.keys(apps).join(' or ')}.`);
  return app;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = readFileSync(fromRoot('shopify.app.toml'), 'utf8');
  for (const environment of Object.keys(apps))
    writeFileSync(fromRoot(fileOf(environment)), appConfigOf(environment, source));
}
