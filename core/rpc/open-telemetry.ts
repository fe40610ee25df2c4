import { register } from 'node:module';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * Starts the SDK, which reads all else from the standard OTEL_* variables. Loaded only where there is somewhere to send
 * to, and before `pg` is. @returns what sends the rest and ends it
 */
export function startOpenTelemetry(): () => Promise<void> {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const sdk = new NodeSDK({
    serviceName: 'loyalnest-core',
    logRecordProcessors: [],
    // Values of parameters are members' data: only the text of statements becomes part of a span.
    instrumentations: [
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false }),
    ],
    views: [
      // Percentiles need buckets that fit; CloudWatch takes them of this kind.
      {
        instrumentType: InstrumentType.HISTOGRAM,
        meterName: 'loyalnest-core',
        aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
      },
      // Each would be paid for, and the pool is measured by our own.
      {
        meterName: '@opentelemetry/instrumentation-pg',
        aggregation: { type: AggregationType.DROP },
      },
    ],
  });
  sdk.start();
  return () => sdk.shutdown();
}
