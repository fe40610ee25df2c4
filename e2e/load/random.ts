/** Reproducible randomness: the same seed gives the same run. */
export interface Random {
  /** From 0 up to and without 1. */
  next(): number;
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** mulberry32: small and sufficient. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('there is nothing to pick from');
      return from[below(from.length)] as (typeof from)[number];
    },
  };
}

/** Texts that have broken programs before. */
export const nastyTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  '\ufeff',
  '\u202e',
  '%00',
  '%',
  "'",
  '"',
  '\\',
  '../../etc/passwd',
  '<script>',
  '{{7*7}}',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-1',
  '0',
  '-0',
  '1',
  '1e5',
  '1e309',
  '0x10',
  '1,000',
  '0.1',
  '1.00',
  '-12.34',
  '999999999999999999999999999999',
  '9007199254740993',
  '9223372036854775808',
  '2147483648',
  '0.00000000000000000000001',
  '١٢٣',
  '2026-02-30',
  '2026-02-30T25:61:61Z',
  '0000-00-00T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-11-29T10:00:00Z',
  '02-30',
  '2031-13',
  'USD',
  'USDC',
  'XXX',
  'ZZ',
  'Mars/Olympus',
  'gid://shopify/Customer/5001',
  'gid://shopify/Customer/99999999999999999999',
  'gid://shopify/Order/',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'eyJpZCI6IlwwIn0',
  'WyIyMDI2LTAyLTMwIiwieCJd',
  'WzEsMiwzXQ==',
  '[]',
  '{}',
  '[1,{"a":null}]',
  '{"tiers":{}}',
  'true',
  'false',
  'x'.repeat(300),
  'é'.repeat(5_000),
  '💥'.repeat(130),
];

const nastyNumbers: readonly number[] = [
  0,
  -0,
  -1,
  1,
  0.1,
  1e-7,
  1e21,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  1e12,
  1e12 + 1,
];

/** Nested so deeply that recursion overflows the stack. */
function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

export function nastyValue(random: Random): unknown {
  const kind = random.below(12);
  if (kind < 5) return random.pick(nastyTexts);
  if (kind < 8) return random.pick(nastyNumbers);
  if (kind === 8) return random.pick([null, true, false]);
  if (kind === 9) return random.pick<unknown>([[], {}, [[]], [null], { id: {} }]);
  if (kind === 10) return deep(random.pick([3, 50, 900]));
  return Array.from({ length: random.pick([2, 501, 2_000]) }, () => random.pick(nastyTexts));
}

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function changedAt(
  value: unknown,
  [key, ...rest]: Path,
  change: (was: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      String(index) === key ? changedAt(item, rest, change) : item,
    );
  const record = value as Record<string, unknown>;
  return { ...record, [key]: changedAt(record[key], rest, change) };
}

/** The same value with something in it exchanged, left out, of another type, or there many times. */
export function mutated(random: Random, value: unknown): unknown {
  const inner = pathsOf(value).filter((path) => path.length > 0);
  if (inner.length === 0) return nastyValue(random);
  return changedAt(value, random.pick(inner), (was) => {
    const kind = random.below(8);
    if (kind === 0) return undefined;
    if (kind === 1 && typeof was === 'string') return Number(was);
    if (kind === 1 && typeof was === 'number') return String(was);
    if (kind === 2 && typeof was === 'string') return was + random.pick(nastyTexts);
    if (kind === 3 && Array.isArray(was))
      return Array.from({ length: random.pick([0, 2, 501]) }, () => was[0] as unknown);
    if (kind === 4) return [was];
    return nastyValue(random);
  });
}

/** Mutated once, sometimes several times, sometimes not at all. */
export function mutatedSome(random: Random, value: unknown): unknown {
  let changed = value;
  for (let turns = random.pick([0, 1, 1, 1, 2, 4]); turns > 0; turns--)
    changed = mutated(random, changed);
  return changed;
}
