import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import { secretProblems } from '../proto/shared/secrets.rules.ts';
import { isAddressRange } from './address-ranges.ts';
import { coreServices, coreTargetOf } from './core-client/core-address.ts';
import type { CoreService } from './core-client/core-address.ts';

/** Blank means unset, so that `KEY=` in a file switches an option off. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const withDefault = <Schema extends z.ZodType>(schema: Schema, fallback: z.input<Schema> & {}) =>
  z.preprocess((value) => (value === undefined || value === '' ? fallback : value), schema);

/** Found out at start and not by the first connection. */
function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
const readableFile = z.string().refine(isReadable, 'must be a file that can be read');
const hasAuthorities = (url: string) => {
  const file = new URL(url).searchParams.get('sslrootcert');
  return file === null || isReadable(file);
};
const unreadableAuthorities = 'names by sslrootcert a file that cannot be read';

const postgresUrl = z
  .url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a URL postgresql://user:password@host:port/database',
    abort: true,
  })
  .refine(hasAuthorities, unreadableAuthorities);
const port = z.coerce.number({ error: 'must be a port' }).int().min(0).max(65_535);
const secret = z.string({ error: 'is missing' }).min(16, 'must have at least 16 characters');

const redisUrl = z
  .url({
    protocol: /^rediss?$/,
    error: 'must be a URL redis://host:port or, encrypted, rediss://host:port',
    abort: true,
  })
  .refine(hasAuthorities, unreadableAuthorities);
const coreAddress = z.string().transform((text, context) => {
  const target = coreTargetOf(text);
  if (target !== undefined) return target;
  context.addIssue({
    code: 'custom',
    message: 'must be host:port, dns:///host:port, or IP addresses with ports, separated by commas',
  });
  return z.NEVER;
});

const encryptionKeys = z.string({ error: 'is missing' }).transform((text, context) => {
  const keys = text.split(',').map((part) => {
    const [id = '', encoded = ''] = part.trim().split(':');
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  if (keys.some(({ id, key }) => !/^[\w-]{1,32}$/.test(id) || key.length !== 32)) {
    context.addIssue({
      code: 'custom',
      message: 'must be <id>:<base64 of 32 bytes>, several separated by commas',
    });
    return z.NEVER;
  }
  return keys;
});

const schema = z.object({
  NODE_ENV: withDefault(z.enum(['development', 'test', 'production']), 'development'),
  LOG_LEVEL: withDefault(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
  ),
  PORT: withDefault(port, '3000'),
  KEPT_ASSETS_DIR: optional(z.string()),
  DATABASE_URL: postgresUrl,
  QUEUE_DATABASE_URL: optional(postgresUrl),
  REDIS_URL: optional(redisUrl),
  CACHE_REDIS_URL: optional(redisUrl),
  CORE_URL: withDefault(coreAddress, '127.0.0.1:50051'),
  CORE_POINTS_URL: optional(coreAddress),
  CORE_REFERRALS_URL: optional(coreAddress),
  CORE_ANALYTICS_URL: optional(coreAddress),
  CORE_ADMIN_URL: optional(coreAddress),
  CORE_FRONTEND_URL: optional(coreAddress),
  CORE_TLS: withDefault(z.enum(['on', 'off'], { error: 'must be on or off' }), 'off'),
  CORE_TLS_CA_FILE: optional(readableFile),
  CORE_SIGNING_KEY: secret,
  ENCRYPTION_KEYS: encryptionKeys,
  SHOPIFY_API_KEY: z.string({ error: 'is missing' }).min(1, 'is missing'),
  SHOPIFY_API_SECRET: secret,
  SHOPIFY_API_SECRET_PREVIOUS: optional(secret),
  SHOPIFY_APP_URL: z.url({ protocol: /^https?$/, error: 'must be the public URL of the app' }),
  SHOPIFY_APP_HANDLE: withDefault(
    z.string().regex(/^[a-z0-9-]+$/, 'must be the handle of the app in shopify.app.toml'),
    'loyalnest',
  ),
  SCOPES: withDefault(
    z.string().transform((text) =>
      text
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean),
    ),
    'read_customers,write_customers,read_orders,write_discounts,write_app_proxy',
  ),
  TRUSTED_PROXIES: withDefault(
    z.string().transform((text, context) => {
      if (/^\d{1,2}$/.test(text)) return Number(text);
      const ranges = text.split(',').map((part) => part.trim());
      if (!ranges.every(isAddressRange))
        context.addIssue({
          code: 'custom',
          message: 'must be a number of proxies, or their addresses or CIDR ranges',
        });
      return ranges;
    }),
    '1',
  ),
  CONSOLE_ALLOWED_IPS: withDefault(
    z.string().transform((text, context) => {
      const ranges = text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean);
      for (const range of ranges)
        if (!isAddressRange(range))
          context.addIssue({ code: 'custom', message: 'must be addresses or CIDR ranges' });
      return ranges;
    }),
    '',
  ),
  WORKER_NICE: withDefault(z.coerce.number().int().min(0).max(19), '5'),
  DOCUMENTATION_URL: optional(z.url({ protocol: /^https?$/, error: 'must be a public URL' })),
  SENTRY_DSN: optional(z.url()),
  MESSAGES_SES_FROM: optional(z.email()),
  EVENT_ORIGINS: withDefault(
    z.string().transform((text, context) => {
      const origins = text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean);
      if (!origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin))
        context.addIssue({ code: 'custom', message: 'must be origins such as http://host:port' });
      return origins;
    }),
    '',
  ),
  POSTHOG_KEY: optional(z.string()),
  POSTHOG_HOST: withDefault(z.url(), 'https://eu.i.posthog.com'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url()),
  FILES_BUCKET: optional(
    z.string().regex(/^[a-z0-9][a-z0-9.-]{2,62}$/, 'must be the name of a bucket'),
  ),
  FILES_ENDPOINT: optional(z.url({ protocol: /^https?$/, error: 'must be the URL of a server' })),
  FILES_DIR: withDefault(z.string(), '.data/files'),
  AWS_REGION: optional(z.string()),
  AWS_ACCESS_KEY_ID: optional(z.string()),
  AWS_SECRET_ACCESS_KEY: optional(z.string()),
  AWS_SESSION_TOKEN: optional(z.string()),
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: optional(z.string()),
  AWS_CONTAINER_CREDENTIALS_FULL_URI: optional(z.url()),
});

