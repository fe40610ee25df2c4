import { createRequire, register } from 'node:module';
import type { Span } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { loggablePath } from './access-log.server.ts';
import { processName } from './process-name.server.ts';

/**
 * Starts the SDK, which reads all else from the standard OTEL_* variables. Loaded only where there is somewhere to send
 * to, and before the drivers are. @returns what sends the rest and ends it
 */
export function startOpenTelemetry(): () => Promise<void> {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const serviceName = `loyalnest-${processName()}`;
  const sdk = new NodeSDK({
    serviceName,
    logRecordProcessors: [],
    instrumentations: [incoming(), outgoing(), queries(), commands()],
    views: [
      // Percentiles need buckets that fit; CloudWatch takes them of this kind.
      {
        instrumentType: InstrumentType.HISTOGRAM,
        meterName: serviceName,
        aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
      },
      // Those of the libraries name shops (`server.address`), and each would be paid for.
      ...['http', 'pg', 'undici'].map((library) => ({
        meterName: `@opentelemetry/instrumentation-${library}`,
        aggregation: { type: AggregationType.DROP } as const,
      })),
    ],
  });
  sdk.start();
  // The server's module is known to the process already; its hook runs when it is asked for again.
  createRequire(import.meta.url)('node:http');
  return () => sdk.shutdown();
}

/** Health checks every few seconds and files: no trace is about them. */
const notTraced = /^\/(?:health|healthz|assets|widget-assets)(?:\/|$|\?)/;

function incoming(): HttpInstrumentation {
  return new HttpInstrumentation({
    disableOutgoingRequestInstrumentation: true,
    ignoreIncomingRequestHook: ({ url = '' }) => notTraced.test(url),
    // As in the log: an address carries signatures and ids of people, and the one who asks is a person too.
    startIncomingSpanHook(request) {
      // A caller from outside decides neither what is traced nor under which id.
      for (const header of ['traceparent', 'tracestate', 'baggage']) delete request.headers[header];
      return {
        'url.path': loggablePath(request.url ?? '').split('?')[0],
        'url.query': undefined,
        'client.address': undefined,
        'network.peer.address': undefined,
        'network.peer.port': undefined,
        'user_agent.original': undefined,
      };
    },
    requestHook(span, request) {
      span.updateName(
        `${request.method ?? 'GET'} ${loggablePath('url' in request ? (request.url ?? '') : '').split('?')[0]}`,
      );
    },
  });
}

function outgoing(): UndiciInstrumentation {
  return new UndiciInstrumentation({
    requireParentforSpans: true,
    requestHook(span, { origin, path }) {
      withoutQuery(span, origin, path);
    },
  });
}

/** Queries hold signatures of files, and search terms. */
function withoutQuery(span: Span, origin: string, path: string): void {
  const bare = path.split('?')[0] ?? '';
  span.setAttributes({ 'url.full': `${origin}${bare}`, 'url.path': bare, 'url.query': '' });
}

function queries(): PgInstrumentation {
  return new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false });
}

function commands(): IORedisInstrumentation {
  // Values are cached views and jobs: the command's name says enough.
  return new IORedisInstrumentation({
    requireParentSpan: true,
    dbStatementSerializer: (command) => command,
  });
}
