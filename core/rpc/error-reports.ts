import { describeError } from '../../proto/shared/log-line.ts';
import type { CallScope } from '../database/call-scope.ts';
import type { CoreEnv } from '../env.ts';

export interface ErrorReports {
  /** Reports a bug, with whom the call was about by our own ids. Never fails, and nothing waits for it. */
  report(error: unknown, about?: Partial<CallScope> & { readonly method?: string }): void;
  /** Sends what has not left yet. */
  flush(): Promise<void>;
}

const off: ErrorReports = { report: () => undefined, flush: () => Promise.resolve() };

/** Error reports to Sentry; without a DSN the library is not even loaded. */
export async function createErrorReports(
  env: Pick<CoreEnv, 'SENTRY_DSN' | 'NODE_ENV'>,
): Promise<ErrorReports> {
  if (env.SENTRY_DSN === undefined) return off;
  const Sentry = await import('@sentry/node');
  Sentry.init({
    dsn: env.SENTRY_DSN,
    environment: env.NODE_ENV,
    // Of the library only the reports: it neither listens nor traces.
    defaultIntegrations: false,
    skipOpenTelemetrySetup: true,
    sendDefaultPii: false,
    beforeSend: (event, { originalException }) => ({
      ...event,
      exception: { values: (event.exception?.values ?? []).map(withoutValues(originalException)) },
      request: {},
      user: {},
    }),
    beforeBreadcrumb: () => null,
  });
  return {
    report(error, { merchantId, customerId, method, requestId } = {}) {
      const tags = {
        process: 'core',
        ...(merchantId !== undefined && { merchant_id: merchantId }),
        ...(customerId !== undefined && { customer_id: customerId }),
        ...(method !== undefined && { method }),
        ...(requestId !== undefined && { request_id: requestId }),
      };
      Sentry.captureException(error, { tags });
    },
    async flush() {
      await Sentry.close(2_000);
    },
  };
}

/** PostgreSQL repeats in its messages the rows and values that it refused: its state says what happened. */
function withoutValues(error: unknown) {
  const { sqlState, table, constraint } = describeError(error);
  const named = [sqlState, table, constraint].filter((name) => typeof name === 'string');
  return <Value extends { value?: string }>(exception: Value): Value =>
    sqlState === undefined ? exception : { ...exception, value: `SQL state ${named.join(' ')}` };
}
