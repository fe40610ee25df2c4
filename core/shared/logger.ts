import { pino } from 'pino';
import type { Logger } from 'pino';
import type { CoreEnv } from '../env.ts';

export type { Logger };

/**
 * Messages are never logged, only names of methods, codes, ids of requests and durations: names,
 * addresses and purchases of members never reach a log line.
 */
export function createLogger(env: Pick<CoreEnv, 'LOG_LEVEL'>): Logger {
  return pino({
    level: env.LOG_LEVEL,
    base: { service: 'core' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
  });
}

/**
 * An error without the values it may carry: PostgreSQL puts rows into `detail`, `where` and even `message`
 * (a failing row, a malformed value), so of its errors only the names of things are kept.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const pick = (name: string) => {
    const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const sqlState = /^[0-9A-Z]{5}$/.exec(pick('code') ?? '')?.[0];
  return {
    type: error.name,
    ...(sqlState === undefined ? { message: error.message, code: pick('code') } : { sqlState }),
    table: pick('table'),
    constraint: pick('constraint'),
    column: pick('column'),
    routine: pick('routine'),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** The stack without its first lines, which repeat the message. */
function framesOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}
