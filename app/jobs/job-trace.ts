import { currentTraceparent } from '../spans.server.ts';

/**
 * Beside a job's own data, and no part of what it is known by: jobs are told apart by their options. A job's schema drops
 * it, so handlers never see it.
 */
const field = 'traceparent';

/** A job's data with the trace that it continues; unchanged where nothing is traced. */
export function withTrace(data: unknown, traceparent = currentTraceparent()): unknown {
  if (traceparent === undefined || typeof data !== 'object') return data;
  return { ...data, [field]: traceparent };
}

export function traceOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !(field in data)) return undefined;
  return typeof data.traceparent === 'string' ? data.traceparent : undefined;
}
