/**
 * The shape of a log line, the same in web, worker and core: `time` (ISO 8601, UTC), `level` (10 trace to 60 fatal),
 * `process`, `msg`, and where they are known `requestId`, `traceId`, `merchantId`, `queryMilliseconds` and `err`. Messages
 * and payloads are never logged, only names, codes, our own ids and durations; the list below is the safety net.
 */
export function logLineOptions(process: string) {
  return {
    base: { process },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`]),
      censor: '[redacted]',
    },
    serializers: { err: describeError },
  };
}

const secretFields = [
  'authorization',
  'cookie',
  'email',
  'id_token',
  'hmac',
  'signature',
  'accessToken',
  'refreshToken',
];

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
