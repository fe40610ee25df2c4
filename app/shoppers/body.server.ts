import type { z } from 'zod';
import { CoreError } from '../core-client/errors.server.ts';

/** Of what shoppers send, unless a route says otherwise. */
const maxBodyBytes = 4 * 1024;

export const notAllowed = (allow: string) =>
  new Response(null, { status: 405, headers: { allow } });

/** An empty body is an empty object. */
export async function bodyOf(request: Request, maxBytes = maxBodyBytes): Promise<unknown> {
  const text = await request.text();
  if (text.length > maxBytes)
    throw new CoreError('payload_too_large', { message: 'the body is too large' });
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}

export function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new CoreError('invalid_input', { field, message: 'the request is malformed' });
}
