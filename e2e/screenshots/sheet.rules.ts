/** A picture on a sheet, in the sheet's pixels. */
export interface Placed {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
}
export interface Size {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** WebP has no larger pictures. */
export const longestSide = 16_383;
export const labelHeight = 22;
const gap = 16;

/**
 * Puts pictures into columns, each below the shortest column so far, under its name. A picture is cut at `tallest`.
 * @param columns how many, each `width` wide
 */
export function layOut(
  pictures: readonly Size[],
  { columns, width, tallest }: { columns: number; width: number; tallest: number },
): Layout {
  const ends = Array.from({ length: columns }, () => gap);
  const placed = pictures.map((picture): Placed => {
    const column = ends.indexOf(Math.min(...ends));
    const y = (ends[column] ?? gap) + labelHeight;
    const height = Math.min(tallest, Math.round((picture.height * width) / picture.width));
    ends[column] = y + height + gap;
    return { name: picture.name, x: gap + column * (width + gap), y, width, height };
  });
  return {
    width: gap + columns * (width + gap),
    height: Math.min(longestSide, Math.max(...ends)),
    placed,
  };
}
