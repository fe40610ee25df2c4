import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dashboardRouteSizes } from './bundle-size.ts';

const LIMIT_BYTES = 170_000;

test('each dashboard page loads at most 170 kB of gzipped script', () => {
  const sizes = dashboardRouteSizes(join(import.meta.dirname, '..', 'build', 'client'));
  expect(sizes.length).toBeGreaterThanOrEqual(6);
  expect(sizes.filter(({ gzipBytes }) => gzipBytes > LIMIT_BYTES)).toEqual([]);
});
