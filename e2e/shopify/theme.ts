// Renders the theme app extension's real Liquid, as the shop's theme would: with Shopify's tags, filters and objects, and nothing else.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emitter, Liquid, Tag, type TagToken, type TopLevelToken } from 'liquidjs';
import { jsonValue, APP_NAMESPACE } from './admin-graphql/metafield-values.ts';
import { toDecimal } from './money.ts';
import { type Customer, gid, type Metafield } from './state.ts';
import type { World } from './world.ts';

export interface BlockSchema {
  name: string;
  target: string;
  javascript?: string;
  stylesheet?: string;
  /** The templates it may be added to; absent: any. */
  enabled_on?: { templates?: string[]; groups?: string[] };
  settings?: { id?: string; default?: unknown; label?: string; type: string }[];
}
export interface ThemeBlock {
  handle: string;
  source: string;
  schema: BlockSchema;
}
export interface RenderInput {
  customer: Customer | null;
  locale: string;
  root: string;
  assetUrl: (file: string) => string;
  page: { type: string; path: string };
  product?: Record<string, unknown> | null;
  cart: Record<string, unknown>;
}

const SKIPPED_TAGS = ['schema', 'doc', 'stylesheet', 'javascript'];

/** A tag whose body is not for the page. */
function skipping(name: string): Parameters<Liquid['registerTag']>[1] {
  return class extends Tag {
    constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
      super(token, rest, liquid);
      while (rest.length > 0) {
        const next = rest.shift();
        if (next && 'name' in next && next.name === `end${name}`) return;
      }
      throw new SyntaxError(`tag ${name} is not closed`);
    }
    override render(): void {
      /* nothing of it is shown */
    }
  };
}
/** `{% style %}`: its Liquid is rendered inside a style element. */
class StyleTag extends Tag {
  readonly #templates: ReturnType<Liquid['parser']['parseTokens']>;
  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid, parser: Liquid['parser']) {
    super(token, rest, liquid);
    const inner: TopLevelToken[] = [];
    while (rest.length > 0) {
      const next = rest.shift() as TopLevelToken & { name?: string };
      if (next.name === 'endstyle') break;
      inner.push(next);
    }
    this.#templates = parser.parseTokens(inner);
  }
  override *render(
    context: Parameters<Tag['render']>[0],
    emitter: Emitter,
  ): Generator<unknown, void, unknown> {
    emitter.write('<style data-shopify>');
    yield this.liquid.renderer.renderTemplates(this.#templates, context, emitter);
    emitter.write('</style>');
  }
}

const lookup = (catalog: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[part]
          : undefined,
      catalog,
    );

