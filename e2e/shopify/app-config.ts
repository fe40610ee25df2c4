// What Shopify learns from `shopify app deploy`: scopes, webhook subscriptions, app proxy. Read from the app's own shopify.app.toml.
import { existsSync, readFileSync } from 'node:fs';

export interface Subscription {
  topic: string;
  uri: string;
  compliance: boolean;
  includeFields: string[];
}
export interface AppConfig {
  handle: string;
  name: string;
  /** Path inside the app that the admin opens, from application_url. */
  launchPath: string;
  scopes: string[];
  apiVersion: string;
  subscriptions: Subscription[];
  proxy: { prefix: string; subpath: string; path: string };
  /** Metafields that the app declares, in its own namespace. */
  definitions: DeclaredMetafield[];
}
export interface DeclaredMetafield {
  ownerType: string;
  key: string;
  type: string;
  name: string;
  description: string | null;
  admin: string;
  storefront: string;
}

const MINIMAL_SCOPES = [
  'read_customers',
  'write_customers',
  'read_orders',
  'write_discounts',
  'write_app_proxy',
];
export const API_VERSION = '2026-10';
export const COMPLIANCE_TOPICS = ['customers/data_request', 'customers/redact', 'shop/redact'];
/** Used for every topic while there is no shopify.app.toml. */
export const DEFAULT_TOPICS = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'orders/edited',
  'orders/cancelled',
  'orders/risk_assessment_changed',
  'refunds/create',
  'customers/create',
  'customers/update',
  'customers/enable',
  'customers/delete',
  'customers_email_marketing_consent/update',
  'customer.tags_added',
  'customer.tags_removed',
  'bulk_operations/finish',
  'app/uninstalled',
  'app/scopes_update',
  'shop/update',
];

type TomlValue = string | number | boolean | TomlValue[];
interface TomlTable {
  name: string;
  values: Map<string, TomlValue>;
}

/** The part of TOML that app configuration files use: tables, arrays of tables, strings, numbers, booleans and arrays of them. */
export function parseToml(text: string): TomlTable[] {
  const tables: TomlTable[] = [{ name: '', values: new Map() }];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = stripComment(lines[i] ?? '').trim();
    if (line === '') continue;
    const header = /^\[\[?\s*([\w.-]+)\s*\]?\]$/.exec(line);
    if (header) {
      tables.push({ name: header[1] ?? '', values: new Map() });
      continue;
    }
    const pair = /^([\w.-]+)\s*=\s*(.*)$/.exec(line);
    if (!pair) throw new SyntaxError(`shopify.app.toml line ${i + 1}: ${line}`);
    let source = pair[2] ?? '';
    while (
      source.startsWith('[') &&
      (source.match(/\[/g)?.length ?? 0) > (source.match(/\]/g)?.length ?? 0) &&
      i + 1 < lines.length
    )
      source += ` ${stripComment(lines[++i] ?? '').trim()}`;
    tables.at(-1)?.values.set(pair[1] ?? '', parseValue(source.trim()));
  }
  return tables;
}
function stripComment(line: string): string {
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '#') return line.slice(0, i);
  }
  return line;
}
function parseValue(source: string): TomlValue {
  if (source.startsWith('[')) {
    const items =
      source.slice(1, source.lastIndexOf(']')).match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^,\s]+/g) ?? [];
    return items.map(parseValue);
  }
  if (source.startsWith('"')) return JSON.parse(source) as string;
  if (source.startsWith("'")) return source.slice(1, -1);
  if (source === 'true' || source === 'false') return source === 'true';
  return Number.isNaN(Number(source)) ? source : Number(source);
}

/** `[customer.metafields.app.balance]`: the namespace `app` is the API's `$app`. */
function declaredMetafield({ name, values }: TomlTable): DeclaredMetafield[] {
  const [, owner = '', key = ''] = /^(\w+)\.metafields\.app\.(\w+)$/.exec(name) ?? [];
  if (key === '') return [];
  const of = (field: string): string => text(values.get(field), '');
  return [
    {
      ownerType: owner.toUpperCase(),
      key,
      type: of('type'),
      name: of('name'),
      description: of('description') || null,
      admin: (of('access.admin') || 'merchant_read').toUpperCase(),
      storefront: (of('access.storefront') || 'none').toUpperCase(),
    },
  ];
}

const strings = (value: TomlValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
const text = (value: TomlValue | undefined, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;
/** `/webhooks/orders/paid`, also when the file names a full address. */
const pathOf = (uri: string): string => (/^https?:/.test(uri) ? new URL(uri).pathname : uri);

export function readAppConfig(file: string | undefined): AppConfig {
  const tables = file && existsSync(file) ? parseToml(readFileSync(file, 'utf8')) : [];
  const get = (table: string, key: string): TomlValue | undefined =>
    tables.find((t) => t.name === table && t.values.has(key))?.values.get(key);
  const subscriptions: Subscription[] = [];
  for (const table of tables.filter((t) => t.name === 'webhooks.subscriptions')) {
    const uri = pathOf(text(table.values.get('uri'), '/webhooks'));
    const includeFields = strings(table.values.get('include_fields'));
    for (const topic of strings(table.values.get('topics')))
      subscriptions.push({ topic, uri, compliance: false, includeFields });
    for (const topic of strings(table.values.get('compliance_topics')))
      subscriptions.push({ topic, uri, compliance: true, includeFields: [] });
  }
  if (subscriptions.length === 0) {
    for (const topic of DEFAULT_TOPICS)
      subscriptions.push({
        topic,
        uri: `/webhooks/${topic}`,
        compliance: false,
        includeFields: [],
      });
    for (const topic of COMPLIANCE_TOPICS)
      subscriptions.push({ topic, uri: `/webhooks/${topic}`, compliance: true, includeFields: [] });
  }
  const scopes = text(get('access_scopes', 'scopes'), '')
    .split(',')
    .map((scope) => scope.trim())
    .filter(Boolean);
  const url = text(get('', 'application_url'), '');
  return {
    launchPath: url === '' ? '/app' : new URL(url).pathname,
    handle: text(get('', 'handle'), 'loyalnest'),
    name: text(get('', 'name'), 'LoyalNest'),
    scopes: scopes.length > 0 ? scopes : MINIMAL_SCOPES,
    apiVersion: text(get('webhooks', 'api_version'), API_VERSION),
    subscriptions,
    definitions: tables.flatMap(declaredMetafield),
    proxy: {
      prefix: text(get('app_proxy', 'prefix'), 'apps'),
      subpath: text(get('app_proxy', 'subpath'), 'loyalnest'),
      path: pathOf(text(get('app_proxy', 'url'), '/proxy')).replace(/\/$/, ''),
    },
  };
}
