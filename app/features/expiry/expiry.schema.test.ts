import { describe, expect, it } from 'vitest';
import { parseExpiryForm, parseExpiryQuery } from './expiry.schema.ts';

const key = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';
const query = (address: string) => parseExpiryQuery(new URLSearchParams(address));
const parse = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return parseExpiryForm(form);
};
const extend = (changes: Record<string, string> = {}) =>
  parse({ intent: 'extend', month: '2026-12', days: '30', key, ...changes });

describe('the page of what expires', () => {
  it('shows every month unless one is asked for', () => {
    expect(query('')).toEqual({ month: '', cursor: '' });
    expect(query('month=2026-09&cursor=abc')).toEqual({ month: '2026-09', cursor: 'abc' });
    expect(query(`cursor=${'c'.repeat(500)}`).cursor).toHaveLength(500);
  });

  it.each(['2026-13', '2026-00', '1999-12', '2026-1', 'x2026-12', '2026-121', 'soon'])(
    'takes %s for no month',
    (month) => {
      expect(query(`month=${month}`).month).toBe('');
    },
  );

  it('begins anew with a cursor that is none', () => {
    expect(query(`cursor=${'c'.repeat(501)}`).cursor).toBe('');
  });
});

describe('giving points more time', () => {
  it.each([
    ['1', 1],
    ['30', 30],
    ['3,650', 3_650],
  ])('for %s days is understood', (days, read) => {
    expect(extend({ days })).toEqual({
      form: { intent: 'extend', month: '2026-12', days: read, key },
    });
  });

  it.each(['0', '3651', '-1', '1.5', '', 'ten'])('for "%s" days is refused', (days) => {
    expect(extend({ days })).toEqual({ fields: { days: 'extension_days' } });
  });

  it('asks for a month, and for the name of the attempt', () => {
    expect(extend({ month: '2026-13', key: 'x' })).toEqual({
      fields: { month: 'choice', key: 'invalid' },
    });
    expect(extend({ month: '' })).toEqual({ fields: { month: 'choice' } });
  });

  it('can be undone, by its id', () => {
    expect(parse({ intent: 'undo', extensionId: key })).toEqual({
      form: { intent: 'undo', extensionId: key },
    });
    expect(parse({ intent: 'undo', extensionId: '7' })).toEqual({
      fields: { extensionId: 'invalid' },
    });
  });

  it('is nothing else', () => {
    expect(parse({ intent: 'shorten' })).toHaveProperty('fields.intent');
  });
});
