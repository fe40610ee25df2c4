import { describeError } from '../proto/shared/log-line.ts';
import { env } from './env.server.ts';
import { onShutdown } from './lifecycle.server.ts';
import { log } from './log.server.ts';
import { countUnhandledError } from './metrics.server.ts';
import { nameProcess, processName } from './process-name.server.ts';
import type { ProcessName } from './process-name.server.ts';
import { currentWork, errorTags } from './work-context.server.ts';

/**
 * Starts tracing, metrics and error reporting, each only where it is configured: without an endpoint or a DSN the libraries
 * are not even loaded. Sampling, exporters and the like are the standard OTEL_* variables, which the SDK reads itself.
 */
export async function startTelemetry(name: ProcessName): Promise<void> {
  nameProcess(name);
  const { OTEL_EXPORTER_OTLP_ENDPOINT, SENTRY_DSN, NODE_ENV } = env();
  if (OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) {
    const { startOpenTelemetry } = await import('./open-telemetry.server.ts');
    onShutdown(startOpenTelemetry());
  }
  if (SENTRY_DSN !== undefined) {
    const Sentry = await import('@sentry/remix');
    Sentry.init({
      dsn: SENTRY_DSN,
      environment: NODE_ENV,
      sendDefaultPii: false,
      skipOpenTelemetrySetup: OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
      // Addresses carry signatures and ids of people; a path is enough to find a fault.
      beforeSend: (event, { originalException }) => ({
        ...event,
        exception: {
          values: (event.exception?.values ?? []).map(withoutValues(originalException)),
        },
        request: {},
        user: {},
      }),
      beforeBreadcrumb: () => null,
    });
    onShutdown(() => Sentry.close(2_000));
  }
}

/** PostgreSQL repeats in its messages the rows and values that it refused: its state says what happened. */
function withoutValues(error: unknown) {
  const { sqlState } = describeError(error);
  return <Value extends { value?: string }>(exception: Value): Value =>
    typeof sqlState === 'string' ? { ...exception, value: `SQL state ${sqlState}` } : exception;
}

/** Reports a bug that reached the edge, with whom the work was about; without a DSN it does nothing. */
export async function reportError(error: unknown): Promise<void> {
  if (env().SENTRY_DSN === undefined) return;
  // Read before anything is waited for.
  const tags = {
    process: processName(),
    ...errorTags(),
    ...(currentWork() && { request_id: currentWork()?.requestId }),
  };
  const Sentry = await import('@sentry/remix');
  Sentry.captureException(error, { tags });
}

/** An error that no request or job knows of: a bug in one of them, and no reason to end the process. */
export function unhandled(error: unknown): void {
  log().error({ err: error }, 'Unhandled rejection');
  countUnhandledError();
  void reportError(error);
}
