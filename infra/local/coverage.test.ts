import { expect, it } from 'vitest';
import { rowsOf } from './coverage.ts';

it('coverage is summed by package, in shares of its lines and branches', () => {
  const of = (total: number, covered: number) => ({
    lines: { total, covered },
    branches: { total: total * 2, covered },
  });
  const rows = rowsOf(
    {
      total: of(1_000, 0),
      '/shop/core/tiers/a.ts': of(10, 10),
      '/shop/core/b.ts': of(30, 20),
      '/shop/app/c.ts': of(60, 0),
      '/shop/vite.config.ts': of(500, 0),
    },
    '/shop',
  );
  const named = (name: string) => rows.find((row) => row.name === name);
  expect(named('core')).toEqual({ name: 'core', lines: 75, branches: 37.5 });
  expect(named('app')).toEqual({ name: 'app', lines: 0, branches: 0 });
  expect(named('proto')).toEqual({ name: 'proto', lines: 100, branches: 100 });
  expect(named('all')).toEqual({ name: 'all', lines: 30, branches: 15 });
});
