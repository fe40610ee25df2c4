import { expect, test } from 'vitest';
import { expirySample } from './expiry-sample.ts';
import type { ProgramForm } from './program-form.ts';

const sample = (expiryDays: string) =>
  expirySample({ expiryDays } as ProgramForm, Date.parse('2026-11-30T12:00:00Z'));

test('a member reads when points earned today will expire, and nothing where they stay', () => {
  expect(sample('365')).toEqual({
    expiring: { points: 250, at: '2027-11-30T12:00:00.000Z' },
    expiries: [{ points: 250, at: '2027-11-30T12:00:00.000Z' }],
  });
  for (const none of ['0', '', 'soon'])
    expect(sample(none)).toEqual({ expiring: null, expiries: [] });
});
