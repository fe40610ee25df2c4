import { describe, expect, test } from 'vitest';
import { parsePointsForm } from './customer.schema.ts';
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
