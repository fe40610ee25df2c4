/** As many as core takes in one entry; a currency of small units counts in large numbers. */
const MAX_ADJUSTMENT = 1_000_000_000_000;

/** What was typed as a number of points, or the message (under `fields.`) that it is refused with. */
export function readPoints(typed: string): number | string {
  const text = withoutGroups(typed.trim());
  if (text === '') return 'required';
  if (!/^[+-]?\d{1,13}$/.test(text)) return 'whole_number';
  const points = Number(text);
  if (points === 0) return 'nonzero';
  return Math.abs(points) > MAX_ADJUSTMENT ? 'too_large' : points;
}

/** Numbers as people write them: 1,000, 1.000 and 1 000 are a thousand, and nothing else is. */
function withoutGroups(text: string): string {
  const typed = text.replaceAll(/[\u2212\u2013]/g, '-');
  const separators = new Set(typed.replaceAll(/[+\-\d]/g, ''));
  return /^[+-]?\d{1,3}([.,'’\s]\d{3})+$/.test(typed) && separators.size === 1
    ? typed.replaceAll(/[.,'’\s]/g, '')
    : typed;
}
