import { isPicture } from '../../../../proto/shared/picture.rules.ts';
import { pictureSource } from '../../../files/pictures.ts';
import { LANGUAGES, type Language } from '../../../i18n/languages.ts';
import type { ContentForm, Surface, Words } from '../content-form.ts';
import { isColor, nearestReadable, tidyColor } from '../contrast.rules.ts';
import { bundledTheme } from './theme-files.ts';
import { renderThemeBlock, type ThemeFiles } from './theme-engine.ts';

/** What the preview needs of the widget's data; the rest is handed through to the widget as it is. */
export interface PreviewWidget {
  readonly points_name: { readonly one: string; readonly other: string };
  readonly customer: { readonly balance: number } | null;
  readonly recent: readonly object[];
  readonly quote: {
    readonly currency: string;
    readonly rate: string;
    readonly per?: string;
  } | null;
}

export interface PreviewInput {
  readonly form: ContentForm;
  readonly surface: Surface;
  /** What of the panel is open; its home without one. */
  readonly view?: string;
  readonly language: Language;
  readonly defaultLanguage: Language;
  readonly widget: PreviewWidget;
  /** Below which the shop's uploaded pictures are. */
  readonly pictures: string;
  readonly pointsNames: Readonly<
    Record<Language, { readonly one: string; readonly other: string }>
  >;
  /** The texts of the shop page around it, in the preview's language. */
  readonly page: { readonly shop: string; readonly goods: string };
  /** What the checkout would say. */
  readonly checkout: { readonly title: string; readonly total: string; readonly points: string };
}

/** As the storefront chooses: the language's own, the shop's, English, then any. */
export function wordsFor(words: Words, language: Language, defaultLanguage: Language): string {
  return (
    [language, defaultLanguage, 'en' as const, ...LANGUAGES]
      .map((each) => words[each].trim())
      .find((text) => text !== '') ?? ''
  );
}

const colorOf = (typed: string): string => {
  const color = tidyColor(typed);
  return isColor(color) ? nearestReadable(color) : '';
};
const given = <Key extends string, Value>(key: Key, value: Value | '' | undefined) =>
  value === '' || value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);

/**
 * The draft as the theme's Liquid would read it from the shop's metafield once saved (docs/widget.md). Values that
 * would be refused are left out, and a pale color is replaced with the nearest valid one.
 */
export function draftSettings({
  form,
  defaultLanguage,
  pointsNames,
}: Pick<PreviewInput, 'form' | 'defaultLanguage' | 'pointsNames'>): object {
  const { launcher, stickyBar, postPurchase, page, panel } = form;
  const texts = (words: Words) => {
    const all = LANGUAGES.map((each) => [each, wordsFor(words, each, defaultLanguage)] as const);
    return all.some(([, text]) => text !== '') ? Object.fromEntries(all) : undefined;
  };
  const barText = stickyBar.enabled ? texts(stickyBar.text) : undefined;
  const link = /^(https:\/\/|\/(?![/\\]))/i.test(stickyBar.link.trim())
    ? stickyBar.link.trim()
    : '';
  return {
    default_language: defaultLanguage,
    points_name: pointsNames,
    program_active: true,
    launcher: {
      ...given('color', colorOf(launcher.color)),
      position: launcher.position,
      icon: launcher.icon,
      ...given('text', texts(launcher.text)),
    },
    ...(barText && {
      sticky_bar: {
        enabled: true,
        text: barText,
        ...given('color', colorOf(stickyBar.color)),
        ...given('link', link),
      },
    }),
    post_purchase: {
      enabled: postPurchase.enabled,
      ...given('text', texts(postPurchase.text)),
    },
    page: { ...given('color', colorOf(page.color)), ...given('title', texts(page.title)) },
    ...given('welcome', texts(panel.welcome)),
  };
}

