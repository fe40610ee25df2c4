import { readFileSync, readdirSync } from 'node:fs';
import { flatWords, renderThemeBlock } from '#app/features/content/preview/theme-engine.ts';

export const themeFolder = new URL('../loyalnest-theme/', import.meta.url);

export function readTheme(path: string): string {
  return readFileSync(new URL(path, themeFolder), 'utf8');
}

export interface Shopper {
  /** The customer metafield; undefined when it was never written. */
  balance?: number;
}

export interface BlockContext {
  /** Addresses of the shop beside those that every shop has. */
  readonly routes?: Readonly<Record<string, string>>;
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
    variants: {
      id: number;
      price: number;
      selling_plan_allocations?: { price: number; selling_plan: { id: number } }[];
    }[];
  };
  cart?: {
    currency: { iso_code: string };
    total_price: number;
    items: { product_id: number; final_line_price: number }[];
  };
  /** The page stands in the theme editor. */
  designMode?: boolean;
  /** The namespace that the customer's metafields are found under. */
  namespace?: string;
}

/** Words of one of the theme's languages, flat: `panel.close` to `Close`. English where there is none. */
export function words(locale: string): Record<string, string> {
  const file = locale === 'es' || locale === 'fr' ? `${locale}.json` : 'en.default.json';
  return flatWords(JSON.parse(readTheme(`locales/${file}`)) as object);
}

/** Renders a block as a shop would, as far as the theme's Liquid can tell. */
export function renderBlock(name: string, context: BlockContext): string {
  const { shopper, locale = 'en', namespace = '$app' } = context;
  const metafields =
    shopper?.balance === undefined ? {} : { [namespace]: { balance: { value: shopper.balance } } };
  const snippets = readdirSync(new URL('snippets', themeFolder)).map((file) => [
    file.replace('.liquid', ''),
    readTheme(`snippets/${file}`),
  ]);
  return renderThemeBlock(
    {
      block: (block) => readTheme(`blocks/${block}.liquid`),
      snippets: Object.fromEntries(snippets) as Record<string, string>,
      words,
      assetUrl: (file) => `/assets/${file}`,
    },
    name,
    {
      locale,
      settings: context.settings,
      customer: shopper && { id: 1001, metafields },
      routes: {
        account_url: '/account',
        account_login_url: '/account/login',
        account_register_url: '/account/register',
        cart_url: '/cart',
        ...context.routes,
      },
      choices: context.choices,
      product: context.product,
      cart: context.cart,
      currency: 'USD',
      designMode: context.designMode,
    },
  );
}
