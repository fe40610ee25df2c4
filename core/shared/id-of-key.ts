import { createHash } from 'node:crypto';

/** The id of what a caller makes by a key of its own: the same key is the same thing, however often it is sent. */
export function idOfKey(merchantId: string, key: string): string {
  const hex = createHash('sha256').update(`${merchantId}/${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
