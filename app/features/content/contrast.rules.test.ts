import { expect, test } from 'vitest';
import { contrastWithWhite, LEAST_CONTRAST, nearestReadable, tidyColor } from './contrast.rules.ts';

test('a color on which white text is readable is unchanged', () => {
  expect(nearestReadable('#0F766E')).toBe('#0f766e');
  expect(nearestReadable('#767676')).toBe('#767676');
});

test('any other color is replaced with the nearest darker one that passes', () => {
  for (let i = 0; i < 4_096; i += 7) {
    const digits = i.toString(16).padStart(3, '0');
    const color = `#${[...digits].map((digit) => digit + digit).join('')}`;
    const readable = contrastWithWhite(nearestReadable(color));
    expect(readable, color).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    if (contrastWithWhite(color) < LEAST_CONTRAST) expect(readable, color).toBeLessThan(4.75);
  }
});

test('the hue is kept: green stays green, gray stays gray', () => {
  expect(nearestReadable('#4caf50')).toBe('#1d8828');
  expect(nearestReadable('#ffffff')).toMatch(/^#(..)\1\1$/);
});

test('colors are accepted in every common notation', () => {
  expect(['#0F7', '0f766e', ' #0F766E ', 'teal'].map(tidyColor)).toEqual([
    '#00ff77',
    '#0f766e',
    '#0f766e',
    'teal',
  ]);
});
