import { expect, test } from 'vitest';
import { qrCodeOf } from './qr-path.server.ts';

test('a QR code has its three corner marks inside a quiet zone', () => {
  const { size, path } = qrCodeOf('otpauth://totp/LoyalNest:ada?secret=MZXW6&issuer=LoyalNest');
  const isDark = (x: number, y: number) => path.includes(`M${x} ${y}h1v1h-1z`);
  const corners = [
    [4, 4],
    [size - 11, 4],
    [4, size - 11],
  ] as const;
  for (const [x, y] of corners) {
    for (let step = 0; step < 7; step++) {
      expect(isDark(x + step, y) && isDark(x, y + step)).toBe(true);
    }
    expect(isDark(x + 1, y + 1)).toBe(false);
    expect(isDark(x + 3, y + 3)).toBe(true);
  }
  for (let at = 0; at < size; at++) expect(isDark(at, 3) || isDark(3, at)).toBe(false);
});
