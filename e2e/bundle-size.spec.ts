import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dashboardRouteSizes } from './bundle-size.ts';

const LIMIT_BYTES = 200_000;

test('each dashboard page loads at most 200 kB of gzipped script', () => {
  const sizes = dashboardRouteSizes(join(import.meta.dirname, '..', 'build', 'client'));
  expect(sizes.length).toBeGreaterThanOrEqual(6);
  expect(sizes.filter(({ gzipBytes }) => gzipBytes > LIMIT_BYTES)).toEqual([]);
});
