import { expect, test } from 'vitest';
import {
  contrastWithWhite,
  isColor,
  LEAST_CONTRAST,
  nearestReadable,
  tidyColor,
} from './contrast.rules.ts';

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

test.each([
  ['#ffffff', 1],
  ['#000000', 21],
  ['#ff0000', 3.998],
  ['#00ff00', 1.372],
  ['#0000ff', 8.592],
  ['#777777', 4.478],
  [' #767676 ', 4.542],
  ['#0a0a0a', 19.798],
  ['#0b0b0b', 19.683],
])('%s carries white text by WCAG’s %f', (color, contrast) => {
  expect(contrastWithWhite(color)).toBeCloseTo(contrast, 3);
  expect(LEAST_CONTRAST).toBe(4.5);
});

test.each([
  ['#ffd700', '#8c7500'],
  ['#ff0000', '#ed0804'],
  ['#00ff00', '#0c8a0a'],
  ['#ff69b4', '#cf3b8a'],
  ['#00bfff', '#007fab'],
  [' #FFA500 ', '#a56901'],
])('the nearest color to %s on which white can be read is %s', (color, nearest) => {
  expect(nearestReadable(color)).toBe(nearest);
});

test('a color has its sign and six digits, whatever is around it', () => {
  expect(
    ['#0f766e', ' #0F766E ', '#0f7', '0f766e', '#0f766g', '#0f766e0', 'x#0f766e', ''].map(isColor),
  ).toEqual([true, true, false, false, false, false, false, false]);
  expect([' Teal ', '#12', '#1234567', 'x0f766e', 'F'].map(tidyColor)).toEqual([
    'Teal',
    '#12',
    '#1234567',
    'x0f766e',
    'F',
  ]);
});
