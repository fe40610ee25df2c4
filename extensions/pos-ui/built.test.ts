// @vitest-environment happy-dom
import { setUpExtension } from '@shopify/ui-extensions-tester';
import { describe, expect, test, vi } from 'vitest';
import { appAddress, buildAsShopify, runBuilt } from '../testing/shopify-build.ts';
import { i18nOf } from '../testing/surface.ts';

const targets = ['pos.home.modal.render'] as const;

describe.each(targets)('the script of %s, built as Shopify builds it', (target) => {
  test.each<Record<string, string>>([{}, { APP_URL: '' }])(
    'is not built without the app’s address: %o',
    async (env) => {
      await expect(buildAsShopify(target, env)).rejects.toThrow(/APP_URL is not set/);
    },
  );

  test('runs without a process object, and calls the app at its address', async () => {
    const { outputFiles, warnings } = await buildAsShopify(target, { APP_URL: `${appAddress}/` });
    expect(warnings).toEqual([]);
    const code = outputFiles[0]?.text ?? '';
    expect(code).not.toMatch(/process\.env|\b\d+n\b|is not set/);

    using extension = setUpExtension(target);
    const asked: string[] = [];
    extension.fetch = (input: unknown) => {
      asked.push(String(input));
      return new Promise<Response>(() => undefined);
    };
    Object.assign(extension.shopify.i18n, i18nOf('pos-ui'));
    extension.shopify.session.getSessionToken = () => Promise.resolve('pos-token');
    extension.shopify.connectivity.current.value = { internetConnected: 'Connected' };
    extension.shopify.cart.current.value = {
      ...extension.shopify.cart.current.value,
      customer: { id: 7 },
    };
    runBuilt(code);
    await vi.waitFor(() => {
      expect(asked[0] ?? '').toMatch(new RegExp(`^${appAddress}/extension/`));
    }, 5_000);
  });
});
