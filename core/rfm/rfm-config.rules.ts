import { jsonObject } from '../shared/stored-json.rules.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import type { Bins } from './rfm.rules.ts';
import {
  UPDATE_CADENCES,
  type RecencyDecay,
  type Segment,
  type UpdateCadence,
} from '#vocabulary/segments.ts';

/** The thresholds, weights and segments of a shop, as stored in program_settings.rfm_thresholds. */
export interface RfmConfig {
  readonly recencyDecay: RecencyDecay;
  /** Most whole days since the last order for 5, 4, 3, 2. */
  readonly recency: Bins<number>;
  /** Fewest orders for 5, 4, 3, 2. */
  readonly frequency: Bins<number>;
  readonly monetary: Bins<MonetaryBin>;
  /** Ten-thousandths; they sum to 10,000. */
  readonly weights: {
    readonly recency: number;
    readonly frequency: number;
    readonly monetary: number;
  };
  /** In the order of precedence: the first that a member is in is the member's primary one. */
  readonly segments: readonly SegmentRule[];
  readonly update: UpdateCadence;
  /** What kind of shop it is, in the merchant's words; pre-fills thresholds and compares like with like. */
  readonly industry: string;
  /** Rises with every change. */
  readonly version: number;
}

/** Ten-thousandths: of a multiple of the AOV, or of the currency's unit. */
export interface MonetaryBin {
  readonly kind: 'aov_multiple' | 'min_spend';
  readonly value: bigint;
}

type Range = readonly [low: number, high: number];

export interface SegmentRule {
  readonly id: string;
  readonly recency: Range;
  readonly frequency: Range;
  readonly monetary: Range;
  /** Of a merchant's own segment, language to words; ours have theirs in the catalogs of words. */
  readonly name: Readonly<Record<string, string>>;
}

const ANY: Range = [1, 5];
const rule = (id: Segment, recency: Range, frequency: Range, monetary: Range): SegmentRule => ({
  id,
  recency,
  frequency,
  monetary,
  name: {},
});

/** The default segments, in order of precedence: champions are loyal too, and the inactive at risk. */
export const DEFAULT_SEGMENTS: readonly SegmentRule[] = [
  rule('at_risk_high_value', [1, 2], ANY, [5, 5]),
  rule('champions', [5, 5], [4, 5], [4, 5]),
  rule('vip', ANY, ANY, [5, 5]),
  rule('loyal', [3, 5], [3, 5], [3, 5]),
  rule('new', [4, 5], [1, 1], [1, 2]),
  rule('inactive', [1, 1], [1, 1], [1, 1]),
  rule('at_risk', [1, 2], [1, 2], [1, 2]),
];

/** Members of subscriptions buy at longer distances. */
export const RECENCY_BY_DECAY: Readonly<Record<RecencyDecay, Bins<number>>> = {
  standard: [7, 30, 60, 90],
  subscription: [14, 60, 90, 180],
};

const multiple = (value: bigint): MonetaryBin => ({ kind: 'aov_multiple', value });

export const DEFAULT_RFM_CONFIG: RfmConfig = {
  recencyDecay: 'standard',
  recency: RECENCY_BY_DECAY.standard,
  frequency: [11, 6, 4, 2],
  monetary: [multiple(50_000n), multiple(20_000n), multiple(10_000n), multiple(5_000n)],
  weights: { recency: 4_000, frequency: 3_000, monetary: 3_000 },
  segments: DEFAULT_SEGMENTS,
  update: 'realtime',
  industry: '',
  version: 1,
};

const MAX_SEGMENTS = 20;
const MAX_ORDERS = 10_000;
const MAX_MULTIPLE = 1_000n * 10_000n;
const MAX_SPEND = 1_000_000_000n * 10_000n;

export interface ConfigProblem {
  /** Below the configuration: `monetary.five`. */
  readonly field: string;
  readonly message: string;
}

const NAMES = ['five', 'four', 'three', 'two'] as const;
const problem = (field: string, message: string): ConfigProblem => ({ field, message });

/**
 * Says what is wrong with a configuration, or nothing.
 * @param aov ten-thousandths; by it a bin in multiples is compared with one that names an amount, else they are not
 */
export function problemOfConfig(config: RfmConfig, aov?: bigint): ConfigProblem | undefined {
  return (
    problemOfRecency(config.recency) ??
    problemOfFrequency(config.frequency) ??
    problemOfMonetary(config.monetary, aov) ??
    problemOfWeights(config.weights) ??
    problemOfSegments(config.segments)
  );
}

function problemOfRecency(bins: Bins<number>): ConfigProblem | undefined {
  for (const [nth, days] of bins.entries()) {
    const field = `recency.${NAMES[nth]}`;
    if (!Number.isSafeInteger(days) || days < 1 || days > 364)
      return problem(field, 'a whole number of days from 1 to 364');
    const tighter = bins[nth - 1];
    if (tighter !== undefined && days <= tighter)
      return problem(
        `recency.${NAMES[nth - 1]}`,
        `R${6 - nth} must be fewer days than R${5 - nth}`,
      );
  }
  return undefined;
}

