import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { merchantSchemas } from '../merchants/requests.ts';
import { DomainError } from '../shared/errors.ts';
import {
  count,
  currency,
  fieldPath,
  instant,
  locale,
  page,
  parseRequest,
  requireStorable,
  revision,
  shopDomain,
  shopifyId,
  timezone,
  unstorablePath,
  uuid,
} from './validation.ts';

function refusalOf(work: () => unknown): { code: string; field: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, field: error.field };
    throw error;
  }
  return { code: 'ok', field: '' };
}

describe('validation at the edge', () => {
  it('names the offending field in the spelling of the proto', () => {
    const schema = z.object({
      order: z.object({ lineItems: z.array(z.object({ quantity: z.number().min(0) })) }),
    });
    const request = { order: { lineItems: [{ quantity: 1 }, { quantity: -1 }] } };
    expect(refusalOf(() => parseRequest(schema, request))).toEqual({
      code: 'invalid_input',
      field: 'order.line_items[1].quantity',
    });
    expect(fieldPath(['pointsName', 'ñ'])).toBe('points_name.?');
  });

  it('defaults to pages of 50 and refuses more than 250', () => {
    expect(parseRequest(page, undefined)).toEqual({ pageSize: 50, cursor: '' });
    expect(parseRequest(page, { pageSize: 0, cursor: 'x' })).toEqual({ pageSize: 50, cursor: 'x' });
    expect(refusalOf(() => parseRequest(page, { pageSize: 251, cursor: '' })).field).toBe(
      'page_size',
    );
  });

  it('accepts only real shop domains and time zones', () => {
    expect(parseRequest(shopDomain, 'Demo-Store.myshopify.com')).toBe('demo-store.myshopify.com');
    expect(refusalOf(() => parseRequest(shopDomain, 'evil.com/demo.myshopify.com')).code).toBe(
      'invalid_input',
    );
    expect(parseRequest(timezone, 'America/New_York')).toBe('America/New_York');
    // The second shows a time, but no calendar can compute with it: the name is ambiguous.
    for (const none of ['Mars/Olympus', 'CST', '2026-01-01T00:00Z'])
      expect(refusalOf(() => parseRequest(timezone, none)).code).toBe('invalid_input');
  });

  it('requires an English name for points', () => {
    const schema = merchantSchemas.updateSettings;
    if (schema === undefined) throw new Error('no schema');
    const pointsName = { es: { one: 'Estrella', other: 'Estrellas' } };
    expect(
      refusalOf(() => parseRequest(schema, { revision: '', defaultLanguage: 'es', pointsName })),
    ).toEqual({
      code: 'invalid_input',
      field: 'points_name.en',
    });
  });
});

describe('text that cannot be stored', () => {
  it('is named at any depth, also as a key, and lone surrogates too', () => {
    const schema = z.object({}).loose();
    const fieldOf = (value: unknown): string => {
      try {
        parseRequest(schema, value);
        return 'was accepted';
      } catch (error) {
        return error instanceof DomainError ? error.field : String(error);
      }
    };
    expect(fieldOf({ lines: [{ id: '1' }, { title: 'a\0' }] })).toBe('lines[1].title');
    expect(fieldOf({ names: { en: 'half \ud83d' } })).toBe('names.en');
    expect(fieldOf({ names: { 'e\0n': 'x' } })).toBe('names.e?n');
    expect(fieldOf({ name: 'whole \ud83d\ude00', bytes: Buffer.from([0]) })).toBe('was accepted');
  });
});

describe('a single value', () => {
  const taken = (schema: z.ZodType, value: unknown) =>
    refusalOf(() => parseRequest(schema, value)).code === 'ok';
  const id = '0190A3F2-7C1E-7B9A-8D4F-2A6C1B3E5F70';

  it.each<[string, z.ZodType, readonly unknown[], readonly unknown[]]>([
    ['an id', uuid, [id, id.toLowerCase()], ['', `${id}0`, id.replaceAll('-', '')]],
    ['a Shopify id', shopifyId, ['0', '1'.repeat(20)], ['', '1'.repeat(21), '-1', '1 ']],
    [
      'a shop',
      shopDomain,
      ['a.myshopify.com', `${'a'.repeat(60)}.myshopify.com`],
      [`${'a'.repeat(61)}.myshopify.com`, '-a.myshopify.com', 'a.myshopify.com.evil', 'a.b'],
    ],
    ['a currency', currency, ['USD'], ['usd', 'US', 'USDC']],
    ['an instant', instant, ['2026-11-30T12:00:00Z', '2026-11-30T12:00:00+01:00'], ['2026-11-30']],
    ['a locale', locale, ['', 'en', 'pt_BR', 'zh-Hant-TW'], ['e', 'english', 'en-', 'en US']],
    ['a time zone', timezone, ['Europe/Paris', 'UTC'], ['', 'Mars/Olympus', 'x'.repeat(65)]],
    ['a revision', revision, ['', 'x'.repeat(64)], ['x'.repeat(65)]],
    ['a count', count, [0, 1_000_000_000_000], [-1, 0.5, 1_000_000_000_001]],
  ])('%s is what it is said to be', (_what, schema, fine, bad) => {
    for (const value of fine) expect(taken(schema, value), String(value)).toBe(true);
    for (const value of bad) expect(taken(schema, value), String(value)).toBe(false);
  });

  it('is known again the second time, whether it is one or none', () => {
    for (let times = 0; times < 2; times++) {
      expect(taken(timezone, 'Asia/Tokyo')).toBe(true);
      expect(taken(timezone, 'Asia/Nowhere')).toBe(false);
    }
  });

  it('is kept in small letters where capitals mean nothing', () => {
    expect(parseRequest(uuid, id)).toBe(id.toLowerCase());
  });
});

