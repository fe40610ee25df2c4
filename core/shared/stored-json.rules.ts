/**
 * Readers of what jsonb columns hold: written by earlier and later releases as well as by this one, so that whatever is
 * missing or malformed reads as nothing, and never fails.
 */

export type Json = Readonly<Record<string, unknown>>;

export const jsonObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** A positive safe integer; 0 for anything else. */
export const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
