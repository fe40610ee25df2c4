import { Liquid, Tag } from 'liquidjs';
import type { TagToken, Template, TopLevelToken } from 'liquidjs';

/** Where the theme's files come from: the disk in tests, the bundle in a browser. */
export interface ThemeFiles {
  /** Liquid of `blocks/` and `snippets/`, by name without folder and ending. */
  readonly block: (name: string) => string;
  readonly snippets: Readonly<Record<string, string>>;
  /** What the theme's `t` says in a language, flat: `launcher.guest`. */
  readonly words: (locale: string) => Readonly<Record<string, string>>;
  readonly assetUrl: (file: string) => string;
}

/** What Liquid knows of the page, as Shopify's objects. */
export interface ThemePage {
  readonly locale: string;
  /** The value of app.metafields.loyalnest.settings; undefined where the app never wrote it. */
  readonly settings: object | undefined;
  /** Null for a guest. */
  readonly customer: object | null;
  readonly routes: Readonly<Record<string, string>>;
  /** The merchant's choices in the theme editor, over the schema's defaults. */
  readonly choices?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly product?: object | undefined;
  readonly cart?: object | undefined;
  readonly currency: string;
  /** The page stands in the theme editor. */
  readonly designMode?: boolean | undefined;
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

/** Flattens a theme's catalog: `{ panel: { close } }` to `panel.close`. */
export function flatWords(tree: object, prefix = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(tree).map(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? flatWords(value, `${prefix}${key}.`)
        : { [prefix + key]: String(value) },
    ),
  ) as Record<string, string>;
}

/** Renders a block of the theme extension as a shop would, as far as its Liquid can tell. */
export function renderThemeBlock(files: ThemeFiles, name: string, page: ThemePage): string {
  const source = files.block(name);
  const schema = JSON.parse(
    /{% schema %}(?<json>[\s\S]*){% endschema %}/.exec(source)?.groups?.['json'] ?? '',
  ) as { settings: { id: string; default?: string | number | boolean }[] };
  const defaults = Object.fromEntries(schema.settings.map(({ id, default: value }) => [id, value]));

  const engine = new Liquid({ templates: files.snippets, strictFilters: true });
  engine.registerTag('schema', Schema);
  const catalog = files.words(page.locale);
  engine.registerFilter('t', (key: string, ...parts: unknown[]) => {
    const text = catalog[key];
    if (text === undefined) throw new Error(`No words for ${key}`);
    const values = Object.fromEntries(parts as [string, unknown][]);
    return text.replace(/{{\s*(\w+)\s*}}/g, (_, part: string) => String(values[part]));
  });
  // Like Shopify's: JSON that is safe in a page.
  engine.registerFilter('json', (value: unknown) =>
    JSON.stringify(value ?? null).replace(
      /[<>&]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
    ),
  );
  engine.registerFilter('asset_url', files.assetUrl);
  return engine.parseAndRenderSync(source, {
    customer: page.customer,
    request: { locale: { iso_code: page.locale }, design_mode: page.designMode ?? false },
    routes: page.routes,
    shop: { currency: page.currency },
    product: page.product,
    cart: page.cart,
    app: { metafields: page.settings ? { loyalnest: { settings: { value: page.settings } } } : {} },
    block: { settings: { ...defaults, ...page.choices }, shopify_attributes: '' },
  }) as string;
}
