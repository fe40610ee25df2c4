/** What core asks of a color that carries white text: WCAG 2.2, 1.4.3, level AA. */
export const LEAST_CONTRAST = 4.5;

type Triple = readonly [number, number, number];

export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text.trim());

/** `#0F7`, `0f766e` and ` #0F766E ` as #rrggbb; as it was typed when it is no color. */
export function tidyColor(typed: string): string {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(typed.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return typed.trim();
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`;
}

function linearOf(color: string): Triple {
  const at = (start: number) => {
    const value = Number.parseInt(color.trim().slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
}

function colorOf(linear: Triple): string {
  const digits = linear.map((value) => {
    const encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
    const whole = Math.round(Math.min(1, Math.max(0, encoded)) * 255);
    return whole.toString(16).padStart(2, '0');
  });
  return `#${digits.join('')}`;
}

/** From 1 (white on white) to 21 (white on black). */
export function contrastWithWhite(color: string): number {
  const [red, green, blue] = linearOf(color);
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

/** OKLab: lightness, and two axes of color; what looks equally far is equally far in it. */
function labOf([red, green, blue]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linearOfLab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const STEP = 0.004;
const isShown = (linear: Triple) => linear.every((value) => value > -0.0005 && value < 1.0005);

/** The color itself when white text on it can be read; else the nearest darker one of its hue on which it can. */
export function nearestReadable(color: string): string {
  if (contrastWithWhite(color) >= LEAST_CONTRAST) return color.trim().toLowerCase();
  const [lightness, a, b] = labOf(linearOf(color));
  for (let light = lightness; light > 0; light -= STEP) {
    // A darker color of the same strength may be one that no screen shows: it pales until one does.
    for (let strength = 1; strength >= 0; strength -= 0.02) {
      const linear = linearOfLab([light, a * strength, b * strength]);
      if (!isShown(linear)) continue;
      const darker = colorOf(linear);
      if (contrastWithWhite(darker) >= LEAST_CONTRAST) return darker;
      break;
    }
  }
  return '#000000';
}
