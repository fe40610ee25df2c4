import { encode } from 'uqr';

export interface QrCode {
  /** Modules along one side, the quiet border of four included. */
  readonly size: number;
  /** One SVG path over the dark modules, a unit each. */
  readonly path: string;
}

/** Drawn as a path, since the console's policy allows no picture and no style but its own files. */
export function qrCodeOf(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'M', border: 4 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return { size, path };
}
