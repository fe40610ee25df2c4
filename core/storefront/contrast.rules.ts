/** Text on a shop's colors is white; WCAG 2.2 asks for this contrast (1.4.3, level AA). */
export const LEAST_CONTRAST = 4.5;

/** Relative luminance of #rrggbb, as WCAG 2.2 defines it. */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (white on white) to 21 (white on black). */
export function contrastWithWhite(color: string): number {
  return 1.05 / (luminanceOf(color) + 0.05);
}
