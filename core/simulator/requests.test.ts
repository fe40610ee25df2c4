import { expect, it } from 'vitest';
import { refusalOf } from '../testing/requests.ts';
import { simulatorSchemas } from './requests.ts';

const fieldRefused = (changes: object) =>
  refusalOf(simulatorSchemas.simulateProgram, {
    program: {},
    months: 3,
    includeHistory: false,
    ...changes,
  })?.field;

it('rules are tried on up to two years of what has happened', () => {
  for (const months of [0, 24]) expect(fieldRefused({ months }), String(months)).toBeUndefined();
  for (const months of [-1, 25, 1.5])
    expect(fieldRefused({ months }), String(months)).toBe('months');
});

it('what is tried is a program, or the rules as they are', () => {
  expect(fieldRefused({ program: undefined })).toBeUndefined();
  expect(fieldRefused({ program: 'double' })).toBe('program');
});
