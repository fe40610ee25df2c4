import { readPicture } from '../../files/pictures.server.ts';
import { log } from '../../log.server.ts';

const missing = (status: number) =>
  new Response(null, { status, headers: { 'cache-control': 'no-store' } });

/**
 * A picture as shoppers see it: public, since every visitor of the shop's pages does, at an address that cannot be
 * guessed and whose content never changes. Caches may keep it for good.
 */
export async function answerPicture(path: string): Promise<Response> {
  const [, merchantId, id] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([0-9a-f]{32})\.webp$/.exec(path) ?? [];
  if (merchantId === undefined || id === undefined) return missing(404);
  try {
    const picture = await readPicture(merchantId, id);
    if (picture === undefined) return missing(404);
    return new Response(new Uint8Array(picture), {
      headers: {
        'content-type': 'image/webp',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
      },
    });
  } catch (error) {
    log().warn({ err: error }, 'A picture could not be read');
    return missing(503);
  }
}
