import type {
  AverageOrderValue,
  MonetaryBin as MonetaryBinMessage,
  RFMConfig,
  RFMScore,
  RFMThresholds,
  ScoreBins,
  Segment,
  SegmentRule as SegmentRuleMessage,
} from '#proto/analytics/v1/rfm.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import type { AovState } from './aov.rules.ts';
import { DEFAULT_RFM_CONFIG, DEFAULT_SEGMENTS, RECENCY_BY_DECAY } from './rfm-config.rules.ts';
import type { ConfigProblem, MonetaryBin, RfmConfig, SegmentRule } from './rfm-config.rules.ts';
import type { RfmSettings } from './rfm.store.ts';
import { OTHER } from './rfm.rules.ts';
import type { Bins } from './rfm.rules.ts';
import { UPDATE_CADENCES } from '#vocabulary/segments.ts';

/** Configurations and scores as messages, and back. */

const shortest = (value: bigint): string => formatAmount(value).replace(/\.?0+$/, '');

export interface ConfigRequest {
  readonly thresholds: RFMThresholds | undefined;
  readonly segments: readonly SegmentRuleMessage[];
}

/** What is left out has its default. @returns the problem of the first value that cannot be read */
export function configFromMessage(
  { thresholds, segments }: ConfigRequest,
  industry: string,
  version: number,
): RfmConfig | ConfigProblem {
  const recencyDecay = thresholds?.recencyDecay === 'subscription' ? 'subscription' : 'standard';
  const weights = weightsFrom(thresholds?.weights);
  if ('field' in weights) return weights;
  const monetary = monetaryFrom(thresholds?.monetary);
  if ('field' in monetary) return monetary;
  return {
    recencyDecay,
    recency: binsFrom(thresholds?.recency) ?? RECENCY_BY_DECAY[recencyDecay],
    frequency: binsFrom(thresholds?.frequency) ?? DEFAULT_RFM_CONFIG.frequency,
    monetary,
    weights,
    segments: segments.length === 0 ? DEFAULT_SEGMENTS : segments.map(segmentFrom),
    update:
      UPDATE_CADENCES.find((cadence) => cadence === thresholds?.update) ??
      DEFAULT_RFM_CONFIG.update,
    industry,
    version,
  };
}

const binsFrom = (bins: ScoreBins | undefined): Bins<number> | undefined =>
  bins && [bins.five, bins.four, bins.three, bins.two];

function monetaryFrom(bins: RFMThresholds['monetary']): RfmConfig['monetary'] | ConfigProblem {
  if (bins === undefined) return DEFAULT_RFM_CONFIG.monetary;
  const read: MonetaryBin[] = [];
  for (const name of ['five', 'four', 'three', 'two'] as const) {
    const bin = monetaryBinFrom(bins[name]);
    if (bin === undefined)
      return { field: `monetary.${name}`, message: 'either a multiple of the AOV or an amount' };
    read.push(bin);
  }
  const [five, four, three, two] = read as [MonetaryBin, MonetaryBin, MonetaryBin, MonetaryBin];
  return [five, four, three, two];
}

function monetaryBinFrom(bin: MonetaryBinMessage | undefined): MonetaryBin | undefined {
  const multiple = parseAmount(bin?.aovMultiple ?? '');
  const spend = parseAmount(bin?.minSpend ?? '');
  if ((multiple === undefined) === (spend === undefined)) return undefined;
  return multiple === undefined
    ? { kind: 'min_spend', value: spend ?? 0n }
    : { kind: 'aov_multiple', value: multiple };
}

function weightsFrom(weights: RFMThresholds['weights']): RfmConfig['weights'] | ConfigProblem {
  if (weights === undefined) return DEFAULT_RFM_CONFIG.weights;
  const read = { recency: 0, frequency: 0, monetary: 0 };
  for (const name of ['recency', 'frequency', 'monetary'] as const) {
    const value = parseAmount(weights[name]);
    if (value === undefined)
      return { field: `weights.${name}`, message: 'a number with at most four decimals' };
    read[name] = Number(value);
  }
  return read;
}

function segmentFrom(message: SegmentRuleMessage): SegmentRule {
  const range = (of: { low: number; high: number } | undefined) =>
    [of?.low ?? 1, of?.high ?? 5] as const;
  return {
    id: message.segmentId,
    recency: range(message.recency),
    frequency: range(message.frequency),
    monetary: range(message.monetary),
    name: message.name,
  };
}

export function toConfigMessage(
  config: RfmConfig,
  aov: AovState,
  settings: RfmSettings,
): RFMConfig {
  const bins = <T, Bin>([five, four, three, two]: Bins<T>, write: (value: T) => Bin) => ({
    five: write(five),
    four: write(four),
    three: write(three),
    two: write(two),
  });
  return {
    thresholds: {
      recency: bins(config.recency, (days) => days),
      frequency: bins(config.frequency, (orders) => orders),
      monetary: bins(config.monetary, ({ kind, value }) => ({
        aovMultiple: kind === 'aov_multiple' ? shortest(value) : '',
        minSpend: kind === 'min_spend' ? formatAmount(value) : '',
      })),
      recencyDecay: config.recencyDecay,
      weights: {
        recency: shortest(BigInt(config.weights.recency)),
        frequency: shortest(BigInt(config.weights.frequency)),
        monetary: shortest(BigInt(config.weights.monetary)),
      },
      update: config.update,
    },
    segments: config.segments.map(toSegmentRule),
    industry: config.industry,
    version: config.version,
    averageOrderValue: toAovMessage(aov, settings.currency),
    fullPassAt: settings.fullPassAt?.toISOString() ?? '',
  };
}

function toSegmentRule(rule: SegmentRule): SegmentRuleMessage {
  const range = ([low, high]: SegmentRule['recency']) => ({ low, high });
  return {
    segmentId: rule.id,
    recency: range(rule.recency),
    frequency: range(rule.frequency),
    monetary: range(rule.monetary),
    name: { ...rule.name },
  };
}

export const toAovMessage = (aov: AovState, currency: string): AverageOrderValue => ({
  amount: { amount: formatAmount(aov.aov), currency },
  basis: aov.basis,
  orders: aov.orders,
  version: aov.version,
  estimatedAt: aov.estimatedAt.toISOString(),
});

/** Every segment of the configuration with its number of members, and the members who are in none. */
export function toSegments(config: RfmConfig, counts: ReadonlyMap<string, number>): Segment[] {
  const ours = config.segments.map((rule) => ({
    segmentId: rule.id,
    name: { ...rule.name },
    count: counts.get(rule.id) ?? 0,
    conditions: toSegmentRule(rule),
  }));
  const rest = { segmentId: OTHER, name: {}, count: counts.get(OTHER) ?? 0, conditions: undefined };
  return [...ours, rest];
}

/** As customers.rfm_score and rfm_score_history.rfm_score hold it. */
export interface StoredScore {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
  readonly score: number;
}

export const toScoreMessage = (stored: StoredScore): RFMScore => ({
  recency: stored.recency,
  frequency: stored.frequency,
  monetary: stored.monetary,
  score: stored.score.toFixed(1),
});
