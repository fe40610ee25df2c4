import type { FieldMessage } from '../../dashboard/problem-text.ts';

export const MAX_BYTES = 2 * 1024 * 1024;
/** Of a decoded picture: a telephone's 24 megapixels. */
export const MAX_PIXELS = 25_000_000;
/** Shown at up to 400 pixels, on screens with two for one. */
export const MAX_SIDE = 800;

/** Why a file is not taken; each has its words under `fields.`. */
export type PictureProblem = Extract<
  FieldMessage,
  'picture_type' | 'picture_size' | 'picture_pixels' | 'picture_unreadable'
>;