/** A translation: interpolated, pluralised by `count`, escaped unless its key ends in _html. */
export function translate(
  catalog: unknown,
  locale: string,
  key: string,
  values: Record<string, unknown>,
): string {
  let text = lookup(catalog, key);
  if (typeof text === 'object' && text !== null && typeof values['count'] === 'number') {
    const forms = text as Record<string, unknown>,
      form = new Intl.PluralRules(locale).select(values['count']);
    text = forms[form] ?? forms['other'];
  }
  if (typeof text !== 'string') return `translation missing: ${locale}.${key}`;
  const escape = (value: string): string =>
    key.endsWith('_html') ? value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`) : value;
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_match, name: string) => {
    const value = values[name];
    return value === undefined || value === null
      ? ''
      : escape(
          typeof value === 'string' || typeof value === 'number'
            ? String(value)
            : JSON.stringify(value),
        );
  });
}

export class Theme {
  readonly #world: World;
  constructor(world: World) {
    this.#world = world;
  }
  get #dir(): string {
    return this.#world.settings.themeDir;
  }

  blocks(): ThemeBlock[] {
    const folder = join(this.#dir, 'blocks');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => file.endsWith('.liquid'))
      .sort()
      .map((file) => {
        const source = readFileSync(join(folder, file), 'utf8'),
          schema = /{%-?\s*schema\s*-?%}([\s\S]*?){%-?\s*endschema\s*-?%}/.exec(source)?.[1];
        if (!schema) throw new SyntaxError(`${file} has no schema`);
        return {
          handle: file.replace('.liquid', ''),
          source,
          schema: JSON.parse(schema) as BlockSchema,
        };
      });
  }
  asset(file: string): Buffer | undefined {
    const path = join(this.#dir, 'assets', file);
    return /^[\w.-]+$/.test(file) && existsSync(path) ? readFileSync(path) : undefined;
  }
  #catalog(locale: string): { catalog: unknown; locale: string } {
    const read = (file: string): unknown => {
      const path = join(this.#dir, 'locales', file);
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
    };
    const own = read(`${locale}.json`);
    return own === undefined
      ? { catalog: read('en.default.json') ?? {}, locale: 'en' }
      : { catalog: merge(read('en.default.json'), own), locale };
  }

  /** All blocks that are switched on and belong in the place: a "section", the "header", or the embeds' "head"/"body". */
  render(place: 'section' | 'header' | 'head' | 'body', input: RenderInput): string {
    const { theme } = this.#world.data;
    const isBlock = place === 'section' || place === 'header';
    if (isBlock ? !theme.blockOn : !theme.embedOn) return '';
    return this.blocks()
      .filter(
        ({ schema }) =>
          schema.target === (isBlock ? 'section' : place) &&
          (schema.enabled_on?.groups?.includes('header') ?? false) === (place === 'header') &&
          belongsOn(schema, input.page.type),
      )
      .map((block) => this.renderBlock(block, input))
      .join('\n');
  }

  renderBlock(block: ThemeBlock, input: RenderInput): string {
    const { data, config } = this.#world,
      { catalog, locale } = this.#catalog(input.locale);
    const liquid = new Liquid({
      partials: join(this.#dir, 'snippets'),
      root: join(this.#dir, 'snippets'),
      extname: '.liquid',
      strictFilters: true,
      relativeReference: false,
      jsTruthy: false,
    });
    for (const name of SKIPPED_TAGS) liquid.registerTag(name, skipping(name));
    liquid.registerTag('style', StyleTag);
    const named = (args: unknown[]): Record<string, unknown> =>
      Object.fromEntries(args.filter((arg): arg is [string, unknown] => Array.isArray(arg)));
    liquid.registerFilter('t', (key: string, ...args: unknown[]) =>
      translate(catalog, locale, key, named(args)),
    );
    liquid.registerFilter('asset_url', (file: string) => input.assetUrl(file));
    // Like Shopify's: JSON that is safe in a page.
    liquid.registerFilter('json', (value: unknown) =>
      JSON.stringify(value ?? null).replace(
        /[<>&]/g,
        (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
      ),
    );
    const money = (minor: number): string =>
      `$${toDecimal(Math.round(Number(minor)), data.shop.currency)}`;
    liquid.registerFilter('money', money);
    liquid.registerFilter(
      'money_with_currency',
      (minor: number) => `${money(minor)} ${data.shop.currency}`,
    );
    liquid.registerFilter('money_without_currency', (minor: number) => money(minor).slice(1));
    liquid.registerFilter('money_without_trailing_zeros', (minor: number) =>
      money(minor).replace(/\.00$/, ''),
    );
    liquid.registerFilter(
      'stylesheet_tag',
      (url: string) => `<link href="${url}" rel="stylesheet" type="text/css" media="all">`,
    );
    liquid.registerFilter(
      'script_tag',
      (url: string) => `<script src="${url}" type="text/javascript"></script>`,
    );
    liquid.registerFilter('handleize', (value: string) =>
      value
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, ''),
    );
    const defaults = Object.fromEntries(
      (block.schema.settings ?? []).flatMap((setting) =>
        setting.id ? [[setting.id, setting.default]] : [],
      ),
    );
    const id = `A${block.handle.replace(/\W/g, '').slice(0, 20)}`,
      root = input.root;
    const html: unknown = liquid.parseAndRenderSync(block.source, {
      block: {
        id,
        type: `shopify://apps/${config.handle}/blocks/${block.handle}`,
        settings: { ...defaults, ...data.theme.settings[block.handle] },
        shopify_attributes: '',
      },
      section: { id: 'main', index: 1 },
      app: { metafields: this.#appMetafields() },
      shop: {
        name: data.shop.name,
        currency: data.shop.currency,
        money_format: '${{amount}}',
        permanent_domain: data.shop.domain,
        domain: data.shop.domain,
        url: `https://${data.shop.domain}`,
        secure_url: `https://${data.shop.domain}`,
        id: data.shop.id,
        locale: data.shop.primaryLocale,
        customer_accounts_enabled: true,
        published_locales: data.shop.locales.map((one) => ({
          iso_code: one,
          primary: one === data.shop.primaryLocale,
        })),
      },
      customer: input.customer ? this.#customer(input.customer) : null,
      request: {
        locale: {
          iso_code: input.locale,
          primary: input.locale === data.shop.primaryLocale,
          root_url: root === '' ? '/' : root,
        },
        page_type: input.page.type,
        path: input.page.path,
        host: data.shop.domain,
        origin: `https://${data.shop.domain}`,
        design_mode: false,
        visual_preview_mode: false,
      },
      localization: {
        language: { iso_code: input.locale },
        country: {
          iso_code: data.shop.country,
          currency: { iso_code: data.shop.currency, symbol: '$' },
        },
      },
      routes: {
        root_url: root === '' ? '/' : root,
        account_url: `${root}/account`,
        account_login_url: `${root}/account/login`,
        account_logout_url: `${root}/account/logout`,
        account_register_url: `${root}/account/register`,
        cart_url: `${root}/cart`,
        cart_add_url: `${root}/cart/add`,
        collections_url: `${root}/collections`,
        search_url: `${root}/search`,
      },
      cart: input.cart,
      product: input.product ?? null,
      template: input.page.type,
      settings: {},
      page_title: data.shop.name,
      canonical_url: `https://${data.shop.domain}${input.page.path}`,
    });
    const assets = [
      block.schema.stylesheet
        ? `<link href="${input.assetUrl(block.schema.stylesheet)}" rel="stylesheet" type="text/css" media="all">`
        : '',
      block.schema.javascript
        ? `<script src="${input.assetUrl(block.schema.javascript)}" defer></script>`
        : '',
    ].join('');
    return `${assets}<div id="shopify-block-${id}" class="shopify-block shopify-app-block">${String(html)}</div>`;
  }

  #customer(customer: Customer): Record<string, unknown> {
    const { orders } = this.#world.data;
    return {
      id: customer.id,
      email: customer.email,
      first_name: customer.firstName,
      last_name: customer.lastName,
      name: [customer.firstName, customer.lastName].filter(Boolean).join(' '),
      tags: customer.tags,
      orders_count: customer.orders,
      total_spent: customer.spent,
      accepts_marketing: customer.acceptsMarketing,
      has_account: customer.state === 'enabled',
      phone: customer.phone,
      last_order:
        customer.lastOrderId === null
          ? null
          : { name: `#${orders.get(customer.lastOrderId)?.number ?? ''}` },
      metafields: this.#visible(gid('Customer', customer.id), 'CUSTOMER'),
    };
  }
  /** Metafields a theme may see: other than the app's own installation's, only those whose definition lets storefronts read them. */
  #visible(ownerId: string, ownerType: string): Record<string, Record<string, unknown>> {
    const { metafields, definitions } = this.#world.data,
      out: Record<string, Record<string, unknown>> = {};
    for (const metafield of metafields.values()) {
      if (
        metafield.ownerId !== ownerId ||
        definitions.find(
          (d) =>
            d.namespace === metafield.namespace &&
            d.key === metafield.key &&
            d.ownerType === ownerType,
        )?.storefront !== 'PUBLIC_READ'
      )
        continue;
      for (const namespace of [
        metafield.namespace,
        metafield.namespace === APP_NAMESPACE
          ? '$app'
          : metafield.namespace.replace(`${APP_NAMESPACE}--`, '$app:'),
      ])
        (out[namespace] ??= {})[metafield.key] = drop(metafield);
    }
    return out;
  }
  #appMetafields(): Record<string, Record<string, unknown>> {
    const { metafields, installation } = this.#world.data,
      out: Record<string, Record<string, unknown>> = {};
    for (const metafield of metafields.values())
      if (metafield.ownerId === gid('AppInstallation', installation.id))
        (out[metafield.namespace.replace(`${APP_NAMESPACE}--`, '')] ??= {})[metafield.key] =
          drop(metafield);
    return out;
  }
}

