import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { merchantSchemas } from '../merchants/requests.ts';
import { DomainError } from '../shared/errors.ts';
import { fieldPath, page, parseRequest, shopDomain, timezone } from './validation.ts';

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
