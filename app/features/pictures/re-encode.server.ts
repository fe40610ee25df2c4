import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import type Sharp from 'sharp';
import { CoreError } from '../../core-client/errors.server.ts';
import type { PictureProblem } from './limits.ts';
import { MAX_PIXELS, MAX_SIDE } from './limits.ts';

let loaded: Promise<typeof Sharp> | undefined;

/** Loaded by the first picture: most web processes never see one, and none needs it to start. */
function library(): Promise<typeof Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    // Of the formats that it reads, the three that are offered: no SVG, which can carry scripts, no PDF, no TIFF.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({
      operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'],
    });
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loaded;
}

/** A decoded picture takes up to 100 MB for a moment: one at a time, and few may wait. */
const turns = bulkhead(1, 8);
const seconds = 10;

/** The first bytes of a format, with gaps for what may be anything. */
const signatures = [
  { format: 'png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { format: 'jpeg', bytes: [0xff, 0xd8, 0xff] },
  {
    format: 'webp',
    bytes: [...Buffer.from('RIFF'), null, null, null, null, ...Buffer.from('WEBP')],
  },
] as const;

/** What a file is by its content; its name and type say nothing. */
export function formatOf(content: Uint8Array): 'png' | 'jpeg' | 'webp' | undefined {
  return signatures.find(({ bytes }) =>
    bytes.every((byte, place) => byte === null || content[place] === byte),
  )?.format;
}

/**
 * The picture as WebP, at most {@link MAX_SIDE} on a side, turned as its camera says and without what else it carried:
 * place, names, color profile, further frames.
 * @throws CoreError rate_limited when too many are waiting
 */
export async function reEncode(
  content: Uint8Array,
): Promise<{ picture: Buffer } | { problem: PictureProblem }> {
  const format = formatOf(content);
  if (format === undefined) return { problem: 'picture_type' };
  const sharp = await library();
  try {
    return await turns.execute(async () => {
      const image = sharp(content, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 });
      const { width, height, format: read } = await image.metadata();
      if (read !== format) return { problem: 'picture_unreadable' as const };
      if (width * height > MAX_PIXELS) return { problem: 'picture_pixels' as const };
      const picture = await image
        .timeout({ seconds })
        .autoOrient()
        .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 82, effort: 4 })
        .toBuffer();
      return { picture };
    });
  } catch (error) {
    if (isBulkheadRejectedError(error))
      throw new CoreError('rate_limited', { message: 'too many pictures at once' });
    if (error instanceof Error && /pixel limit/i.test(error.message))
      return { problem: 'picture_pixels' };
    return { problem: 'picture_unreadable' };
  }
}
