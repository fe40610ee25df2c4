import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildStorefront } from './testing/storefront-build.ts';
import { themeFolder } from './testing/render-block.ts';

// After a change of extensions/storefront: vitest run --project unit extensions/storefront.test.ts -u
test('the theme extension ships what is built from its sources', async () => {
  const built = await buildStorefront();
  expect(built.size).toBeGreaterThanOrEqual(11);
  for (const [path, text] of built)
    await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(path, themeFolder)));
});
