import { pictureNamed } from '../../../proto/shared/picture.rules.ts';
import type { FileStore } from '../../files/file-store.ts';
import { pictureKey, uploadedAt } from '../../files/pictures.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

/** A form that is open may still be saved with what was uploaded for it. */
const unsavedForMs = 24 * 60 * 60_000;

/**
 * Deletes pictures that were replaced, removed or never saved, a day after they were uploaded at the earliest. Keys come
 * shop by shop, so that one list is held at a time.
 */
export async function deleteUnusedPictures(_: object, services: JobServices): Promise<void> {
  let deleted = 0;
  for await (const { merchantId, ids } of oldPictures(services.files, services.now())) {
    try {
      const { pictures } = await services.core(merchantId).frontend.listPictures({});
      const used = new Set(pictures);
      for (const id of ids.filter((one) => !used.has(pictureNamed(one)))) {
        await services.files.delete(pictureKey(merchantId, id));
        deleted += 1;
      }
    } catch (error) {
      // Another shop's pictures do not wait for this one's.
      log().error({ err: error, merchantId }, 'Pictures that nothing shows could not be deleted');
    }
  }
  log().info({ pictures: deleted }, 'Pictures that nothing shows were deleted');
}

async function* oldPictures(
  files: FileStore,
  now: number,
): AsyncGenerator<{ merchantId: string; ids: string[] }> {
  let of = { merchantId: '', ids: [] as string[] };
  for await (const key of files.list('pictures/')) {
    const picture = uploadedAt(key);
    if (picture === undefined || now - picture.at < unsavedForMs) continue;
    if (picture.merchantId !== of.merchantId) {
      if (of.ids.length > 0) yield of;
      of = { merchantId: picture.merchantId, ids: [] };
    }
    of.ids.push(picture.id);
  }
  if (of.ids.length > 0) yield of;
}
