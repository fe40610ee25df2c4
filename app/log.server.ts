import { pino } from 'pino';
import type { Logger } from 'pino';
import { env } from './env.server.ts';

let root: Logger | undefined;

/** The process's log: JSON lines. Callers log ids and codes, never payloads; the list below is the safety net. */
export function log(): Logger {
  root ??= pino({
    level: env().LOG_LEVEL,
    base: null,
    redact: {
      paths: [
        'authorization',
        'cookie',
        'email',
        'id_token',
        'hmac',
        'signature',
        'accessToken',
        'refreshToken',
        '*.authorization',
        '*.email',
        '*.accessToken',
        '*.refreshToken',
      ],
      censor: '[redacted]',
    },
    serializers: { err: describeError },
  });
  return root;
}

/** What an operator needs of an error. Details that drivers attach (rows, parameters) stay out: they can name people. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name, message, ...code, stack };
}