export type AppEnv = Readonly<z.output<typeof schema>>;

/**
 * Reads and checks the environment of web and worker.
 * @throws Error naming every variable that is missing or malformed, never a value.
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): AppEnv {
  const parsed = schema.safeParse(source);
  const problems = parsed.success
    ? [...productionProblems(parsed.data, source), ...bucketProblems(parsed.data)]
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success || problems.length > 0) {
    throw new Error(
      `The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
  return Object.freeze(parsed.data);
}

const shopifySecrets = ['SHOPIFY_API_SECRET', 'SHOPIFY_API_SECRET_PREVIOUS'] as const;
const ownSecrets = ['CORE_SIGNING_KEY', 'ENCRYPTION_KEYS'] as const;

/** Settings that are refused in production. */
function productionProblems(
  parsed: AppEnv,
  source: Readonly<Record<string, string | undefined>>,
): string[] {
  if (parsed.NODE_ENV !== 'production') return [];
  const { protocol, hostname } = new URL(parsed.SHOPIFY_APP_URL);
  // `.test` is reserved (RFC 6761): like this machine itself, it is unreachable from outside. The demo runs there, as
  // production does and with the published credentials of the Shopify that it brings along.
  const isPrivate = /^(localhost|127\.0\.0\.1|.*\.test)$/.test(hostname);
  const names = isPrivate ? ownSecrets : [...shopifySecrets, ...ownSecrets];
  return [
    ...secretProblems(names.map((name) => ({ name, value: source[name] ?? '' }))),
    // Shopify signs for shoppers what they like to have signed; with this key that would be a call to core.
    ...([parsed.SHOPIFY_API_SECRET, parsed.SHOPIFY_API_SECRET_PREVIOUS].includes(
      parsed.CORE_SIGNING_KEY,
    )
      ? ['CORE_SIGNING_KEY must not be the secret of the app at Shopify']
      : []),
    // Merchants choose where events go to; an origin that is exempt from the checks could be inside of the network.
    ...(isPrivate || parsed.EVENT_ORIGINS.length === 0
      ? []
      : ['EVENT_ORIGINS is for tests and the demo alone']),
    ...(protocol === 'https:' || isPrivate ? [] : ['SHOPIFY_APP_URL must begin with https://']),
    // A folder inside of a container ends with it, and with it the journal of erasures.
    ...(isPrivate || parsed.FILES_BUCKET !== undefined || (source['FILES_DIR'] ?? '') !== ''
      ? []
      : ['FILES_BUCKET must name a bucket, or FILES_DIR a folder that outlives the process']),
  ];
}

function bucketProblems({ FILES_BUCKET, AWS_REGION }: AppEnv): string[] {
  return FILES_BUCKET !== undefined && AWS_REGION === undefined
    ? ['AWS_REGION must be that of FILES_BUCKET']
    : [];
}

let parsedOnce: AppEnv | undefined;

/** The environment of this process, read once. */
export function env(): AppEnv {
  parsedOnce ??= parseEnv(process.env);
  return parsedOnce;
}

/** Where each of core's services is: at its own address, or at the one that all share. */
export function coreTargets(): Readonly<Record<CoreService, string>> {
  const { CORE_URL, ...own } = env();
  const targetOf = (service: CoreService) =>
    own[`CORE_${service.toUpperCase() as Uppercase<CoreService>}_URL`] ?? CORE_URL;
  return Object.fromEntries(coreServices.map((service) => [service, targetOf(service)])) as Record<
    CoreService,
    string
  >;
}

/** The Redis of what may be lost: its own, which may evict, or the queue's. */
export function cacheRedisUrl(): string | undefined {
  const { CACHE_REDIS_URL, REDIS_URL } = env();
  return CACHE_REDIS_URL ?? REDIS_URL;
}

/** The secrets for Shopify's signatures: during a change, the previous one too. */
export function appSecrets(): readonly string[] {
  const { SHOPIFY_API_SECRET, SHOPIFY_API_SECRET_PREVIOUS } = env();
  return SHOPIFY_API_SECRET_PREVIOUS === undefined
    ? [SHOPIFY_API_SECRET]
    : [SHOPIFY_API_SECRET, SHOPIFY_API_SECRET_PREVIOUS];
}