/** The draft as the widget would receive it. */
export function draftBranding({
  form,
  language,
  defaultLanguage,
  pictures,
}: Pick<PreviewInput, 'form' | 'language' | 'defaultLanguage' | 'pictures'>): object {
  const logo = form.panel.logoUrl.trim();
  const isShown = isPicture(logo) || /^https:\/\//i.test(logo);
  return {
    ...given('color', colorOf(form.panel.color) || colorOf(form.launcher.color)),
    ...given('logo_url', isShown ? pictureSource(logo, pictures) : ''),
    ...given('welcome', wordsFor(form.panel.welcome, language, defaultLanguage)),
  };
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Links in the preview do nothing. */
const routes = {
  account_url: '#account',
  account_login_url: '#sign-in',
  account_register_url: '#register',
  cart_url: '#cart',
};

/** A shop page as a standalone document, with the extension's blocks rendered by Liquid. */
export function previewDocument(
  input: PreviewInput,
  theme: ThemeFiles = bundledTheme(`${location.origin}/widget-assets/`),
): string {
  const { language, surface, widget, page } = input;
  const body = surface === 'checkout' ? checkoutOf(input) : shopOf(input, theme);
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escaped(page.shop)}</title>
<style>${pageStyle}</style></head><body data-currency="${escaped(widget.quote?.currency ?? '')}">${body}</body></html>`;
}

function shopOf(input: PreviewInput, theme: ThemeFiles): string {
  const { surface, widget, page } = input;
  const render = (name: string) =>
    renderThemeBlock(theme, name, {
      locale: input.language,
      settings: draftSettings(input),
      customer: widget.customer && {
        id: 1,
        metafields: { $app: { balance: { value: widget.customer.balance } } },
      },
      routes,
      // The draft's own text is what is looked at.
      choices: { progress: false },
      currency: widget.quote?.currency ?? '',
    });
  const goods = `<ul class="goods" aria-label="${escaped(page.goods)}">${'<li><i></i><b></b><b class="short"></b></li>'.repeat(3)}</ul>`;
  return `<header><h1>${escaped(page.shop)}</h1></header>
<main>${render(surface === 'page' ? 'rewards-page' : 'points-balance')}${goods}</main>${render('loyalnest-embed')}`;
}

/** A sketch: the checkout is Shopify's and renders our extension with its own components. */
function checkoutOf({ form, checkout, page }: PreviewInput): string {
  return `<header><h1>${escaped(page.shop)}</h1></header><main class="checkout"><h2>${escaped(checkout.title)}</h2>
<div class="row"><span><i></i></span><b></b></div><div class="row"><span><i></i></span><b></b></div>
<p class="row total">${escaped(checkout.total)}</p>
${form.checkoutPointsDisplay ? `<p class="banner">${escaped(checkout.points)}</p>` : ''}</main>`;
}

const pageStyle = `
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1c1f1f;background:#fff;min-height:100vh}
header{padding:18px 28px;border-bottom:1px solid #e4e6e6}
h1,h2{margin:0;font-size:20px;font-weight:650;letter-spacing:-.01em}
main{max-width:960px;margin:0 auto;padding:28px}
.goods{display:grid;grid-template-columns:repeat(3,1fr);gap:20px;margin:28px 0 0;padding:0;list-style:none}
.goods i{display:block;aspect-ratio:4/5;border-radius:12px;background:#f0efeb}
.goods b{display:block;height:10px;margin-top:12px;border-radius:5px;background:#e4e3de}
.goods .short{width:45%;margin-top:8px}
loyalnest-panel{position:relative;z-index:200}
.checkout{max-width:460px}
.row{display:flex;align-items:center;justify-content:space-between;padding:14px 0;margin:0;border-bottom:1px solid #e4e6e6}
.row i{display:block;width:56px;height:56px;border-radius:8px;background:#f0efeb}
.row b{width:64px;height:10px;border-radius:5px;background:#e4e3de}
.total{justify-content:flex-end;font-weight:650;border:0}
.banner{margin:0;padding:14px 16px;border:1px solid #c9d9e8;border-radius:8px;background:#f0f6fc}
@media (max-width:600px){.goods{grid-template-columns:repeat(2,1fr)}main{padding:20px}}
`;
