import { register } from 'node:module';
import {
  SpanKind,
  SpanStatusCode,
  context as otelContext,
  metrics,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Context, TextMapGetter } from '@opentelemetry/api';
import type { Metadata } from 'nice-grpc';
import type { CoreEnv } from '../env.ts';

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
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const [{ NodeSDK }, { PgInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/instrumentation-pg'),
  ]);
  const sdk = new NodeSDK({
    serviceName: 'loyalnest-core',
    logRecordProcessors: [],
    // Values of parameters are members' data: only the text of statements becomes part of a span.
    instrumentations: [
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false }),
    ],
  });
  sdk.start();
  return { enabled: true, shutdown: () => sdk.shutdown() };
}

export interface CoreMetrics {
  call(method: string, code: string, milliseconds: number): void;
  batch(name: string, size: number, milliseconds: number): void;
}

/** Numbers about a pool of connections, read when metrics are collected. */
export interface PoolGauges {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Instruments are made after the SDK has started: the API hands out dead ones before. */
export function createMetrics(pool: PoolGauges): CoreMetrics {
  const meter = metrics.getMeter('loyalnest-core');
  const latency = meter.createHistogram('rpc.server.duration', {
    unit: 'ms',
    description: 'Time to answer a call',
  });
  const sizes = meter.createHistogram('loyalnest.batch.size', {
    description: 'Items sharing one commit',
  });
  const times = meter.createHistogram('loyalnest.batch.duration', { unit: 'ms' });
  const connections = meter.createObservableGauge('db.client.connection.count');
  connections.addCallback((gauge) => {
    gauge.observe(pool.idleCount, { state: 'idle' });
    gauge.observe(pool.totalCount - pool.idleCount, { state: 'used' });
    gauge.observe(pool.waitingCount, { state: 'waiting' });
  });
  return {
    call: (method, code, milliseconds) =>
      latency.record(milliseconds, { 'rpc.method': method, code }),
    batch(name, size, milliseconds) {
      sizes.record(size, { batch: name });
      times.record(milliseconds, { batch: name });
    },
  };
}

const metadataGetter: TextMapGetter<Metadata> = {
  get(metadata, key) {
    const value = metadata.get(key);
    return typeof value === 'string' ? value : undefined;
  },
  keys: (metadata) => [...metadata].map(([key]) => key),
};

/** Runs a call's generator inside a span that continues the caller's trace. */
export async function* traced<Response, Result>(
  path: string,
  metadata: Metadata,
  generator: AsyncGenerator<Response, Result, undefined>,
): AsyncGenerator<Response, Result, undefined> {
  const parent = propagation.extract(otelContext.active(), metadata, metadataGetter);
  const span = trace
    .getTracer('loyalnest-core')
    .startSpan(path.slice(1), { kind: SpanKind.SERVER }, parent);
  const inside = trace.setSpan(parent, span);
  try {
    return yield* inContext(inside, generator);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** A generator's body runs in the context of the code that asks for its next value, so each step is asked for inside. */
async function* inContext<Response, Result>(
  inside: Context,
  generator: AsyncGenerator<Response, Result, undefined>,
): AsyncGenerator<Response, Result, undefined> {
  let finished = false;
  try {
    for (;;) {
      const step = await otelContext.with(inside, () => generator.next());
      if (step.done === true) {
        finished = true;
        return step.value;
      }
      yield step.value;
    }
  } catch (error) {
    finished = true;
    throw error;
  } finally {
    if (!finished) await otelContext.with(inside, () => generator.return(undefined as Result));
  }
}
