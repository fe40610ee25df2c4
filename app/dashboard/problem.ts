import type { CoreErrorCode } from '../core-client/errors.server.ts';

/** Why something could not be shown or done: a code with texts in every language, and a reference to quote. */
export interface Problem {
  readonly code: CoreErrorCode;
  /** The offending field in core's spelling; may be empty. */
  readonly field: string;
  readonly requestId: string;
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'requestId' in value;
}
