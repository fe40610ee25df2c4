import { gzipSync } from 'node:zlib';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { themeCheckRun } from '@shopify/theme-check-node';
import { describe, expect, test } from 'vitest';
import { flat, readTheme, renderBlock, themeFolder, words } from './testing/render-block.ts';
import type { BlockContext } from './testing/render-block.ts';

const files = (folder: string) => readdirSync(new URL(folder, themeFolder)).sort();
const gzipped = (...texts: string[]) =>
  texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);

/** What a shopper reads: tags, style and the script's data left out. */
const readable = (html: string) =>
  html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[^\S\u202f]+/g, ' ')
    .trim();

const block = (context: BlockContext) => readable(renderBlock('points-balance', context));
const launcher = (context: BlockContext) => renderBlock('loyalnest-embed', context);
const stars = {
  default_language: 'en',
  points_name: { en: { one: 'Star', other: 'Stars' }, es: { one: 'Estrella', other: 'Estrellas' } },
};

describe('what Shopify checks', () => {
  test('theme check has nothing to say', async () => {
    const root = fileURLToPath(themeFolder);
    const { offenses } = await themeCheckRun(root, `${root}.theme-check.yml`, () => undefined);
    expect(offenses.map(({ check, uri, message }) => `${check} ${uri}: ${message}`)).toEqual([]);
  });

  test('only kinds of files that Shopify takes are shipped', () => {
    expect(files('assets').filter((name) => !/\.(js|css|svg)$/.test(name))).toEqual([]);
    expect(files('.').filter((name) => !name.startsWith('.'))).toEqual([
      'assets',
      'blocks',
      'locales',
      'shopify.extension.toml',
      'snippets',
    ]);
  });
});

describe('what a page has to load', () => {
  const style = readTheme('snippets/loyalnest-style.liquid').replace(/{%-[\s\S]*?-%}/, '');
  const assets = files('assets').map((name) => readTheme(`assets/${name}`));

  test('the first load is at most 5 kB gzipped, style included', () => {
    expect(gzipped(readTheme('assets/loyalnest.js'), style)).toBeLessThanOrEqual(5_000);
  });

  test('all script and style together are at most 12 kB gzipped', () => {
    expect(gzipped(...assets, style)).toBeLessThanOrEqual(12_000);
  });

  test('no script exceeds 10,000 bytes as it is', () => {
    const sizes = files('assets')
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ name, bytes: Buffer.byteLength(readTheme(`assets/${name}`)) }));
    expect(sizes.filter(({ bytes }) => bytes > 10_000)).toEqual([]);
  });

  test('blocks ask for the small script alone; the panel comes on intent', () => {
    for (const name of files('blocks')) {
      expect(readTheme(`blocks/${name}`)).toContain('"javascript": "loyalnest.js"');
      expect(readTheme(`blocks/${name}`)).not.toContain('"stylesheet"');
    }
  });
});

