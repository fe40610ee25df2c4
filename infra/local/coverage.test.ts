import { expect, it } from 'vitest';
import { rowsBelow, rowsOf } from './coverage.ts';

const of = (total: number, covered: number) => ({
  lines: { total, covered },
  branches: { total: total * 2, covered },
});
const rows = rowsOf(
  {
    total: of(1_000, 0),
    '/shop/core/tiers/a.ts': of(10, 10),
    '/shop/core/b.ts': of(30, 20),
    '/shop/app/c.server.ts': of(20, 19),
    '/shop/app/page.tsx': of(40, 0),
    '/shop/vite.config.ts': of(500, 0),
  },
  '/shop',
);
const named = (name: string) => rows.find((row) => row.name === name);

it('coverage is summed by package, in shares of its lines and branches', () => {
  expect(named('core')).toEqual({ name: 'core', lines: 75, branches: 37.5 });
  expect(named('app')?.lines).toBeCloseTo(31.67, 2);
  expect(named('proto')).toEqual({ name: 'proto', lines: 100, branches: 100 });
  expect(named('all')).toEqual({ name: 'all', lines: 49, branches: 24.5 });
});

it('the app’s server side is counted without the pages that run in the browser', () => {
  expect(named('app, server side')?.lines).toBe(95);
});

it('a share is asked of core and of the app’s server side, and what has less is named', () => {
  expect(rowsBelow(rows, 90)).toEqual(['core 75.0 %']);
  expect(rowsBelow(rows, 96)).toEqual(['core 75.0 %', 'app, server side 95.0 %']);
  expect(rowsBelow(rows, 75)).toEqual([]);
});
