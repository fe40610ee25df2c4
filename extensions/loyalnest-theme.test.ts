import { gzipSync } from 'node:zlib';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { themeCheckRun } from '@shopify/theme-check-node';
import { describe, expect, test } from 'vitest';
import { flatWords } from '#app/features/content/preview/theme-engine.ts';
import { readTheme, renderBlock, themeFolder, words } from './testing/render-block.ts';
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

describe('Shopify’s checks', () => {
  test('theme check finds no problem', async () => {
    const root = fileURLToPath(themeFolder);
    const { offenses } = await themeCheckRun(root, `${root}.theme-check.yml`, () => undefined);
    expect(offenses.map(({ check, uri, message }) => `${check} ${uri}: ${message}`)).toEqual([]);
  }, 30_000);

  test('only file types that Shopify accepts are shipped', () => {
    expect(files('assets').filter((name) => !/\.(js|css|json|svg)$/.test(name))).toEqual([]);
    expect(files('.').filter((name) => !name.startsWith('.'))).toEqual([
      'assets',
      'blocks',
      'locales',
      'shopify.extension.toml',
      'snippets',
    ]);
  });
});

describe('what a page loads', () => {
  const styleOf = (name: string) =>
    readTheme(`snippets/${name}.liquid`).replace(/{%-[\s\S]*?-%}/g, '');
  const style = styleOf('loyalnest-style');
  const pageStyle = styleOf('loyalnest-style-page');
  const named = (pattern: RegExp) => files('assets').filter((name) => pattern.test(name));
  const textsOf = (names: string[]) => names.map((name) => readTheme(`assets/${name}`));

  test('the first load is at most 8 kB gzipped, style included, on any page', () => {
    // Product and cart pages load one more module; the bar and the card after a purchase another.
    const first = textsOf(['loyalnest.js', 'loyalnest-points.js', 'loyalnest-extra.js']);
    expect(gzipped(...first, style)).toBeLessThanOrEqual(8_000);
    const rewardsPage = textsOf(['loyalnest.js', 'loyalnest-extra.js']);
    expect(gzipped(...rewardsPage, style + pageStyle)).toBeLessThanOrEqual(8_000);
  });

  test('all script and style together are at most 25 kB gzipped', () => {
    expect(gzipped(...textsOf(named(/\.(js|css)$/)), style, pageStyle)).toBeLessThanOrEqual(25_000);
  });

  test('the blocks’ script is at most 10,000 bytes uncompressed, as Shopify asks, and no other above 16,000', () => {
    expect(Buffer.byteLength(readTheme('assets/loyalnest.js'))).toBeLessThanOrEqual(10_000);
    const sizes = named(/\.js$/).map((name) => ({
      name,
      bytes: Buffer.byteLength(readTheme(`assets/${name}`)),
    }));
    expect(sizes.filter(({ bytes }) => bytes > 16_000)).toEqual([]);
  });

  test('blocks load only the small script; everything else loads on demand', () => {
    for (const name of files('blocks')) {
      expect(readTheme(`blocks/${name}`)).toContain('"javascript": "loyalnest.js"');
      expect(readTheme(`blocks/${name}`)).not.toContain('"stylesheet"');
    }
  });
});

