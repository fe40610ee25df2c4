import { readTypedWhole } from '../../i18n/typed-number.ts';
import type { ProgramForm } from './program-form.ts';

const DAY_MS = 86_400_000;
/** Of an order placed a moment ago. */
const POINTS = 250;

/** What a member reads of points earned now, by the form's rules; nothing where points stay. */
export function expirySample(
  { expiryDays }: ProgramForm,
  now: number,
): Readonly<Record<string, unknown>> {
  const days = readTypedWhole(expiryDays) ?? 0;
  if (days <= 0) return { expiring: null, expiries: [] };
  const next = { points: POINTS, at: new Date(now + days * DAY_MS).toISOString() };
  return { expiring: next, expiries: [next] };
}
