import { randomBytes } from 'node:crypto';
import { pictureId, pictureNamed } from '../../proto/shared/picture.rules.ts';
import type { FileStore } from './file-store.ts';
import { files } from './files.server.ts';
import { newPictureId, pictureKey, picturesOf } from './pictures.ts';

/** More than any picture as it is stored: WebP of 800 by 800 pixels. */
const maxStoredBytes = 2 * 1024 * 1024;

const digits = (count: number) => randomBytes(count / 2).toString('hex');

/** Stores a picture of the shop. @returns how rewards and content name it */
export async function storePicture(merchantId: string, webp: Uint8Array): Promise<string> {
  const id = newPictureId(Date.now(), digits);
  await files().put(pictureKey(merchantId, id), webp);
  return pictureNamed(id);
}

/** The picture's bytes, from the shop's own files alone. */
export function readPicture(merchantId: string, id: string): Promise<Buffer | undefined> {
  return files().get(pictureKey(merchantId, id), maxStoredBytes);
}

/** Whether the shop has what is named so. An address of the web, and none, are nothing to be had. */
export async function hasPicture(merchantId: string, picture: string): Promise<boolean> {
  const id = pictureId(picture);
  return id === undefined || (await readPicture(merchantId, id)) !== undefined;
}

/** Deletes all pictures of a shop, e.g. when it is erased. Safe to repeat. */
export async function deletePictures(store: FileStore, merchantId: string): Promise<void> {
  for await (const key of store.list(picturesOf(merchantId))) await store.delete(key);
}
