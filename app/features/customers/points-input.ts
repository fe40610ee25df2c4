import { readTypedWhole } from '../../i18n/typed-number.ts';

/** As many as core takes in one entry; a currency of small units counts in large numbers. */
const MAX_ADJUSTMENT = 1_000_000_000_000;

/** What was typed as a number of points, or the message (under `fields.`) that it is refused with. */
export function readPoints(typed: string): number | string {
  const text = typed.trim();
  if (text === '') return 'required';
  const [sign = ''] = /^[+\-\u2212\u2013]/.exec(text) ?? [];
  const size = readTypedWhole(text.slice(sign.length));
  if (size === undefined || /^\s/.test(text.slice(sign.length))) return 'whole_number';
  const points = sign === '' || sign === '+' ? size : -size;
  if (size === 0) return 'nonzero';
  return Math.abs(points) > MAX_ADJUSTMENT ? 'too_large' : points;
}
