import { randomBytes } from 'node:crypto';
import { SpanStatusCode, TraceFlags, context, propagation, trace } from '@opentelemetry/api';
import type { Context, Span, SpanOptions } from '@opentelemetry/api';
import { processName } from './process-name.server.ts';

/** Runs work in a span of its own; where nothing is traced that costs nothing worth naming. */
export function inSpan<Result>(
  name: string,
  work: (span: Span) => Promise<Result>,
  options: SpanOptions = {},
  parent: Context = context.active(),
): Promise<Result> {
  return tracer().startActiveSpan(name, options, parent, async (span) => {
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

/**
 * Runs a call that carries what several spans asked for. It belongs to the trace that it is made in, the first one's; the
 * spans of the others link to it.
 */
export function inSharedSpan<Result>(
  name: string,
  askedIn: readonly (Span | undefined)[],
  work: () => Promise<Result>,
): Promise<Result> {
  return inSpan(name, (shared) => {
    const own = shared.spanContext();
    for (const span of askedIn)
      if (span !== undefined && span.spanContext().traceId !== own.traceId)
        span.addLink({ context: own });
    return work();
  });
}

/** W3C trace context of what is under way; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return `00-${span.traceId}-${span.spanId}-01`;
}

/** The context of a trace that came with a job or an event; the current one where it names none. */
export function contextOf(traceparent: string | undefined): Context {
  if (traceparent === undefined || traceparent === '') return context.active();
  return propagation.extract(context.active(), { traceparent });
}

/** Runs what repeats every second and mostly finds nothing: neither it nor core's part becomes a trace. */
export function untraced<Result>(work: () => Result): Result {
  const unsampled = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.NONE,
  };
  return context.with(trace.setSpanContext(context.active(), unsampled), work);
}

function tracer() {
  return trace.getTracer(`loyalnest-${processName()}`);
}
