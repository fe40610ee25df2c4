/** GSM 03.38's basic characters; those of its extension take two places. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const basic = new Set(BASIC);
const extended = new Set('\f^{}\\[~]|€');

export interface Segments {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly count: number;
  /** Places that are taken: septets, or UTF-16 units. */
  readonly length: number;
  /** Places that are left in the last segment. */
  readonly left: number;
}

/**
 * How many messages a text is charged as. One character outside of GSM 03.38 (an emoji, a curly apostrophe, `ê`) makes
 * all of them short: 70 characters instead of 160. A message of several loses some to the header that joins them.
 */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const isGsm = characters.every((character) => basic.has(character) || extended.has(character));
  const sizes = characters.map((character) => sizeIn(character, isGsm));
  const length = sizes.reduce((sum, size) => sum + size, 0);
  const [single, joined] = isGsm ? [160, 153] : [70, 67];
  const encoding = isGsm ? 'GSM-7' : 'UCS-2';
  if (length <= single)
    return { encoding, count: length === 0 ? 0 : 1, length, left: single - length };
  let [count, used] = [1, 0];
  for (const size of sizes) {
    // A character of two places is not divided.
    if (used + size > joined) [count, used] = [count + 1, 0];
    used += size;
  }
  return { encoding, count, length, left: joined - used };
}

const sizeIn = (character: string, isGsm: boolean): number =>
  isGsm ? (extended.has(character) ? 2 : 1) : character.length;

/** `words` and `end` in at most so many segments: where they do not fit, the words lose their end. */
export function clipToSegments(words: string, end: string, most: number): string {
  if (segmentsOf(words + end).count <= most) return words + end;
  const characters = [...words];
  // A character less never needs more segments, so the longest that fits is found by halving.
  let [fits, tooMany] = [0, characters.length];
  while (tooMany - fits > 1) {
    const half = Math.floor((fits + tooMany) / 2);
    if (segmentsOf(clipped(characters, half) + end).count <= most) fits = half;
    else tooMany = half;
  }
  return clipped(characters, fits) + end;
}

const clipped = (characters: readonly string[], count: number) =>
  `${characters.slice(0, count).join('').trimEnd()}...`;
