import type { Problem } from './problem.ts';

/** The response to a form that failed; the form keeps what was typed. */
export interface Refusal {
  readonly ok: false;
  readonly problem: Problem;
  /** Field to message key under `fields.`, for messages beside the fields. */
  readonly fields: Readonly<Record<string, string>>;
}