const belongsOn = ({ enabled_on: enabled }: BlockSchema, template: string): boolean =>
  enabled?.templates === undefined ||
  enabled.templates.includes('*') ||
  enabled.templates.includes(template);

const drop = (metafield: Metafield): Record<string, unknown> => ({
  value: jsonValue(metafield),
  type: metafield.type,
  list: metafield.type.startsWith('list.'),
});
function merge(base: unknown, own: unknown): unknown {
  if (typeof base !== 'object' || base === null || typeof own !== 'object' || own === null)
    return own ?? base;
  const result: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(own)) result[key] = merge(result[key], value);
  return result;
}

/** App Bridge's `app.extensions()`: which blocks of the theme extension are in use. */
export function themeActivations(world: World): unknown[] {
  const themeId = 'gid://shopify/OnlineStoreTheme/140000001',
    theme = new Theme(world),
    { embedOn, blockOn } = world.data.theme;
  const activations = theme.blocks().map(({ handle, schema }) => {
    const isBlock = schema.target === 'section',
      on = isBlock ? blockOn : embedOn;
    return {
      target: schema.target,
      handle,
      name: schema.name,
      status: on ? 'active' : 'available',
      activations: on
        ? [{ target: isBlock ? 'template--index__main' : schema.target, themeId }]
        : [],
    };
  });
  return [{ handle: 'loyalnest-theme', type: 'theme_app_extension', activations }];
}
