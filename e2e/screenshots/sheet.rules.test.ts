import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelHeight, layOut, longestSide } from './sheet.rules.ts';

const columns = { columns: 2, width: 100, tallest: 300 };
const size = (name: string, width: number, height: number) => ({ name, width, height });

it('a sheet has every picture under its name, in the order of reading', () => {
  const { placed, width, height } = layOut(
    [size('a', 200, 100), size('b', 200, 400), size('c', 200, 100)],
    columns,
  );
  expect(placed.map(({ name, x, y }) => [name, x, y])).toEqual([
    ['a', 16, 38],
    ['b', 132, 38],
    ['c', 16, 126],
  ]);
  expect({ width, height }).toEqual({ width: 248, height: 254 });
});

it('no picture covers another or its name, and none is taller than a sheet allows', () => {
  const sizes = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 4_000 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(sizes, (all) => {
      const { placed, height } = layOut(
        all.map(([width, tall], index) => size(String(index), width, tall)),
        columns,
      );
      expect(height).toBeLessThanOrEqual(longestSide);
      for (const one of placed) {
        expect(one.height).toBeLessThanOrEqual(300);
        for (const other of placed)
          if (one !== other && one.x === other.x && other.y > one.y)
            expect(other.y - labelHeight).toBeGreaterThanOrEqual(one.y + one.height);
      }
    }),
  );
});
