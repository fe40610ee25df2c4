import { pino } from 'pino';
import type { Logger } from 'pino';
import { logLineOptions } from '../../proto/shared/log-line.ts';
import { callScope, scopeFields } from '../database/call-scope.ts';
import type { CoreEnv } from '../env.ts';

export type { Logger };

/** The process's log: JSON lines, each with the call it was written in. */
export function createLogger(env: Pick<CoreEnv, 'LOG_LEVEL'>): Logger {
  return pino({
    ...logLineOptions('core'),
    level: env.LOG_LEVEL,
    mixin: () => scopeFields(callScope()),
  });
}