describe('languages', () => {
  const catalogs = { en: words('en'), es: words('es'), fr: words('fr') };
  const editor = (file: string) => flat(JSON.parse(readTheme(`locales/${file}`)) as object);
  const blanks = (text: string) => (text.match(/\[\w+\]|{{ \w+ }}/g) ?? []).sort();

  test.each(['es', 'fr'] as const)(
    '%s says all that English says, with the same blanks',
    (language) => {
      expect(Object.keys(catalogs[language])).toEqual(Object.keys(catalogs.en));
      for (const [key, text] of Object.entries(catalogs.en)) {
        expect(blanks(catalogs[language][key] ?? ''), key).toEqual(blanks(text));
      }
    },
  );

  test.each(['es', 'fr'])('the theme editor speaks %s as fully as English', (language) => {
    const english = editor('en.default.schema.json');
    expect(Object.keys(editor(`${language}.schema.json`))).toEqual(Object.keys(english));
  });

  test('every word handed to the script is used by it, and the other way round', () => {
    const html = launcher({ shopper: null });
    const data = JSON.parse(/<script[^>]*>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '') as {
      words: Record<string, string>;
    };
    const script = files('assets')
      .map((name) => readTheme(`assets/${name}`))
      .join('\n');
    const asked = new Set(
      [...script.matchAll(/(?:word|button|p)\((?:word\()?([^)]*)/g)].flatMap(([, argument = '']) =>
        [...argument.matchAll(/'([a-z_]+)'/g)].map(([, key]) => key),
      ),
    );
    // Chosen at run time: the views, the ways to earn, the troubles.
    const chosen = ['home', 'earn', 'history', 'purchase', 'signup', 'error', 'offline', 'retry'];
    for (const key of Object.keys(data.words)) {
      expect(chosen.includes(key) || asked.has(key), `${key} is never used`).toBe(true);
    }
    for (const key of chosen) expect(data.words).toHaveProperty(key);
    for (const [, key = ''] of script.matchAll(/word\('(\w+)'/g)) {
      expect(data.words).toHaveProperty(key);
    }
  });
});

describe('painted without script', () => {
  test('a member sees the balance and a way to their history', () => {
    expect(block({ shopper: { balance: 120 } })).toBe(
      'Your balance 120 points Ready to use See history',
    );
  });

  test('a guest is invited to join or sign in, and sees no balance', () => {
    const html = renderBlock('points-balance', { shopper: null });
    expect(readable(html)).toBe(
      'Collect points with every order ' +
        'Create an account or sign in, and your points are counted for you. Create account Sign in',
    );
    expect(html).toContain('href="/account/login"');
    expect(html).toContain('href="/account/register"');
    expect(html).not.toContain('data-amount aria-live');
  });

  test('a page in Spanish is Spanish', () => {
    expect(block({ shopper: { balance: 12_500 }, locale: 'es' })).toBe(
      'Tu saldo 12.500 puntos Disponible para usar Ver historial',
    );
    expect(launcher({ shopper: { balance: 1 }, locale: 'es' })).toContain(
      'aria-label="Ver saldo de puntos: 1 punto"',
    );
  });

  test('points are called what the shop calls them, in the language of the page if it can', () => {
    expect(block({ shopper: { balance: 1 }, settings: stars })).toContain('1 Star ');
    expect(block({ shopper: { balance: 2 }, settings: stars, locale: 'es' })).toContain(
      '2 Estrellas ',
    );
    expect(block({ shopper: { balance: 2 }, settings: stars, locale: 'fr' })).toContain('2 Stars ');
    expect(block({ shopper: null, settings: stars })).toContain('Collect Stars with every order');
  });

  test('a member whose balance Shopify does not hold yet sees zero', () => {
    expect(block({ shopper: {} })).toContain('0 points Your next order adds to it');
  });

  test('a balance below zero is shown as it is', () => {
    expect(block({ shopper: { balance: -1500 } })).toContain('-1,500 points');
  });

  test('the full spelling of the reserved namespace works too', () => {
    const namespace = 'app--123456--loyalnest';
    const shopper = { balance: 77 };
    expect(block({ shopper, namespace, settings: { ...stars, namespace } })).toContain('77 Stars');
  });

  test('a paused programme paints nothing', () => {
    const context = { shopper: { balance: 120 }, settings: { ...stars, program_active: false } };
    expect(block(context)).toBe('');
    expect(readable(launcher(context))).toBe('');
  });

  test("a shop's name for its points cannot bring markup along", () => {
    const points_name = { en: { one: '<img src=x>', other: '<img src=x>' } };
    for (const name of ['points-balance', 'loyalnest-embed']) {
      expect(
        renderBlock(name, { shopper: { balance: 5 }, settings: { points_name } }),
      ).not.toContain('<img');
      expect(renderBlock(name, { shopper: null, settings: { points_name } })).not.toContain('<img');
    }
  });

  test('an apostrophe in the name for points is read as one', () => {
    const points_name = { en: { one: "baker's crumb", other: "baker's crumbs" } };
    expect(block({ shopper: null, settings: { points_name } })).toContain(
      'Collect baker&#39;s crumbs with every order',
    );
    expect(launcher({ shopper: { balance: 3 }, settings: { points_name } })).toContain(
      ': 3 baker&#39;s crumbs"',
    );
  });

  test('the launcher is named, and leads somewhere without script', () => {
    const html = launcher({ shopper: { balance: 1250 } });
    expect(html).toContain('aria-label="View points balance: 1,250 points"');
    expect(html).toContain('href="/account"');
    expect(launcher({ shopper: null })).toContain('href="/account/login"');
    expect(launcher({ shopper: { balance: 1250 }, locale: 'fr' })).toContain(
      'aria-label="Voir le solde de points: 1\u202f250 points"',
    );
  });

  test.each(['en', 'es', 'fr'])(
    'numbers in %s are grouped as the script would group them',
    (locale) => {
      const format = new Intl.NumberFormat(locale);
      for (const balance of [
        0, 1, 9, 12, 123, 999, 1000, 1234, 9999, 10_000, 99_999, 123_456, 1_234_567, -1, -12_345,
      ]) {
        const many = new Intl.PluralRules(locale).select(Math.abs(balance)) !== 'one';
        const unit = words(locale)[many ? 'points.plural' : 'points.single'] ?? '';
        expect(block({ shopper: { balance }, locale })).toContain(
          ` ${format.format(balance)} ${unit} `,
        );
      }
    },
  );
});
