import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type * as Checkout from '#app/features/storefront/extension-contract.ts';
import type * as Storefront from '#app/features/storefront/widget-contract.ts';
import { bundleSurface, surfaceModules } from '#infra/local/bundle-surfaces.ts';
import type * as Surface from './shared/contract.ts';
import { buildAsShopify } from './testing/shopify-build.ts';

const folder = (...parts: string[]) => path.resolve('extensions', ...parts);
const extensions = ['checkout-ui', 'customer-account-ui', 'pos-ui'];
const modules = surfaceModules();

/** Does not compile if the app's answers or requests differ from what extensions use. */
export interface Agreement {
  readonly read: (
    widget: Storefront.Widget,
    history: Storefront.History,
    redemption: Storefront.Redemption,
    checkout: Checkout.CheckoutPoints,
    pos: Checkout.PosMember,
  ) => [
    Surface.Widget,
    Surface.History,
    Surface.Redemption,
    Surface.CheckoutPoints,
    Surface.PosMember,
  ];
  readonly sent: (
    goods: Surface.CheckoutGoods,
    redeem: Surface.RedeemRequest,
  ) => [Checkout.CheckoutGoods, Storefront.RedeemRequest];
}
export const agreement: Agreement = {
  read: (widget, history, redemption, checkout, pos) => [
    widget,
    history,
    redemption,
    checkout,
    pos,
  ],
  sent: (goods, redeem) => [goods, redeem],
};

describe('what Shopify accepts', () => {
  test('every extension has its targets, and every target an existing module', () => {
    expect(modules.map(({ extension, target }) => `${extension} ${target}`)).toEqual([
      'checkout-ui purchase.checkout.block.render',
      'checkout-ui purchase.thank-you.block.render',
      'customer-account-ui customer-account.order-index.block.render',
      'customer-account-ui customer-account.profile.block.render',
      'customer-account-ui customer-account.order-status.block.render',
      'customer-account-ui customer-account.page.render',
      'pos-ui pos.home.tile.render',
      'pos-ui pos.home.modal.render',
    ]);
  });

  test('identifiers and handles are unique', () => {
    const tomls = readdirSync(folder(), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('shopify.extension.toml'))
      .map((name) => readFileSync(folder(name), 'utf8'))
      .join('\n');
    for (const field of ['uid', 'handle']) {
      const values = [...tomls.matchAll(new RegExp(`^${field} = "([^"]+)"`, 'gm'))].map(
        ([, value]) => value,
      );
      expect(new Set(values).size).toBe(values.length);
      expect(values.length).toBe(5);
    }
  });

  test.each(modules)(
    '$target is a script of at most 64 kB, compressed, that calls only the app',
    async ({ file }) => {
      const code = await bundleSurface(file, 'https://app.example.test');
      expect(gzipSync(code).length).toBeLessThan(64 * 1024);
      expect(code).not.toMatch(/process\.env|\bfrom\s*["']/);
      const hosts = new Set([...code.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host));
      hosts.delete('www.w3.org');
      expect([...hosts].filter((host) => host !== 'app.example.test')).toEqual([]);
    },
  );
});

describe('the app’s address', () => {
  test('our own build fails without it, as Shopify’s does', async () => {
    await expect(bundleSurface(modules[0]?.file ?? '', '')).rejects.toThrow(/APP_URL is not set/);
  });

  test('.env.example has it', () => {
    expect(readFileSync('.env.example', 'utf8')).toMatch(/^APP_URL=https?:\/\/\S+$/m);
  });

  test('a script that needs no app is built without it', async () => {
    const { outputFiles } = await buildAsShopify('pos.home.tile.render', {});
    expect(outputFiles[0]?.text).not.toContain('process.env');
  });
});

describe('languages', () => {
  type Words = { readonly [key: string]: string | Words };
  const flat = (words: Words, under = ''): Map<string, string> =>
    new Map(
      Object.entries(words).flatMap(([key, value]) =>
        typeof value === 'string'
          ? [[`${under}${key}`, value] as const]
          : [...flat(value, `${under}${key}.`)],
      ),
    );
  const wordsOf = (extension: string, file: string) =>
    flat(JSON.parse(readFileSync(folder(extension, 'locales', file), 'utf8')) as Words);
  const placeholders = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(String).sort();

  test.each(extensions)('%s has all its words in English, Spanish and French', (extension) => {
    const english = wordsOf(extension, 'en.default.json');
    expect(readdirSync(folder(extension, 'locales')).sort()).toEqual([
      'en.default.json',
      'es.json',
      'fr.json',
    ]);
    for (const language of ['es', 'fr']) {
      const own = wordsOf(extension, `${language}.json`);
      expect([...own.keys()]).toEqual([...english.keys()]);
      for (const [key, text] of own) {
        expect(text.trim(), key).not.toBe('');
        expect(placeholders(text), key).toEqual(placeholders(english.get(key)));
      }
    }
  });

  test.each(extensions)('%s has no unused text', (extension) => {
    const sources = [extension, 'shared']
      .flatMap((name) =>
        readdirSync(folder(name), { recursive: true, encoding: 'utf8' })
          .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
          .map((file) => readFileSync(folder(name, file), 'utf8')),
      )
      .concat(readFileSync(folder(extension, 'shopify.extension.toml'), 'utf8'))
      .join('\n');
    const isSaid = (key: string) =>
      new RegExp(`['":\`]${key.replaceAll('.', '\\.')}['"\`]`).test(sources) ||
      // The last part is dynamic: `failure.${code}`.
      sources.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`);
    const unsaid = [...wordsOf(extension, 'en.default.json').keys()].filter((key) => !isSaid(key));
    expect(unsaid).toEqual([]);
  });
});
