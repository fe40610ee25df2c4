import type { FieldMessage } from './problem-text.ts';
import type { Refusal } from './refusal.ts';

/** As the server counts it (app/features/pictures/limits.ts). */
export const MAX_PICTURE_BYTES = 2 * 1024 * 1024;
export const PICTURE_TYPES = 'image/png,image/jpeg,image/webp';

export type UploadAnswer =
  | { readonly picture: string }
  /** About the file: words under `fields.`. */
  | { readonly refused: FieldMessage }
  /** About the connection or the server: to be tried again. */
  | { readonly failed: true };

/**
 * Sends a file to the app. Never throws: a connection that breaks is an answer, too.
 * @param send at the time of the call, since App Bridge's own `fetch` adds the session token
 */
export async function uploadPicture(file: File, send: typeof fetch): Promise<UploadAnswer> {
  if (file.size > MAX_PICTURE_BYTES) return { refused: 'picture_size' };
  const body = new FormData();
  body.set('picture', file);
  try {
    const response = await send('/app/pictures', { method: 'POST', body });
    if (response.status === 413) return { refused: 'picture_size' };
    if (!(response.headers.get('content-type') ?? '').startsWith('application/json'))
      return { failed: true };
    const answer = (await response.json()) as { ok: true; picture: string } | Refusal;
    if (answer.ok) return { picture: answer.picture };
    const refused = answer.fields['picture'];
    return refused === undefined ? { failed: true } : { refused: refused as FieldMessage };
  } catch {
    return { failed: true };
  }
}
