import type { z } from 'zod';
import { parseRequest } from '../call/validation.ts';
import { DomainError } from '../shared/errors.ts';

/** What a request is refused with; undefined where it is taken. */
export function refusalOf(
  schema: z.ZodType,
  request: unknown,
): { readonly field: string; readonly message: string } | undefined {
  try {
    parseRequest(schema, request);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return { field: error.field, message: error.message };
    throw error;
  }
}

/** A copy of a message with one field of it changed, named as in a refusal: `order.lines[0].line_id`. */
export function withField<Message>(message: Message, field: string, value: unknown): Message {
  const copy = structuredClone(message);
  const names = field
    .split(/[.[\]]+/)
    .filter((name) => name !== '')
    .map((name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  const last = names.pop() ?? '';
  let part = copy as Record<string, unknown>;
  for (const name of names) part = part[name] as Record<string, unknown>;
  if (!(last in part)) throw new Error(`the message has no field ${field}`);
  part[last] = value;
  return copy;
}

/** A text of so many letters. */
export const letters = (length: number): string => 'x'.repeat(length);
