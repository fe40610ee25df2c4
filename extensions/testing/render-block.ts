import { readFileSync } from 'node:fs';
import { Liquid, Tag } from 'liquidjs';
import type { TagToken, Template, TopLevelToken } from 'liquidjs';

export const themeFolder = new URL('../loyalnest-theme/', import.meta.url);

export function readTheme(path: string): string {
  return readFileSync(new URL(path, themeFolder), 'utf8');
}

export interface Shopper {
  /** The customer metafield; undefined when it was never written. */
  balance?: number;
}

export interface BlockContext {
  /** Null for a guest. */
  shopper: Shopper | null;
  locale?: string;
  /** The value of app.metafields.loyalnest.settings. */
  settings?: Record<string, unknown>;
  /** The merchant's choices in the theme editor, over the schema's defaults. */
  choices?: Record<string, string | number | boolean>;
  /** Shopify's objects of the page, where it has them; money in hundredths. */
  product?: {
    id: number;
    selected_or_first_available_variant: { id: number; price: number };
    variants: { id: number; price: number }[];
  };
  cart?: {
    currency: { iso_code: string };
    total_price: number;
    items: { product_id: number; final_line_price: number }[];
  };
  /** The namespace that the customer's metafields are found under. */
  namespace?: string;
}

/** Words of one of the theme's languages, flat: `panel.close` to `Close`. English where there is none. */
export function words(locale: string): Record<string, string> {
  const file = locale === 'es' || locale === 'fr' ? `${locale}.json` : 'en.default.json';
  return flat(JSON.parse(readTheme(`locales/${file}`)) as object);
}

export function flat(tree: object, prefix = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(tree).map(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? flat(value, `${prefix}${key}.`)
        : { [prefix + key]: String(value) },
    ),
  ) as Record<string, string>;
}

class Schema extends Tag {
  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
    super(token, rest, liquid);
    while (rest.length > 0) {
      const next = rest.shift() as TagToken;
      if (next.name === 'endschema') return;
    }
  }
  override *render(): Generator<unknown, string, Template[]> {
    yield;
    return '';
  }
}

/** Renders a block as a shop would, as far as the theme's Liquid can tell. */
export function renderBlock(name: string, context: BlockContext): string {
  const { shopper, locale = 'en', namespace = '$app:loyalnest' } = context;
  const source = readTheme(`blocks/${name}.liquid`);
  const schema = JSON.parse(
    /{% schema %}(?<json>[\s\S]*){% endschema %}/.exec(source)?.groups?.json ?? '',
  ) as { settings: { id: string; default?: string | number | boolean }[] };
  const defaults = Object.fromEntries(schema.settings.map(({ id, default: value }) => [id, value]));

  const engine = new Liquid({
    root: new URL('blocks', themeFolder).pathname,
    partials: new URL('snippets', themeFolder).pathname,
    extname: '.liquid',
    relativeReference: false,
    strictFilters: true,
  });
  engine.registerTag('schema', Schema);
  const catalog = words(locale);
  engine.registerFilter('t', (key: string, ...parts: unknown[]) => {
    const text = catalog[key];
    if (text === undefined) throw new Error(`No words for ${key}`);
    const values = Object.fromEntries(parts as [string, unknown][]);
    return text.replace(/{{\s*(\w+)\s*}}/g, (_, part: string) => String(values[part]));
  });
  // As Shopify's: JSON that may stand in a page.
  engine.registerFilter('json', (value: unknown) =>
    JSON.stringify(value ?? null).replace(
      /[<>&]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
    ),
  );
  engine.registerFilter('asset_url', (file: string) => `/assets/${file}`);

  const metafields =
    shopper?.balance === undefined ? {} : { [namespace]: { balance: { value: shopper.balance } } };
  return engine.parseAndRenderSync(source, {
    customer: shopper && { id: 1001, metafields },
    request: { locale: { iso_code: locale } },
    routes: {
      account_url: '/account',
      account_login_url: '/account/login',
      account_register_url: '/account/register',
      cart_url: '/cart',
    },
    shop: { currency: 'USD' },
    product: context.product,
    cart: context.cart,
    app: {
      metafields: context.settings ? { loyalnest: { settings: { value: context.settings } } } : {},
    },
    block: { settings: { ...defaults, ...context.choices }, shopify_attributes: '' },
  }) as string;
}
