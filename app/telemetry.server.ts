import { env } from './env.server.ts';
import { errorTags } from './error-context.server.ts';
import { onShutdown } from './lifecycle.server.ts';

/**
 * Starts tracing and error reporting, each only where it is configured: without an endpoint or a DSN the libraries are
 * not even loaded. Sampling, exporters and the like are the standard OTEL_* variables, which the SDK reads itself.
 */
export async function startTelemetry(
  serviceName: 'loyalnest-web' | 'loyalnest-worker',
): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, SENTRY_DSN, NODE_ENV } = env();
  if (OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) {
    const { NodeSDK } = await import('@opentelemetry/sdk-node');
    const sdk = new NodeSDK({ serviceName, logRecordProcessors: [], instrumentations: [] });
    sdk.start();
    onShutdown(() => sdk.shutdown());
  }
  if (SENTRY_DSN !== undefined) {
    const Sentry = await import('@sentry/remix');
    Sentry.init({
      dsn: SENTRY_DSN,
      environment: NODE_ENV,
      sendDefaultPii: false,
      skipOpenTelemetrySetup: OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
      // Addresses carry signatures and ids of people; a path is enough to find a fault.
      beforeSend: (event) => ({ ...event, request: {}, user: {} }),
      beforeBreadcrumb: () => null,
    });
    onShutdown(() => Sentry.close(2_000));
  }
}

/** Reports a bug that reached the edge, with whom the work was about; without a DSN it does nothing. */
export async function reportError(error: unknown): Promise<void> {
  if (env().SENTRY_DSN === undefined) return;
  // Read before anything is waited for.
  const tags = errorTags();
  const Sentry = await import('@sentry/remix');
  Sentry.captureException(error, { tags });
}
