import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context as otelContext,
  metrics,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Meter, Span, TextMapGetter } from '@opentelemetry/api';
import type { Metadata } from 'nice-grpc';
import { eachStep } from '../../proto/shared/each-step.ts';
import type { CallScope } from '../database/call-scope.ts';
import type { CoreEnv } from '../env.ts';
import type { WaitingWork } from '../operations/upkeep.store.ts';

export interface Telemetry {
  readonly enabled: boolean;
  shutdown(): Promise<void>;
}

const off: Telemetry = { enabled: false, shutdown: () => Promise.resolve() };

/**
 * Loads the OpenTelemetry SDK only when there is somewhere to send to; without it the API's calls do nothing.
 * Must run before `pg` is first imported, which is how its queries become spans. All else is configured by the
 * standard OTEL_* variables, which the SDK reads itself.
 */
export async function startTelemetry(
  env: Pick<CoreEnv, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
): Promise<Telemetry> {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return off;
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  return { enabled: true, shutdown: startOpenTelemetry() };
}

export interface CoreMetrics {
  call(method: string, code: string, milliseconds: number): void;
  batch(name: string, size: number, milliseconds: number): void;
  unhandledError(): void;
}

/** Numbers about a pool of connections, read when metrics are collected. */
export interface PoolGauges {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}

/** Instruments are made after the SDK has started: the API hands out dead ones before. */
export function createMetrics(
  pool: PoolGauges,
  readWaitingWork: () => Promise<WaitingWork>,
): CoreMetrics {
  const meter = metrics.getMeter('loyalnest-core');
  const latency = meter.createHistogram('rpc.server.duration', {
    unit: 'ms',
    description: 'Time to answer a call',
  });
  const sizes = meter.createHistogram('loyalnest.batch.size', {
    unit: '{item}',
    description: 'Items sharing one commit',
  });
  const times = meter.createHistogram('loyalnest.batch.duration', { unit: 'ms' });
  const unhandled = meter.createCounter('loyalnest.unhandled.errors', { unit: '{error}' });
  observePool(meter, pool);
  observeWaitingWork(meter, readWaitingWork);
  return {
    call: (method, code, milliseconds) =>
      latency.record(milliseconds, { 'rpc.method': method, code }),
    batch(name, size, milliseconds) {
      sizes.record(size, { batch: name });
      times.record(milliseconds, { batch: name });
    },
    unhandledError: () => unhandled.add(1),
  };
}

function observePool(meter: Meter, pool: PoolGauges): void {
  const connections = meter.createObservableGauge('db.client.connection.count', {
    unit: '{connection}',
  });
  connections.addCallback((gauge) => {
    gauge.observe(pool.idleCount, { state: 'idle' });
    gauge.observe(pool.totalCount - pool.idleCount, { state: 'used' });
    // Not connections, but calls that wait for one.
    gauge.observe(pool.waitingCount, { state: 'waiting' });
  });
  const use = meter.createObservableGauge('loyalnest.pool.use', {
    unit: '%',
    description: 'Connections in use, of those the pool may open',
  });
  use.addCallback((gauge) => {
    gauge.observe((100 * (pool.totalCount - pool.idleCount)) / pool.options.max);
  });
}

function observeWaitingWork(meter: Meter, read: () => Promise<WaitingWork>): void {
  const outboxAge = meter.createObservableGauge('loyalnest.outbox.age', { unit: 's' });
  const outboxDepth = meter.createObservableGauge('loyalnest.outbox.depth', { unit: '{event}' });
  const inboxAge = meter.createObservableGauge('loyalnest.inbox.age', { unit: 's' });
  const inboxDepth = meter.createObservableGauge('loyalnest.inbox.depth', { unit: '{delivery}' });
  const privacy = meter.createObservableGauge('loyalnest.privacy.overdue', { unit: '{request}' });
  meter.addBatchObservableCallback(
    async (result) => {
      // A database that is down is seen by other metrics.
      const waiting = await read().catch(() => undefined);
      if (waiting === undefined) return;
      result.observe(outboxAge, waiting.eventsAgeSeconds);
      result.observe(outboxDepth, waiting.events);
      result.observe(inboxAge, waiting.deliveriesAgeSeconds);
      result.observe(inboxDepth, waiting.deliveries);
      result.observe(privacy, waiting.privacyOverdue);
    },
    [outboxAge, outboxDepth, inboxAge, inboxDepth, privacy],
  );
}

const metadataGetter: TextMapGetter<Metadata> = {
  get(metadata, key) {
    const value = metadata.get(key);
    return typeof value === 'string' ? value : undefined;
  },
  keys: (metadata) => [...metadata].map(([key]) => key),
};

/** Runs a call's generator inside a span that continues the caller's trace. */
export function traced<Value, Result>(
  path: string,
  metadata: Metadata,
  scope: CallScope,
  generator: AsyncGenerator<Value, Result, undefined>,
): AsyncGenerator<Value, Result, undefined> {
  const parent = propagation.extract(ROOT_CONTEXT, metadata, metadataGetter);
  const span = trace
    .getTracer('loyalnest-core')
    .startSpan(path.slice(1), { kind: SpanKind.SERVER }, parent);
  scope.traceId = span.spanContext().traceId;
  const inside = trace.setSpan(parent, span);
  return eachStep(ending(span, scope, generator), (step) => otelContext.with(inside, step));
}

async function* ending<Value, Result>(
  span: Span,
  scope: CallScope,
  generator: AsyncGenerator<Value, Result, undefined>,
): AsyncGenerator<Value, Result, undefined> {
  try {
    return yield* generator;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    const { requestId, merchantId, queryMilliseconds } = scope;
    span.setAttributes({ requestId });
    if (merchantId !== undefined)
      span.setAttributes({ merchantId, queryMilliseconds: Math.round(queryMilliseconds) });
    span.end();
  }
}