describe('what is said of a refusal', () => {
  const messageOf = (schema: z.ZodType, value: unknown) => {
    try {
      parseRequest(schema, value);
    } catch (error) {
      if (error instanceof DomainError) return error.message;
      throw error;
    }
    return '';
  };

  it('is what was expected', () => {
    expect(messageOf(shopifyId, 'x')).toBe('must be a numeric Shopify id');
    expect(messageOf(shopDomain, 'x')).toBe('must be a myshopify.com domain');
    expect(messageOf(currency, 'x')).toBe('must be an ISO 4217 code');
    expect(messageOf(locale, '!')).toBe('must be a language tag');
    expect(messageOf(timezone, 'x')).toBe('must be an IANA time zone');
    expect(messageOf(z.object({}).loose(), { a: '\0' })).toBe(
      'contains a character that no text can hold',
    );
  });

  it('is of alternatives what a filled field should have been', () => {
    const empty = z.object({ of: z.union([z.literal(''), z.object({ id: shopifyId })]) });
    expect(refusalOf(() => parseRequest(empty, { of: { id: 'x' } })).field).toBe('of.id');
    expect(messageOf(empty, { of: { id: 'x' } })).toBe('must be a numeric Shopify id');
  });

  it('names the first field of the last alternative where none fits', () => {
    const schema = z.object({
      of: z.union([
        z.literal(''),
        z.object({ email: z.string() }),
        z.object({ id: shopifyId, name: z.string() }),
      ]),
    });
    expect(refusalOf(() => parseRequest(schema, { of: { id: 7, name: 7 } })).field).toBe('of.id');
  });

  it('names what says the kind where there is no such kind', () => {
    const email = z.object({ kind: z.literal('email') });
    const schema = z.object({ of: z.discriminatedUnion('kind', [email]) });
    expect(refusalOf(() => parseRequest(schema, { of: { kind: 'fax' } })).field).toBe('of.kind');
  });

  it('names at most 200 characters of a field, and nothing unprintable', () => {
    expect(fieldPath(['x'.repeat(300)])).toBe('x'.repeat(200));
    expect(fieldPath([])).toBe('');
    expect(fieldPath([0, 'aB', 1])).toBe('[0].a_b[1]');
  });
});

describe('text that cannot be stored, in a request without a schema', () => {
  it('is refused, but for lists, whose items are judged one by one', () => {
    expect(refusalOf(() => requireStorable({ note: 'x\0' }))).toEqual({
      code: 'invalid_input',
      field: 'note',
    });
    expect(refusalOf(() => requireStorable({ items: ['x\0'], note: 'x' })).code).toBe('ok');
    expect(refusalOf(() => requireStorable(undefined)).code).toBe('ok');
  });

  it('is looked for sixteen levels deep; what is deeper is refused', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'x' : { a: nested(levels - 1) });
    expect(unstorablePath(nested(17))).toBeUndefined();
    expect(unstorablePath(nested(18))).toEqual(Array<string>(17).fill('a'));
    for (const leaf of [7, null, new Uint8Array([1])]) {
      const inner = { leaf };
      const deepest = Array.from({ length: 16 }).reduce((of: object) => ({ a: of }), inner);
      expect(unstorablePath(deepest)).toBeUndefined();
    }
    const lists = (levels: number): unknown => (levels === 0 ? 'x' : [lists(levels - 1)]);
    expect(unstorablePath(lists(17))).toBeUndefined();
    expect(unstorablePath(lists(18))).toEqual(Array<number>(17).fill(0));
  });

  it('is no number, no bytes and nothing that is absent', () => {
    for (const fine of [undefined, null, 7, true, new Uint8Array(3), [], {}, 'text'])
      expect(unstorablePath(fine)).toBeUndefined();
    expect(unstorablePath('half \ud83d')).toEqual([]);
  });
});
