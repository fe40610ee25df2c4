import { pino } from 'pino';
import type { Logger } from 'pino';
import { logLineOptions } from '../proto/shared/log-line.ts';
import { env } from './env.server.ts';
import { processName } from './process-name.server.ts';
import { workFields } from './work-context.server.ts';

let root: Logger | undefined;

/** The process's log: JSON lines, each with the request or job it was written in. Callers log ids and codes, never payloads. */
export function log(): Logger {
  root ??= pino({
    ...logLineOptions(processName()),
    level: env().LOG_LEVEL,
    mixin: () => workFields(),
  });
  return root;
}
