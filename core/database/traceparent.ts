import { TraceFlags, trace } from '@opentelemetry/api';

/**
 * Makes the current trace known to the transaction that begins: the events that it writes name it, so that the one who
 * carries them out continues it (`outbox_events.traceparent`). Empty where nothing is traced.
 */
export function traceparentSetting(): string {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return '';
  const traceparent = `00-${span.traceId}-${span.spanId}-01`;
  // It becomes part of a statement.
  if (!/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(traceparent)) return '';
  return `; SELECT set_config('app.traceparent', '${traceparent}', true)`;
}