function problemOfFrequency(bins: Bins<number>): ConfigProblem | undefined {
  for (const [nth, orders] of bins.entries()) {
    const field = `frequency.${NAMES[nth]}`;
    if (!Number.isSafeInteger(orders) || orders < 1 || orders > MAX_ORDERS)
      return problem(field, `a whole number of orders from 1 to ${MAX_ORDERS}`);
    const tighter = bins[nth - 1];
    if (tighter !== undefined && orders >= tighter)
      return problem(`frequency.${NAMES[nth - 1]}`, `F${6 - nth} must exceed F${5 - nth}`);
  }
  return undefined;
}

function problemOfMonetary(bins: Bins<MonetaryBin>, aov?: bigint): ConfigProblem | undefined {
  const exceeds = (one: MonetaryBin, other: MonetaryBin): boolean => {
    if (one.kind === other.kind) return one.value > other.value;
    if (aov === undefined) return true;
    const spent = ({ kind, value }: MonetaryBin): bigint =>
      value * (kind === 'aov_multiple' ? aov : 10_000n);
    return spent(one) > spent(other);
  };
  for (const [nth, bin] of bins.entries()) {
    const field = `monetary.${NAMES[nth]}`;
    const most = bin.kind === 'aov_multiple' ? MAX_MULTIPLE : MAX_SPEND;
    if (bin.value <= 0n || bin.value > most)
      return problem(field, `more than 0 and at most ${formatAmount(most)}`);
    const tighter = bins[nth - 1];
    if (tighter !== undefined && !exceeds(tighter, bin))
      return problem(`monetary.${NAMES[nth - 1]}`, `M${6 - nth} must exceed M${5 - nth}`);
  }
  return undefined;
}

function problemOfWeights(weights: RfmConfig['weights']): ConfigProblem | undefined {
  for (const [name, value] of Object.entries(weights)) {
    if (!Number.isSafeInteger(value) || value < 0 || value > 10_000)
      return problem(`weights.${name}`, 'from 0 to 1 with at most four decimals');
  }
  if (weights.recency + weights.frequency + weights.monetary !== 10_000)
    return problem('weights', 'must sum to 1');
  return undefined;
}

function problemOfSegments(segments: readonly SegmentRule[]): ConfigProblem | undefined {
  if (segments.length < 1 || segments.length > MAX_SEGMENTS)
    return problem('segments', `from 1 to ${MAX_SEGMENTS} segments`);
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const [nth, segment] of segments.entries()) {
    const field = `segments[${nth}]`;
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(segment.id) || segment.id === 'other')
      return problem(`${field}.segment_id`, 'small letters, digits and _, and not "other"');
    if (ids.has(segment.id)) return problem(`${field}.segment_id`, 'stands twice');
    ids.add(segment.id);
    for (const [axis, [low, high]] of Object.entries({
      recency: segment.recency,
      frequency: segment.frequency,
      monetary: segment.monetary,
    })) {
      if (![low, high].every((score) => Number.isSafeInteger(score) && score >= 1 && score <= 5))
        return problem(`${field}.${axis}`, 'scores from 1 to 5');
      if (low > high) return problem(`${field}.${axis}`, 'must begin below its end');
    }
    for (const [language, name] of Object.entries(segment.name)) {
      if (name.trim() === '' || name.length > 60)
        return problem(`${field}.name`, 'from 1 to 60 characters');
      const known = `${language}/${name.trim().toLocaleLowerCase(language)}`;
      if (names.has(known)) return problem(`${field}.name`, 'stands twice');
      names.add(known);
    }
    if (!isBuiltIn(segment.id) && segment.name['en'] === undefined)
      return problem(`${field}.name`, 'en is required');
  }
  return undefined;
}

const DAY_MS = 86_400_000;
const DAYS_BETWEEN: Readonly<Record<UpdateCadence, number>> = {
  realtime: 1,
  daily: 1,
  weekly: 7,
  monthly: 30,
  quarterly: 91,
};
/** From here on a shop is looked through once a week at most. */
const MANY_MEMBERS = 10_000;
/** Nights are not equally long: one that begins a little early is still the next. */
const TOLERANCE_MS = 6 * 3_600_000;

/** Whether a shop is due for scoring all members; asked every night. */
export function isFullPassDue(
  update: UpdateCadence,
  members: number,
  lastPassAt: Date | null,
  now: Date,
): boolean {
  if (lastPassAt === null) return true;
  const days = Math.max(DAYS_BETWEEN[update], members < MANY_MEMBERS ? 1 : 7);
  return now.getTime() - lastPassAt.getTime() >= days * DAY_MS - TOLERANCE_MS;
}

