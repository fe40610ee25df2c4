import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { PoolClient } from 'pg';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { estimateAov, isAovStale } from './aov.rules.ts';
import type { AovState } from './aov.rules.ts';
import { dollarIn } from './dollar.rules.ts';
import {
  countMembers,
  hasEnoughOrders,
  readOrderValues,
  readRfmSettings,
  saveAov,
} from './rfm.store.ts';
import type { RfmSettings } from './rfm.store.ts';
import { cellsOf, thresholdsOf } from './rfm.rules.ts';
import type { RfmConfig } from './rfm-config.rules.ts';
import { writeScores } from './score.store.ts';
import type { Scoring, SegmentChange } from './score.store.ts';
import { notFound } from '../shared/errors.ts';
import type { ScoreTrigger } from '#vocabulary/segments.ts';

/**
 * What members of the tenant are scored by now. The AOV is frozen: it is estimated when there is none yet, when ten
 * orders have come to be, and when a full pass begins that finds it old; all others take it as it is.
 */
export async function scoringFor(
  client: PoolClient,
  merchantId: string,
  asOf: Date,
  trigger: ScoreTrigger,
): Promise<Scoring> {
  const settings = await readRfmSettings(client, merchantId);
  if (settings === undefined) throw notFound('merchant');
  return scoringWith(client, merchantId, settings, asOf, trigger, false);
}

/** The same for a caller that has read the shop's settings. */
export async function scoringWith(
  client: PoolClient,
  merchantId: string,
  settings: RfmSettings,
  asOf: Date,
  trigger: ScoreTrigger,
  beginsFullPass: boolean,
): Promise<Scoring> {
  const aov = await aovInForce(client, merchantId, settings.aov, asOf, beginsFullPass);
  return scoringBy(settings.config, aov, settings.currency, asOf, trigger);
}

/** Scoring by a configuration that need not be the stored one. */
export function scoringBy(
  config: RfmConfig,
  aov: AovState,
  currency: string,
  asOf: Date,
  trigger: ScoreTrigger,
): Scoring {
  return {
    asOf,
    thresholds: thresholdsOf(config, aov.aov, dollarIn(currency)),
    cells: cellsOf(config),
    trigger,
    sums: 'orders',
    basis: {
      aov: formatAmount(aov.aov),
      aov_version: aov.version,
      config_version: config.version,
      as_of: asOf.toISOString(),
    },
  };
}

/** The AOV that scores go by; estimated first when that is due. */
async function aovInForce(
  client: PoolClient,
  merchantId: string,
  known: AovState | undefined,
  now: Date,
  beginsFullPass: boolean,
): Promise<AovState> {
  const isDue = beginsFullPass
    ? isAovStale(known, now)
    : known?.basis !== 'orders' &&
      (known === undefined || (await hasEnoughOrders(client, merchantId, now)));
  if (known !== undefined && !isDue) return known;
  const settings = await readRfmSettings(client, merchantId, true);
  if (settings === undefined) throw notFound('merchant');
  // A transaction that waited for the lock finds the estimate of the one before.
  if (settings.aov !== undefined && settings.aov.version !== known?.version) return settings.aov;
  const estimate = await estimateNow(client, merchantId, settings, now);
  await saveAov(client, merchantId, estimate);
  // Those who were scored by a size band's default are scored once more by the shop's own.
  if (known !== undefined && !beginsFullPass) await askForFullPass(client, merchantId, 'schedule');
  return estimate;
}

async function estimateNow(
  client: PoolClient,
  merchantId: string,
  settings: RfmSettings,
  now: Date,
): Promise<AovState> {
  const values = await readOrderValues(client, merchantId, now);
  const members = await countMembers(client, merchantId);
  return estimateAov(settings.aov, values, members, dollarIn(settings.currency), now);
}

/** The AOV in force, or what it would be if a member were scored now; nothing is written. */
export async function lookAtAov(
  client: PoolClient,
  merchantId: string,
  settings: RfmSettings,
  now: Date,
): Promise<AovState> {
  return settings.aov ?? (await estimateNow(client, merchantId, settings, now));
}

/** The worker scores all members once the transaction has committed. */
export async function askForFullPass(
  client: PoolClient,
  merchantId: string,
  trigger: ScoreTrigger,
): Promise<void> {
  await addOutboxEvents(client, merchantId, 'rfm.recalculate', [{ trigger }]);
}

/**
 * Scores members that the transaction has locked, and writes events for those whose segments changed.
 * @returns their changes
 */
export function scoreMembers(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  scoring: Scoring,
): Promise<SegmentChange[]> {
  return inSpan('calculate_rfm_score', async (span) => {
    const { changes, changed } = await writeScores(client, merchantId, customerIds, scoring);
    span.setAttributes({
      operation: 'calculate_rfm_score',
      'rfm.members': customerIds.length,
      'rfm.changed': changed,
    });
    await addOutboxEvents(
      client,
      merchantId,
      'segment.changed',
      changes.map(({ customerId, from, to }) => ({ customer_id: customerId, from, to })),
    );
    return changes;
  });
}

function inSpan<Result>(name: string, work: (span: Span) => Promise<Result>): Promise<Result> {
  return trace.getTracer('loyalnest-core').startActiveSpan(name, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