describe('languages', () => {
  const catalogs = { en: words('en'), es: words('es'), fr: words('fr') };
  const editor = (file: string) => flatWords(JSON.parse(readTheme(`locales/${file}`)) as object);
  const blanks = (text: string) => (text.match(/\[\w+\]|{{ \w+ }}/g) ?? []).sort();

  test.each(['es', 'fr'] as const)(
    '%s has every text of English, with the same placeholders',
    (language) => {
      expect(Object.keys(catalogs[language])).toEqual(Object.keys(catalogs.en));
      for (const [key, text] of Object.entries(catalogs.en)) {
        expect(blanks(catalogs[language][key] ?? ''), key).toEqual(blanks(text));
      }
    },
  );

  test.each(['es', 'fr'])('the theme editor is complete in %s', (language) => {
    const english = editor('en.default.schema.json');
    expect(Object.keys(editor(`${language}.schema.json`))).toEqual(Object.keys(english));
  });

  const panel = (language: string) =>
    JSON.parse(readTheme(`assets/loyalnest-${language}.json`)) as Record<string, string>;
  const scripts = files('../storefront')
    .filter((name) => name.endsWith('.js'))
    .map((name) => readTheme(`../storefront/${name}`))
    .join('\n');

  test.each(['es', 'fr'])('the panel is complete in %s, with the same placeholders', (language) => {
    expect(Object.keys(panel(language)).sort()).toEqual(Object.keys(panel('en')).sort());
    for (const [key, text] of Object.entries(panel('en'))) {
      expect(blanks(panel(language)[key] ?? ''), key).toEqual(blanks(text));
    }
  });

  test('texts of the first view are the same in Liquid and script', () => {
    const pairs = {
      label: 'launcher.label',
      launcher: 'launcher.guest',
      title: 'balance.title',
      note: 'balance.note',
      start: 'balance.start',
      held: 'balance.held',
      debt: 'balance.debt',
      see_history: 'balance.history',
      register: 'guest.register',
      sign_in: 'guest.sign_in',
      bar_join: 'bar.join',
      bar_more: 'bar.more',
      see_rewards: 'bar.rewards',
      rewards: 'page.title',
    };
    for (const language of ['en', 'es', 'fr'] as const)
      for (const [key, path] of Object.entries(pairs))
        expect(panel(language)[key], `${language} ${key}`).toBe(catalogs[language][path]);
  });

  test('every text of the panel is used, and every used text exists', () => {
    const liquid = files('blocks')
      .map((name) => readTheme(`blocks/${name}`))
      .join('\n');
    // Chosen at run time: texts of actions, results of a claim, refusals by the app.
    const chosen =
      /^(signup|goal_spend|newsletter|birthday|social_follow|social_share|review|\w+_text|already_done|limit_reached|recorded|insufficient_points|reward_unavailable|not_participating|paused|error|offline|and|to_go|ready|failed|preparing)$/;
    for (const key of Object.keys(panel('en'))) {
      const isUsed = scripts.includes(`'${key}'`) || liquid.includes(`data-word="${key}"`);
      expect(isUsed || chosen.test(key), `${key} is never used`).toBe(true);
    }
    const asked = [
      ...scripts.matchAll(/(?:word|title|heading)\('(\w+)'/g),
      ...liquid.matchAll(/data-word="(\w+)"/g),
    ].map(([, key = '']) => key);
    for (const key of asked) expect(panel('en'), key).toHaveProperty(key);
    expect(asked.length).toBeGreaterThan(60);
  });
});

describe('rendered without script', () => {
  test('a member sees the balance and a way to their history', () => {
    expect(block({ shopper: { balance: 120 } })).toBe(
      'Your balance 120 points Available See history',
    );
  });

  test('a guest is invited to join or sign in, and sees no balance', () => {
    const html = renderBlock('points-balance', { shopper: null });
    expect(readable(html)).toBe(
      'Earn points with every order ' +
        'Create an account or sign in to earn points. Create account Sign in',
    );
    expect(html).toContain('href="/account/login"');
    expect(html).toContain('href="/account/register"');
    expect(html).not.toContain('data-amount aria-live');
  });

  test.each(['points-balance', 'loyalnest-embed', 'rewards-page'])(
    'with Shopify’s customer accounts, %s sends guests there and back',
    (name) => {
      // The classic registration page does not lead there.
      const routes = { storefront_login_url: '/customer_authentication/login' };
      const html = renderBlock(name, { shopper: null, routes });
      expect(html).toContain('href="/customer_authentication/login"');
      expect(html).not.toMatch(/\/account\/(login|register)/);
    },
  );

  test('a page in Spanish is Spanish', () => {
    expect(block({ shopper: { balance: 12_500 }, locale: 'es' })).toBe(
      'Tu saldo 12.500 puntos Disponible Ver historial',
    );
    expect(launcher({ shopper: { balance: 1 }, locale: 'es' })).toContain(
      'aria-label="Ver saldo de puntos: 1 punto"',
    );
  });

  test('points have the shop’s name, in the page’s language if it exists', () => {
    expect(block({ shopper: { balance: 1 }, settings: stars })).toContain('1 Star ');
    expect(block({ shopper: { balance: 2 }, settings: stars, locale: 'es' })).toContain(
      '2 Estrellas ',
    );
    expect(block({ shopper: { balance: 2 }, settings: stars, locale: 'fr' })).toContain('2 Stars ');
    expect(block({ shopper: null, settings: stars })).toContain('Earn Stars with every order');
  });

  test('a member without a balance at Shopify yet sees zero', () => {
    expect(block({ shopper: {} })).toContain('0 points Place an order to start earning');
  });

  test('a balance below zero is shown as it is', () => {
    expect(block({ shopper: { balance: -1500 } })).toContain('-1,500 points');
  });

  test('the full form of the reserved namespace works too', () => {
    const namespace = 'app--123456';
    const shopper = { balance: 77 };
    expect(block({ shopper, namespace, settings: { ...stars, namespace } })).toContain('77 Stars');
  });

  const quoting = {
    settings: { quote: { rate: '1.5', rate_e4: 15_000, excluded: ['9'] } },
    product: {
      id: 8,
      selected_or_first_available_variant: { id: 81, price: 1_333 },
      variants: [{ id: 81, price: 1_333 }],
    },
    cart: {
      currency: { iso_code: 'USD' },
      total_price: 5_000,
      items: [
        { product_id: 8, final_line_price: 2_666 },
        { product_id: 9, final_line_price: 2_334 },
      ],
    },
  };

  test('a product shows what it earns, rounded down', () => {
    const paint = (more: Partial<BlockContext>) =>
      readable(renderBlock('product-points', { shopper: null, ...quoting, ...more }));
    expect(paint({})).toBe('Earn 19 points with this product');
    expect(paint({ locale: 'fr' })).toBe('Gagnez 19 points avec ce produit');
    // Nothing uncertain is shown: an excluded product, another currency, an unknown rate.
    expect(paint({ product: { ...quoting.product, id: 9 } })).toBe('');
    expect(paint({ cart: { ...quoting.cart, currency: { iso_code: 'EUR' } } })).toBe('');
    expect(paint({ settings: {} })).toBe('');
  });

  test('a cart shows what it earns, without excluded goods and after discounts', () => {
    const paint = (more: Partial<BlockContext>) =>
      readable(renderBlock('cart-points', { shopper: null, ...quoting, ...more }));
    expect(paint({})).toBe('This cart earns 39 points');
    expect(paint({ cart: { ...quoting.cart, total_price: 2_000 } })).toBe(
      'This cart earns 30 points',
    );
    expect(paint({ cart: { ...quoting.cart, items: [], total_price: 0 } })).toBe('');
  });

  test('the rewards page has the shop’s title and reserves space for the rest', () => {
    const settings = {
      ...stars,
      page: { title: { en: 'The mug club' } },
      welcome: { en: 'Sip & save' },
    };
    const html = renderBlock('rewards-page', { shopper: null, settings });
    expect(readable(html)).toBe(
      'The mug club Sip &amp; save Create account Sign in ' +
        '1 Create a free account 2 Earn Stars with every order 3 Redeem Stars for rewards',
    );
    expect(html).toContain('class="page" data-views');
    expect(readable(renderBlock('rewards-page', { shopper: { balance: 3 } }))).toContain(
      '3 points',
    );
  });

  test('the bar is rendered when enabled, has its link, and waits for the script to show it', () => {
    const settings = { sticky_bar: { enabled: true, text: { en: 'Join us', es: 'Ven' } } };
    expect(readable(launcher({ shopper: null, settings, locale: 'es' }))).toContain('Ven Únete');
    expect(launcher({ shopper: { balance: 1 }, settings })).toMatch(
      /<aside class="bar" data-bar="progress" hidden>/,
    );
    expect(launcher({ shopper: null })).not.toContain('<aside');
    const linked = { sticky_bar: { ...settings.sticky_bar, link: '/pages/rewards' } };
    expect(launcher({ shopper: null, settings: linked })).toContain('href="/pages/rewards"');
  });

  test('the look comes from LoyalNest unless the theme overrides it', () => {
    const settings = { launcher: { color: '#aa3300', position: 'left', text: { en: 'Perks' } } };
    const html = launcher({ shopper: null, settings });
    expect(html).toContain('--brand:#aa3300');
    expect(html).toContain('root auto own start');
    expect(readable(html)).toBe('Perks');
    const own = launcher({ shopper: null, settings, choices: { brand: '#112233', side: 'end' } });
    expect(own).toContain('--brand:#112233');
    expect(own).toContain('root auto end');
    const bar = { sticky_bar: { enabled: true, text: { en: 'Join' }, color: '#112233' } };
    expect(launcher({ shopper: null, settings: bar })).toMatch(
      /<aside class="bar own" data-bar="progress" hidden style="--brand:#112233"/,
    );
  });

  test('the icon is the shop’s choice everywhere', () => {
    const crown = 'M3 8l4.5 4L12 5l4.5 7L21 8l-2 11H5z';
    const settings = { launcher: { icon: 'crown' } };
    for (const name of ['points-balance', 'loyalnest-embed', 'rewards-page']) {
      expect(renderBlock(name, { shopper: null, settings })).toContain(crown);
      expect(renderBlock(name, { shopper: null })).not.toContain(crown);
    }
  });

  test('a paused program renders nothing', () => {
    const context = { shopper: { balance: 120 }, settings: { ...stars, program_active: false } };
    expect(block(context)).toBe('');
    expect(readable(launcher(context))).toBe('');
  });

  test('a block that shows nothing says so in the theme editor, and only there', () => {
    const empty = { shopper: null, settings: { program_active: false } };
    for (const name of ['product-points', 'cart-points', 'points-balance', 'rewards-page']) {
      expect(readable(renderBlock(name, { ...empty, designMode: true }))).toMatch(/^LoyalNest: /);
      expect(readable(renderBlock(name, empty))).toBe('');
    }
  });

  test('the header has a block of one line, and no other block', () => {
    const schemaOf = (name: string) =>
      /{% schema %}([\s\S]*){% endschema %}/.exec(readTheme(`blocks/${name}`))?.[1];
    const inHeader = files('blocks').filter((name) => {
      const schema = JSON.parse(schemaOf(name) ?? '') as {
        target: string;
        enabled_on?: { groups?: string[]; templates?: string[] };
        disabled_on?: { groups: string[] };
      };
      return (
        schema.target === 'section' &&
        schema.disabled_on === undefined &&
        schema.enabled_on?.templates === undefined
      );
    });
    expect(inHeader).toEqual(['header-points.liquid']);
    expect(readable(renderBlock('header-points', { shopper: { balance: 1250 } }))).toContain(
      '1,250 points',
    );
  });

  test('words of another language than the page’s are marked as English', () => {
    for (const name of ['points-balance', 'loyalnest-embed', 'rewards-page', 'header-points']) {
      expect(renderBlock(name, { shopper: null, locale: 'ar' })).toMatch(
        /class="root[^>]*lang="en"/,
      );
      expect(renderBlock(name, { shopper: null, locale: 'fr' })).not.toContain('lang="en"');
    }
  });

  test("a shop's name for points cannot inject markup", () => {
    const points_name = { en: { one: '<img src=x>', other: '<img src=x>' } };
    for (const name of ['points-balance', 'loyalnest-embed', 'rewards-page', 'product-points']) {
      expect(
        renderBlock(name, { shopper: { balance: 5 }, settings: { points_name } }),
      ).not.toContain('<img');
      expect(renderBlock(name, { shopper: null, settings: { points_name } })).not.toContain('<img');
    }
  });

  test('an apostrophe in the name for points is rendered as one', () => {
    const points_name = { en: { one: "baker's crumb", other: "baker's crumbs" } };
    expect(block({ shopper: null, settings: { points_name } })).toContain(
      'Earn baker&#39;s crumbs with every order',
    );
    expect(launcher({ shopper: { balance: 3 }, settings: { points_name } })).toContain(
      ': 3 baker&#39;s crumbs"',
    );
  });

  test('the launcher has a name, and works as a link without script', () => {
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
