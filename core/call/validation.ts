import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { DomainError } from '../shared/errors.ts';
import { LANGUAGES } from '#vocabulary/languages.ts';

/** Schemas of a service's requests, by method. Their output has the request's own shape. */
export type RequestSchemas<
  Definition extends { methods: Record<string, { requestType: unknown }> },
> = {
  readonly [Method in keyof Definition['methods']]?: z.ZodType<
    Parsed<RequestOf<Definition['methods'][Method]>>
  >;
};

/** A message as zod gives it back: what may be undefined may be absent as well. */
type Parsed<T> = T extends Uint8Array
  ? T
  : T extends (infer Item)[]
    ? Parsed<Item>[]
    : T extends object
      ? { [Key in keyof T as undefined extends T[Key] ? never : Key]: Parsed<T[Key]> } & {
          [Key in keyof T as undefined extends T[Key] ? Key : never]?: Parsed<T[Key]> | undefined;
        }
      : T;

type RequestOf<Method> = Method extends {
  requestType: { fromPartial(object: never): infer Request };
}
  ? Request
  : never;

export const uuid = z.guid().transform((value) => value.toLowerCase());
export const uuidOrEmpty = z.union([z.literal(''), uuid]);
export const text = (max: number, min = 0) => z.string().min(min).max(max);
/** Shopify's numeric ids come without their gid prefix. */
export const shopifyId = z.string().regex(/^\d{1,20}$/, 'must be a numeric Shopify id');
export const shopDomain = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/, 'must be a myshopify.com domain'),
  );
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code');
export const instant = z.iso.datetime({ offset: true });
export const instantOrEmpty = z.union([z.literal(''), instant]);
export const language = z.enum(LANGUAGES);
/** Empty means that the caller does not say. */
export const locale = z
  .string()
  .regex(/^(|[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*)$/, 'must be a language tag');
export const timezone = z.string().max(64).refine(isTimezone, 'must be an IANA time zone');
/** Names what an editor had open (revision.rules.ts); empty where no check is wanted. */
export const revision = z.string().max(64);
/** Of whatever is counted. */
export const count = z.number().int().min(0).max(1_000_000_000_000);

/** 0 means 50; at most 250. */
export const pageSize = z
  .number()
  .int()
  .min(0)
  .max(250)
  .transform((size) => (size === 0 ? 50 : size));
export const cursor = text(500);
export const page = z
  .object({ pageSize, cursor })
  .optional()
  .transform((value) => value ?? { pageSize: 50, cursor: '' });

/**
 * For a method without a schema. What it lists are items that it checks itself, so that one bad item fails none of
 * the others.
 * @throws DomainError invalid_input
 */
export function requireStorable(request: unknown): void {
  const fields = Object.entries(request ?? {}).filter(([, value]) => !Array.isArray(value));
  refuseUnstorable(Object.fromEntries(fields));
}

function refuseUnstorable(request: unknown): void {
  const path = unstorablePath(request);
  if (path === undefined) return;
  throw new DomainError('invalid_input', {
    field: fieldPath(path),
    message: 'contains a character that no text can hold',
  });
}

/** @throws DomainError invalid_input naming the first offending field in the proto's spelling. */
export function parseRequest<T>(schema: z.ZodType<T>, request: unknown): T {
  refuseUnstorable(request);
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues[0]);
  throw new DomainError('invalid_input', {
    field: fieldPath(issue?.path ?? []),
    message: issue?.message ?? 'the request is malformed',
  });
}

/** Deeper than any message of ours. */
const maxDepth = 16;

/**
 * Where a request holds text that PostgreSQL cannot: a NUL, or half of a surrogate pair. Undefined when it is fine. Of a
 * map the keys count as well.
 */
export function unstorablePath(value: unknown, depth = 0): PropertyKey[] | undefined {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed() ? [] : undefined;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  if (depth > maxDepth) return [];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const path = unstorablePath(item, depth + 1);
      if (path !== undefined) return [index, ...path];
    }
    return undefined;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    if (unstorablePath(key) !== undefined) return [key];
    const path = unstorablePath(fields[key], depth + 1);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

/** Of alternatives that all failed, the last is the one that says what was expected of a filled field. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.at(-1)?.[0];
  return inner === undefined ? issue : { ...inner, path: [...issue.path, ...inner.path] };
}

/** [customers, 3, shopifyCustomerId] is `customers[3].shopify_customer_id`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${snakeCase(String(part))}`))
    .join('')
    .replace(/^\./, '')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 200);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const knownTimezones = new LRUCache<string, boolean>({ max: 1_000 });

function isTimezone(name: string): boolean {
  let known = knownTimezones.get(name);
  if (known === undefined) {
    known = isUnderstood(name);
    knownTimezones.set(name, known);
  }
  return known;
}

/** Known both to what formats times and to what computes with them: each accepts a few names that the other does not. */
function isUnderstood(timeZone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
