import { pictureId } from '../../proto/shared/picture.rules.ts';

/** Where all pictures of a shop lie: no one else's are found there. */
export const picturesOf = (merchantId: string): string => `pictures/${merchantId}/`;

export const pictureKey = (merchantId: string, id: string): string =>
  `${picturesOf(merchantId)}${id}.webp`;

/** The address below which a shop's pictures are public; `base` is the app's own, or empty for its own pages. */
export const picturesAddress = (merchantId: string, base = ''): string =>
  `${base.replace(/\/$/, '')}/${picturesOf(merchantId)}`;

/** Where a browser finds a picture: one that was uploaded, or an address as it stands. */
export function pictureSource(picture: string, address: string): string {
  const id = pictureId(picture);
  return id === undefined ? picture : `${address}${id}.webp`;
}

/** Twelve digits of the time in milliseconds, and twenty by chance. */
export function newPictureId(now: number, random: (digits: number) => string): string {
  return now.toString(16).padStart(12, '0') + random(20);
}

/** When a picture was uploaded, by its key; undefined for what is none. */
export function uploadedAt(
  key: string,
): { merchantId: string; id: string; at: number } | undefined {
  const [, merchantId, id] = /^pictures\/([0-9a-f-]{36})\/([0-9a-f]{32})\.webp$/.exec(key) ?? [];
  if (merchantId === undefined || id === undefined) return undefined;
  return { merchantId, id, at: Number.parseInt(id.slice(0, 12), 16) };
}