export const isBuiltIn = (id: string): boolean =>
  id === 'other' || DEFAULT_SEGMENTS.some((segment) => segment.id === id);

const KEYS = ['5', '4', '3', '2'] as const;

function bins<T>(stored: unknown, fallback: Bins<T>, read: (bin: Json) => T | undefined): Bins<T> {
  const root = jsonObject(stored);
  const at = (nth: 0 | 1 | 2 | 3): T => read(jsonObject(root[KEYS[nth]])) ?? fallback[nth];
  return [at(0), at(1), at(2), at(3)];
}

const wholeNumber = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) ? (value as number) : undefined;

function decimal(value: unknown): bigint | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? parseAmount(String(value))
    : undefined;
}

function monetaryBin(bin: Json): MonetaryBin | undefined {
  const multipleOf = decimal(bin['aovMultiple']);
  if (multipleOf !== undefined) return { kind: 'aov_multiple', value: multipleOf };
  const spend = decimal(bin['minSpend']);
  return spend === undefined ? undefined : { kind: 'min_spend', value: spend };
}

function storedSegment(value: unknown): SegmentRule {
  const root = jsonObject(value);
  const range = (stored: unknown): Range => {
    const [low, high] = Array.isArray(stored) ? (stored as unknown[]) : [];
    return [wholeNumber(low) ?? 1, wholeNumber(high) ?? 5];
  };
  return {
    id: typeof root['id'] === 'string' ? root['id'] : '',
    recency: range(root['recency']),
    frequency: range(root['frequency']),
    monetary: range(root['monetary']),
    name: Object.fromEntries(
      Object.entries(jsonObject(root['name'])).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
  };
}

/** Reads program_settings.rfm_thresholds; what is missing or not to be used has its default. */
export function rfmConfigFrom(stored: unknown): RfmConfig {
  const root = jsonObject(stored);
  // `default` is an old name of the standard.
  const recencyDecay = root['recency_decay'] === 'subscription' ? 'subscription' : 'standard';
  const weights = jsonObject(root['weights']);
  const weight = (key: string): number | undefined => {
    const value = decimal(weights[key]);
    return value === undefined ? undefined : Number(value);
  };
  const [recency, frequency, monetary] = [weight('r'), weight('f'), weight('m')];
  const isWeighted = recency !== undefined && frequency !== undefined && monetary !== undefined;
  const config: RfmConfig = {
    recencyDecay,
    recency: bins(root['recency'], RECENCY_BY_DECAY[recencyDecay], (bin) =>
      wholeNumber(bin['maxDays']),
    ),
    frequency: bins(root['frequency'], DEFAULT_RFM_CONFIG.frequency, (bin) =>
      wholeNumber(bin['minOrders']),
    ),
    monetary: bins(root['monetary'], DEFAULT_RFM_CONFIG.monetary, monetaryBin),
    weights: isWeighted ? { recency, frequency, monetary } : DEFAULT_RFM_CONFIG.weights,
    segments:
      Array.isArray(root['segments']) && root['segments'].length > 0
        ? root['segments'].map(storedSegment)
        : DEFAULT_SEGMENTS,
    update:
      UPDATE_CADENCES.find((cadence) => cadence === root['update']) ?? DEFAULT_RFM_CONFIG.update,
    industry: typeof root['industry'] === 'string' ? root['industry'] : '',
    version: wholeNumber(root['version']) ?? DEFAULT_RFM_CONFIG.version,
  };
  // An invalid row that was written manually must not stop the scoring of a shop.
  return problemOfConfig(config) === undefined
    ? config
    : { ...DEFAULT_RFM_CONFIG, version: config.version };
}

/** At most four decimals: as text a number of JSON says exactly that. */
const plain = (value: bigint): number => Number(formatAmount(value));

/** What is stored; segments only when they are not ours, so that ours may become better. */
export function rfmConfigInto(config: RfmConfig): Json {
  const keyed = <T>(of: Bins<T>, write: (bin: T) => Json): Json =>
    Object.fromEntries(of.map((bin, nth): [string, Json] => [String(KEYS[nth]), write(bin)]));
  return {
    recency: keyed(config.recency, (maxDays) => ({ maxDays })),
    frequency: keyed(config.frequency, (minOrders) => ({ minOrders })),
    monetary: keyed(config.monetary, ({ kind, value }) =>
      kind === 'aov_multiple' ? { aovMultiple: plain(value) } : { minSpend: formatAmount(value) },
    ),
    recency_decay: config.recencyDecay,
    weights: {
      r: plain(BigInt(config.weights.recency)),
      f: plain(BigInt(config.weights.frequency)),
      m: plain(BigInt(config.weights.monetary)),
    },
    ...(config.segments === DEFAULT_SEGMENTS ? {} : { segments: config.segments }),
    update: config.update,
    ...(config.industry === '' ? {} : { industry: config.industry }),
    version: config.version,
  };
}
