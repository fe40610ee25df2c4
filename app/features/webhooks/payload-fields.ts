import { z } from 'zod';
import { decimalPattern, formatDecimal, parseDecimal } from '../../money.ts';

/** A body that cannot be understood. The field is a path into Shopify's body, e.g. `line_items[0].quantity`. */
export class PayloadRefusal extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'PayloadRefusal';
    this.field = field;
  }
}

/** Reads a body with a schema that names only what is kept; all else is dropped here. */
export function parsePayload<Schema extends z.ZodType>(
  schema: Schema,
  payload: Uint8Array,
): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    throw new PayloadRefusal('', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // Only the kind of problem: zod's messages can repeat what they read.
  throw new PayloadRefusal(
    pathOf(issue?.path ?? []),
    issue?.code === 'custom' ? issue.message : `Malformed (${issue?.code ?? 'unknown'}).`,
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : text === ''
          ? String(key)
          : `${text}.${String(key)}`,
    '',
  );
}

/** Shopify's numeric id, as a number, as digits or as a gid; always kept as digits. */
export const shopifyId = z.union([z.number(), z.string()]).transform((value, context) => {
  const digits =
    typeof value === 'string'
      ? (/^(?:gid:\/\/shopify\/\w+\/)?([1-9]\d{0,18})$/.exec(value)?.[1] ?? '')
      : String(value);
  if (/^[1-9]\d{0,18}$/.test(digits) && (typeof value === 'string' || Number.isSafeInteger(value)))
    return digits;
  context.addIssue({ code: 'custom', message: 'Not an id.' });
  return z.NEVER;
});

/** An amount of money that cannot be negative, as a decimal string with at least two places. */
export const amount = z.union([z.string(), z.number()]).transform((value, context) => {
  // A number is a float of the sender's: what it adds beyond the fourth place is noise.
  const text = typeof value === 'number' ? value.toFixed(4) : value;
  if (!decimalPattern.test(text) || text.startsWith('-')) {
    context.addIssue({
      code: 'custom',
      message: 'Not an amount of money from zero upwards with at most four decimals.',
    });
    return z.NEVER;
  }
  return formatDecimal(parseDecimal(text));
});

/** A time in any ISO 8601 zone, as UTC. */
export const instant = z.string().transform((text, context) => {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    context.addIssue({ code: 'custom', message: 'Not a time.' });
    return z.NEVER;
  }
  return new Date(time).toISOString();
});

/** Of a country's money, or of a digital one (USDC). */
const currencyPattern = /^[A-Za-z][A-Za-z0-9]{2,7}$/;

export const currencyCode = z.string().transform((text, context) => {
  if (currencyPattern.test(text)) return text.toUpperCase();
  context.addIssue({ code: 'custom', message: 'Not a currency code.' });
  return z.NEVER;
});

/*
 * Optional information: an invalid value never makes the order refused.
 */

/** Empty unless it is an id. */
export const looseId = z
  .unknown()
  .optional()
  .transform((value) => shopifyId.safeParse(value).data ?? '');

/** Empty unless it is a currency's code. */
export const looseCurrency = z
  .unknown()
  .optional()
  .transform((value) => currencyCode.safeParse(value).data ?? '');

/** Signed, with four places at most: what floats add beyond them is dropped. Empty if it is no amount. */
export const looseAmount = z
  .unknown()
  .optional()
  .transform((value) => {
    const text =
      typeof value === 'number' ? value.toFixed(4) : typeof value === 'string' ? value : '';
    const match = /^(-?\d{1,16}(?:\.\d{1,4})?)\d*$/.exec(text);
    return match?.[1] === undefined ? '' : formatDecimal(parseDecimal(match[1]));
  });

/**
 * Optional text, truncated because no real name has a megabyte, and without characters that cannot be stored: a NUL,
 * or half of a surrogate pair.
 */
export const text = (maxLength: number) =>
  z
    .string()
    .nullish()
    .transform((value) => (value ?? '').replaceAll('\0', '').slice(0, maxLength).toWellFormed());
