/**
 * A whole number as people type it: `1,000`, `1.000`, `1 000` and `1’000` are a thousand.
 * @returns undefined for what is none, or could as well be a fraction: `0.500`
 */
export function readTypedWhole(typed: string): number | undefined {
  const text = typed.trim();
  const marks = new Set(text.replace(/\d/g, ''));
  const isGrouped = marks.size === 1 && /^[1-9]\d{0,2}([.,'’\s]\d{3})+$/.test(text);
  const digits = isGrouped ? text.replace(/\D/g, '') : text;
  return /^\d{1,13}$/.test(digits) ? Number(digits) : undefined;
}

/**
 * A factor or a percentage as people type it, as a plain decimal: `1,5` is 1.5.
 * @returns undefined for what is none, has more decimals than places, or could as well be a thousand: `1,000`. After a
 * point three digits are decimals, since pages write them so.
 */
export function readTypedDecimal(typed: string, places: number): string | undefined {
  const [, whole, fraction = ''] =
    /^(\d{1,12})(?:(?:\.|,(?!\d{3}$))(\d+))?$/.exec(typed.trim()) ?? [];
  if (whole === undefined || /[1-9]/.test(fraction.slice(places))) return undefined;
  const kept = fraction.slice(0, places);
  return kept === '' ? whole : `${whole}.${kept}`;
}
