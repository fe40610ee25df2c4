import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  amount,
  currencyCode,
  instant,
  looseAmount,
  looseCurrency,
  looseId,
  parsePayload,
  PayloadRefusal,
  shopifyId,
  text,
} from './payload-fields.ts';

/** What is read of a field, or the message that it is refused with. */
const read = (field: z.ZodType, value: unknown): unknown => {
  const parsed = field.safeParse(value);
  return parsed.success ? parsed.data : { refused: parsed.error.issues[0]?.message };
};

describe('an id', () => {
  it.each([
    [7, '7'],
    [9_007_199_254_740_991, '9007199254740991'],
    ['7', '7'],
    ['9223372036854775807', '9223372036854775807'],
    ['gid://shopify/Order/7', '7'],
  ])('%s is kept as digits', (value, digits) => {
    expect(read(shopifyId, value)).toBe(digits);
    expect(read(looseId, value)).toBe(digits);
  });

  it.each([
    0,
    -7,
    1.5,
    9_007_199_254_740_992,
    1e21,
    '',
    '0',
    '07',
    '7a',
    ' 7',
    '1'.repeat(20),
    'gid://shopify/Order/',
    'gid://other/Order/7',
    'x gid://shopify/Order/7',
  ])('%s is none', (value) => {
    expect(read(shopifyId, value)).toEqual({ refused: 'Not an id.' });
    expect(read(looseId, value)).toBe('');
  });

  it('that need not be there may be anything', () => {
    for (const value of [undefined, null, {}, true]) expect(read(looseId, value)).toBe('');
  });
});

describe('an amount', () => {
  it.each([
    ['12', '12.00'],
    ['12.5', '12.50'],
    ['0.1234', '0.1234'],
    ['0', '0.00'],
    [12.5, '12.50'],
    [0.1 + 0.2, '0.30'],
    ['9'.repeat(16), `${'9'.repeat(16)}.00`],
  ])('%s is kept with two places at least', (value, decimal) => {
    expect(read(amount, value)).toBe(decimal);
    expect(read(looseAmount, value)).toBe(decimal);
  });

  it.each([-1, '-1', '-0.01', '1.23456', '', 'ten', '1e3', '1,5', Number.POSITIVE_INFINITY])(
    '%s is refused where it counts',
    (value) => {
      const refused = read(amount, value);
      expect(refused).toHaveProperty('refused');
    },
  );

  it('that is refused says what one is', () => {
    expect(read(amount, '-1')).toEqual({
      refused: 'Not an amount of money from zero upwards with at most four decimals.',
    });
  });

  it.each([
    ['-5.00', '-5.00'],
    [-0.5, '-0.50'],
    ['1.234567', '1.2345'],
    ['', ''],
    ['ten', ''],
    ['1.', ''],
    ['x1', ''],
    ['1x', ''],
    [1e300, ''],
    [null, ''],
    [undefined, ''],
    [true, ''],
  ])('%s that is good to know is read as "%s"', (value, decimal) => {
    expect(read(looseAmount, value)).toBe(decimal);
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-23T05:00:00-05:00', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23T10:00:00.123Z', '2026-11-23T10:00:00.123Z'],
  ])('%s is kept in UTC', (value, utc) => {
    expect(read(instant, value)).toBe(utc);
  });

  it.each(['', 'yesterday', '2026-11-23', '1', '2026-13-01T00:00:00Z', 'on 2026-11-23T10:00:00Z'])(
    '"%s" is none',
    (value) => {
      expect(read(instant, value)).toEqual({ refused: 'Not a time.' });
    },
  );
});

describe('a currency', () => {
  it.each([
    ['usd', 'USD'],
    ['USDC', 'USDC'],
    ['A1234567', 'A1234567'],
  ])('%s is kept as %s', (value, code) => {
    expect(read(currencyCode, value)).toBe(code);
    expect(read(looseCurrency, value)).toBe(code);
  });

  it.each(['', 'US', 'A12345678', '1USD', 'U$D', ' USD'])('"%s" is none', (value) => {
    expect(read(currencyCode, value)).toEqual({ refused: 'Not a currency code.' });
    expect(read(looseCurrency, value)).toBe('');
  });

  it('that need not be there may be anything', () => {
    for (const value of [undefined, null, 7]) expect(read(looseCurrency, value)).toBe('');
  });
});

describe('a text', () => {
  it('is cut where it is too long, and empty where it is not there', () => {
    expect(read(text(3), 'Ada Larsen')).toBe('Ada');
    expect(read(text(3), null)).toBe('');
    expect(read(text(3), undefined)).toBe('');
    expect(read(text(3), 7)).toHaveProperty('refused');
  });

  it('loses what no text can hold', () => {
    expect(read(text(9), 'A\0d\0a')).toBe('Ada');
    expect(read(text(3), '\0\0\0Ada')).toBe('Ada');
    // Half of a face, once the other half was cut off.
    expect(read(text(3), 'Ad😀')).toBe('Ad\ufffd');
  });
});

describe('a body that is refused', () => {
  const schema = z.object({
    a: z.object({ list: z.array(z.object({ id: shopifyId, n: z.number() })) }),
  });
  const refusal = (body: string | Uint8Array) => {
    try {
      parsePayload(schema, typeof body === 'string' ? Buffer.from(body) : body);
    } catch (error) {
      if (error instanceof PayloadRefusal) return [error.name, error.field, error.message];
      throw error;
    }
    return 'accepted';
  };

  it.each([
    ['{"a":{"list":[{"id":1,"n":1},{"id":0,"n":1}]}}', 'a.list[1].id', 'Not an id.'],
    ['{"a":{"list":[{"id":1,"n":"secret"}]}}', 'a.list[0].n', 'Malformed (invalid_type).'],
    ['{"a":{"list":"secret"}}', 'a.list', 'Malformed (invalid_type).'],
    ['{}', 'a', 'Malformed (invalid_type).'],
    ['[]', '', 'Malformed (invalid_type).'],
    ['secret', '', 'The body is not JSON.'],
  ])('%s says where and why: %s, %s', (body, field, message) => {
    expect(refusal(body)).toEqual(['PayloadRefusal', field, message]);
  });

  it('because it is not UTF-8 says that it is not JSON', () => {
    expect(refusal(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toEqual([
      'PayloadRefusal',
      '',
      'The body is not JSON.',
    ]);
  });

  it('is none of those that can be read, of which all else is dropped', () => {
    expect(refusal('{"a":{"list":[]}}')).toBe('accepted');
    const kept = parsePayload(
      schema,
      Buffer.from('{"a":{"list":[{"id":"1","n":2,"x":3}],"y":4},"z":5}'),
    );
    expect(kept).toEqual({ a: { list: [{ id: '1', n: 2 }] } });
  });
});
