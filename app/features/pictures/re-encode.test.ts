import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { formatOf, reEncode } from './re-encode.server.ts';

const drawn = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 4, background: '#0f766e' } });

describe('a picture that is uploaded', () => {
  test.each(['png', 'jpeg', 'webp'] as const)(
    'as %s is taken and stored as WebP',
    async (format) => {
      const file = await drawn().toFormat(format).toBuffer();
      expect(formatOf(file)).toBe(format);
      const result = await reEncode(file);
      if (!('picture' in result)) throw new Error(result.problem);
      expect(formatOf(result.picture)).toBe('webp');
      expect(await sharp(result.picture).metadata()).toMatchObject({ width: 40, height: 20 });
    },
  );

  test('loses what it carried beside the picture, and stands upright', async () => {
    const file = await drawn(1_200, 600)
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD0: { Artist: 'Ada' }, IFD3: { GPSLatitude: '52/1 31/1 0/1' } })
      .jpeg()
      .toBuffer();
    expect(file.includes('Ada')).toBe(true);
    const result = await reEncode(file);
    if (!('picture' in result)) throw new Error(result.problem);
    const shown = await sharp(result.picture).metadata();
    expect(shown).toMatchObject({ width: 400, height: 800 });
    expect(shown.exif).toBeUndefined();
    expect(result.picture.includes('Ada')).toBe(false);
  });

  test('of a format that can carry scripts, or of none, is refused whatever it is called', async () => {
    const files = [
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      '<?xml version="1.0"?><svg/>',
      'GIF89a\u0001\u0000\u0001\u0000',
      '%PDF-1.7',
      'BM\u0000\u0000',
      '<html>',
      '',
    ];
    for (const file of files)
      expect(await reEncode(Buffer.from(file, 'latin1'))).toEqual({ problem: 'picture_type' });
  });

  test('that only begins like one is refused', async () => {
    const png = await drawn().png().toBuffer();
    const half = png.subarray(0, png.length / 2);
    const dressed = Buffer.concat([png.subarray(0, 8), Buffer.from('<svg/>')]);
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<script>')]);
    for (const file of [half, dressed, jpeg])
      expect(await reEncode(file)).toEqual({ problem: 'picture_unreadable' });
  });

  test('that would fill the memory once it is decoded is refused before it is', async () => {
    const claimed = png(30_000, 30_000);
    expect(claimed.length).toBeLessThan(200);
    expect(await reEncode(claimed)).toEqual({ problem: 'picture_pixels' });
  });
});

/** A PNG that claims a size, with next to nothing in it. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
