import { describe, expect, test } from 'vitest';
import { MAX_REASON_LENGTH, parsePointsForm } from './customer.schema.ts';
import { readPoints } from './points-input.ts';

describe('manual adjustments', () => {
  test.each([
    ['120', 120],
    ['1,000', 1_000],
    ['+1,000', 1_000],
    ['-12,345', -12_345],
    ['−500', -500],
    ['1.000', 1_000],
    ['1 000', 1_000],
    ['1\u202f000', 1_000],
    ['1\u00a0000', 1_000],
    ['1’000', 1_000],
    ['1,000,000', 1_000_000],
    [' 50 ', 50],
  ])('%s is parsed as people write numbers', (typed, points) => {
    expect(readPoints(typed)).toBe(points);
  });

  test.each([
    ['', 'required'],
    ['1.5', 'whole_number'],
    ['1,5', 'whole_number'],
    ['10,00', 'whole_number'],
    ['1,000.000', 'whole_number'],
    ['1,,000', 'whole_number'],
    ['ten', 'whole_number'],
    ['0.500', 'whole_number'],
    ['- 5', 'whole_number'],
    ['0', 'nonzero'],
    ['1,000,000,000,001', 'too_large'],
  ])('%s is refused and not previewed', (typed, message) => {
    expect(readPoints(typed)).toBe(message);
    const form = new FormData();
    form.set('intent', 'adjust');
    form.set('points', typed);
    form.set('reason', 'a reason');
    form.set('key', crypto.randomUUID());
    expect(parsePointsForm(form)).toEqual({ fields: { points: message } });
  });
});

describe('the form of points', () => {
  const id = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';
  const parse = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return parsePointsForm(form);
  };
  const adjust = (changes: Record<string, string>) =>
    parse({ intent: 'adjust', points: '120', reason: 'A gift', key: id, ...changes });
  const longest = 'x'.repeat(MAX_REASON_LENGTH);

  test('says how many points, why, and which attempt it is', () => {
    expect(adjust({ reason: ' A gift ' })).toEqual({
      form: { intent: 'adjust', points: 120, reason: 'A gift', key: id },
    });
    expect(MAX_REASON_LENGTH).toBe(500);
    expect(adjust({ reason: longest })).toMatchObject({ form: { reason: longest } });
  });

  test.each([
    [{ reason: ' ' }, { reason: 'reason_required' }],
    [{ reason: `${longest}x` }, { reason: 'reason_too_long' }],
    [{ key: 'again' }, { key: 'invalid' }],
    [
      { points: '', reason: '' },
      { points: 'required', reason: 'reason_required' },
    ],
  ])('with %o is refused beside the fields', (changes, fields) => {
    expect(adjust(changes)).toEqual({ fields });
  });

  test('takes an adjustment back, with or without a reason', () => {
    const undo = { intent: 'undo', transactionId: id } as const;
    expect(parse({ ...undo, reason: ' A mistake ' })).toEqual({
      form: { ...undo, reason: 'A mistake' },
    });
    expect(parse(undo)).toEqual({ form: { ...undo, reason: '' } });
    expect(parse({ ...undo, reason: longest })).toMatchObject({ form: { reason: longest } });
    expect(parse({ ...undo, reason: `${longest}x` })).toMatchObject({ form: { reason: '' } });
    expect(parse({ ...undo, transactionId: '7' })).toEqual({
      fields: { transactionId: 'invalid' },
    });
  });

  test('asks for nothing else', () => {
    expect(parse({ intent: 'double' })).toHaveProperty('fields.intent');
  });
});
