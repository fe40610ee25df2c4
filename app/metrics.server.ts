import { metrics } from '@opentelemetry/api';
import type { Meter } from '@opentelemetry/api';
import { processName } from './process-name.server.ts';
import type { MessageProvider } from '#vocabulary/messages.ts';

/**
 * What web and worker measure, by OpenTelemetry; where no endpoint is set every call does nothing. No metric names a
 * tenant: each one would be paid for, and a shop's own figures are in its log lines and spans. The alarms that read them:
 * infra/modules/observability/alarms.tf.
 */
export type ProviderProblem = 'unreachable' | 'unavailable' | 'throttled' | 'refused';

function createInstruments(meter: Meter) {
  return {
    acknowledgement: meter.createHistogram('loyalnest.webhook.ack.duration', {
      unit: 'ms',
      description: 'From the first byte of a delivery to the end of its answer',
    }),
    orderLag: meter.createHistogram('loyalnest.order.lag', {
      unit: 'ms',
      description: 'From the arrival of a delivery to the points that it moved',
    }),
    jobWait: meter.createHistogram('loyalnest.queue.wait', {
      unit: 'ms',
      description: 'From when a job could run to when it did',
    }),
    providerErrors: meter.createCounter('loyalnest.provider.errors', {
      unit: '{error}',
      description: 'Calls of an outside service that came to nothing',
    }),
    shopifyBudget: meter.createHistogram('loyalnest.shopify.budget', {
      unit: '%',
      description: 'Left of a shop’s query cost, as Shopify says with each answer',
    }),
    drift: meter.createCounter('loyalnest.reconcile.drift', {
      unit: '{order}',
      description: 'Orders whose points a reconciliation moved, because no webhook had',
    }),
    deadLetters: meter.createCounter('loyalnest.jobs.failed', {
      unit: '{job}',
      description: 'Jobs whose tries are used up',
    }),
    queueErrors: meter.createCounter('loyalnest.queue.errors', {
      unit: '{error}',
      description: 'Errors of the connection to the queue',
    }),
    overdueErasures: meter.createCounter('loyalnest.erasures.overdue', {
      unit: '{shop}',
      description: 'Shops whose erasure Shopify’s time runs out for, counted daily',
    }),
    unhandled: meter.createCounter('loyalnest.unhandled.errors', {
      unit: '{error}',
      description: 'Errors that no request or job knows of',
    }),
  };
}

let instruments: ReturnType<typeof createInstruments> | undefined;

/** Made when first used, as the SDK must have started by then. */
function measured(): ReturnType<typeof createInstruments> {
  return (instruments ??= createInstruments(ownMeter()));
}

function ownMeter(): Meter {
  return metrics.getMeter(`loyalnest-${processName()}`);
}

export function measureAcknowledgement(milliseconds: number, status: number): void {
  measured().acknowledgement.record(milliseconds, { 'http.response.status_code': status });
}

export function measureOrderLag(milliseconds: number): void {
  measured().orderLag.record(milliseconds);
}

export function measureJobWait(milliseconds: number): void {
  measured().jobWait.record(milliseconds);
}

export function countProviderError(
  provider: 'shopify' | 'posthog' | MessageProvider,
  problem: ProviderProblem,
) {
  measured().providerErrors.add(1, { provider, problem });
}

/** @param percent of the bucket, 0 to 100 */
export function measureShopifyBudget(percent: number): void {
  measured().shopifyBudget.record(percent);
}

export function countDrift(orders: number): void {
  if (orders > 0) measured().drift.add(orders);
}

export function countDeadLetter(job: string): void {
  measured().deadLetters.add(1, { job });
}

export function countQueueError(): void {
  measured().queueErrors.add(1);
}

export function countOverdueErasure(): void {
  measured().overdueErasures.add(1);
}

export function countUnhandledError(): void {
  measured().unhandled.add(1);
}

export interface QueueState {
  readonly queue: string;
  /** Jobs by state: waiting, delayed, active, failed. */
  readonly counts: Readonly<Record<string, number>>;
  /** How long the oldest job that could run has waited. */
  readonly ageSeconds: number;
}

const states = ['waiting', 'delayed', 'active', 'failed'];

/** Reads the queues whenever metrics are collected, once a minute by default. */
export function observeQueues(read: () => Promise<readonly QueueState[]>): void {
  const meter = ownMeter();
  const depth = meter.createObservableGauge('loyalnest.queue.depth', { unit: '{job}' });
  const age = meter.createObservableGauge('loyalnest.queue.age', { unit: 's' });
  meter.addBatchObservableCallback(
    async (result) => {
      // A queue that is not reached is counted by its log line.
      for (const { queue, counts, ageSeconds } of await read().catch(() => [])) {
        result.observe(age, ageSeconds, { queue });
        for (const state of states) result.observe(depth, counts[state] ?? 0, { queue, state });
      }
    },
    [depth, age],
  );
}
