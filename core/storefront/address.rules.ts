import { isPicture } from '../../proto/shared/picture.rules.ts';

/** An https address or a path of the shop: what a shopper may be led to, or shown a picture from; empty for all else. */
export function addressOf(value: unknown): string {
  const address = typeof value === 'string' ? value.trim() : '';
  if (/^\/(?![/\\])/.test(address)) return address;
  return /^https:\/\/[^\s"'<>\\]+$/i.test(address) ? address : '';
}

/** A picture that the shop uploaded, or where one is on the web; empty for all else. */
export function pictureOf(value: unknown): string {
  return typeof value === 'string' && isPicture(value.trim()) ? value.trim() : addressOf(value);
}
