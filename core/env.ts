import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import { secretProblems } from '../proto/shared/secrets.rules.ts';

const services = ['points', 'referrals', 'admin', 'analytics', 'frontend'] as const;
export type ServiceName = (typeof services)[number];

/** Blank is unset: `FOO=` in a file of settings means that no value was chosen. */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? undefined : value),
    schema,
  );
}

const key32 = z
  .string()
  .refine(
    (value) => Buffer.from(value, 'base64').length === 32,
    'must be 32 bytes in base64 (openssl rand -base64 32)',
  );

const encryptionKeys = z.string().refine(
  (value) =>
    value.split(',').every((entry) => {
      const [id, key, ...rest] = entry.trim().split(':');
      return /^[\w-]{1,16}$/.test(id ?? '') && rest.length === 0 && key32.safeParse(key).success;
    }),
  'must be <id>:<32 bytes in base64>, several divided by commas, the current one first',
);

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

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// URL')
  .refine((url) => {
    const [, file] = /[?&]sslrootcert=([^&]*)/.exec(url) ?? [];
    return file === undefined || isReadable(decodeURIComponent(file));
  }, 'names by sslrootcert a file that cannot be read');

const schema = z.object({
  NODE_ENV: optional(z.enum(['development', 'test', 'production']).default('development')),
  DATABASE_URL: optional(postgresUrl),
  DATABASE_POOL_SIZE: optional(z.coerce.number().int().min(2).max(200).default(16)),
  DATABASE_READ_URL: optional(postgresUrl.optional()),
  DATABASE_READ_MAX_LAG_MS: optional(
    z.coerce.number().int().min(100).max(3_600_000).default(10_000),
  ),
  CORE_HOST: optional(z.string().default('127.0.0.1')),
  CORE_PORT: optional(z.coerce.number().int().min(0).max(65_535).default(50_051)),
  CORE_SERVICES: optional(
    z
      .string()
      .default(services.join(','))
      .transform((value) => value.split(',').map((name) => name.trim()))
      .pipe(z.array(z.enum(services)).min(1)),
  ),
  CORE_TLS: optional(z.enum(['on', 'off']).default('off')),
  CORE_TLS_CERT_FILE: optional(readableFile.optional()),
  CORE_TLS_KEY_FILE: optional(readableFile.optional()),
  CORE_MAX_CONNECTION_AGE_MS: optional(
    z.coerce.number().int().min(1_000).max(86_400_000).default(300_000),
  ),
  CORE_SIGNING_KEY: optional(z.string().min(32, 'must have at least 32 characters')),
  ENCRYPTION_KEYS: optional(encryptionKeys),
  BLIND_INDEX_KEY: optional(key32),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url().optional()),
  SENTRY_DSN: optional(z.url().optional()),
  LOG_LEVEL: optional(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ),
});

export type CoreEnv = Readonly<z.infer<typeof schema>>;

/** What the process cannot start with: every problem at once, each naming its variable. */
export class EnvError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.name = 'EnvError';
    this.problems = problems;
  }
}

/** @throws EnvError */
export function parseCoreEnv(source: Readonly<Record<string, string | undefined>>): CoreEnv {
  const parsed = schema.safeParse(source);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => problemOf(issue, source));
  if (parsed.success) problems.push(...certificateProblems(parsed.data));
  if (source['NODE_ENV'] === 'production')
    problems.push(
      ...secretProblems(secretNames.map((name) => ({ name, value: source[name] ?? '' }))),
    );
  if (!parsed.success || problems.length > 0) throw new EnvError(problems);
  return Object.freeze(parsed.data);
}

function certificateProblems(env: CoreEnv): string[] {
  if (env.CORE_TLS === 'off') return [];
  return (['CORE_TLS_CERT_FILE', 'CORE_TLS_KEY_FILE'] as const)
    .filter((name) => env[name] === undefined)
    .map((name) => `${name} is missing, and CORE_TLS is on`);
}

/** The one place in core that reads the process's environment. */
export function readCoreEnv(): CoreEnv {
  return parseCoreEnv(process.env);
}

function problemOf(
  issue: z.core.$ZodIssue,
  source: Readonly<Record<string, string | undefined>>,
): string {
  const name = String(issue.path[0] ?? '');
  const value = source[name];
  const reason = value === undefined || value.trim() === '' ? 'is missing' : issue.message;
  return `${name} ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}

const secretNames = ['CORE_SIGNING_KEY', 'ENCRYPTION_KEYS', 'BLIND_INDEX_KEY'] as const;
