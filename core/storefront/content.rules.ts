import { TEXT_LIMITS } from '../../proto/shared/content-limits.rules.ts';
import { jsonObject } from '../shared/stored-json.rules.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import type { Content } from '#proto/frontend/v1/content.ts';
import { addressOf, pictureOf } from './address.rules.ts';
import { contrastWithWhite, LEAST_CONTRAST } from './contrast.rules.ts';
import { LANGUAGES } from '#vocabulary/languages.ts';
import { LAUNCHER_ICONS } from '#vocabulary/storefront.ts';

/**
 * What a shop's staff write for its storefront. It is kept in program_settings: `branding`, whose other parts belong to
 * other features, and `config.checkout_config`.
 */

type Texts = Record<string, string>;

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const hexOf = (value: unknown): string =>
  /^#[0-9a-f]{6}$/i.test(text(value)) ? text(value).toLowerCase() : '';

/** A color that carries white text; one that does not is as good as none. */
function colorOf(value: unknown): string {
  const color = hexOf(value);
  return color === '' || contrastWithWhite(color) < LEAST_CONTRAST ? '' : color;
}

const iconOf = (value: unknown): string =>
  LAUNCHER_ICONS.find((icon) => icon === value) ?? LAUNCHER_ICONS[0];

/** Without empty ones. A text without a language, as older settings had it, is for all languages. */
function textsOf(value: unknown): Texts {
  const given = typeof value === 'string' ? { en: value } : jsonObject(value);
  return Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const found = text(given[language]);
      return found === '' ? [] : [[language, found]];
    }),
  );
}

/** Told unless the merchant said not to: `checkout_config.points_display` of the program. */
export function showsPointsAtCheckout(config: unknown): boolean {
  return jsonObject(jsonObject(config)['checkout_config'])['points_display'] !== false;
}

export interface StoredContent {
  readonly branding: unknown;
  /** The column that older settings had the bar in. */
  readonly stickyBar?: unknown;
  readonly config: unknown;
}

/** What is stored, whatever is missing or malformed left out. */
export function contentFrom({ branding, stickyBar, config }: StoredContent): Content {
  const of = (part: string) => jsonObject(jsonObject(branding)[part]);
  const [launcher, panel, page, after] = [
    of('launcher'),
    of('rewards_panel'),
    of('loyalty_page'),
    of('post_purchase'),
  ];
  const bar = { ...jsonObject(stickyBar), ...of('sticky_bar') };
  return {
    launcher: {
      color: colorOf(launcher['color']),
      position: launcher['position'] === 'left' ? 'left' : 'right',
      icon: iconOf(launcher['icon']),
      text: textsOf(launcher['text']),
    },
    panel: {
      color: colorOf(panel['color']),
      logoUrl: pictureOf(panel['logo_url']),
      welcome: textsOf(panel['welcome']),
    },
    stickyBar: {
      enabled: bar['enabled'] === true,
      text: textsOf(bar['text']),
      color: colorOf(bar['color']),
      link: addressOf(bar['link']),
    },
    page: { color: colorOf(page['color']), title: textsOf(page['title']) },
    postPurchase: { enabled: after['enabled'] !== false, text: textsOf(after['text']) },
    checkoutPointsDisplay: showsPointsAtCheckout(config),
  };
}

/** The parts of `branding` that are the content's, over whatever else a part holds. */
export function brandingWith(content: Content, stored: unknown): Json {
  const { launcher, panel, stickyBar, page, postPurchase } = content;
  const of = (part: string) => jsonObject(jsonObject(stored)[part]);
  return {
    launcher: {
      ...of('launcher'),
      color: launcher?.color ?? '',
      position: launcher?.position ?? 'right',
      icon: iconOf(launcher?.icon),
      text: launcher?.text ?? {},
    },
    rewards_panel: {
      ...of('rewards_panel'),
      color: panel?.color ?? '',
      logo_url: panel?.logoUrl ?? '',
      welcome: panel?.welcome ?? {},
    },
    sticky_bar: {
      ...of('sticky_bar'),
      enabled: stickyBar?.enabled ?? false,
      text: stickyBar?.text ?? {},
      color: stickyBar?.color ?? '',
      link: stickyBar?.link ?? '',
    },
    loyalty_page: {
      ...of('loyalty_page'),
      color: page?.color ?? '',
      title: page?.title ?? {},
    },
    post_purchase: {
      ...of('post_purchase'),
      enabled: postPurchase?.enabled ?? true,
      text: postPurchase?.text ?? {},
    },
  };
}

/** A version as it is kept: what `contentFrom` reads, of the content alone. */
export function versionOf(content: Content): Json {
  return {
    ...brandingWith(content, {}),
    checkout_config: { points_display: content.checkoutPointsDisplay },
  };
}

export const contentOfVersion = (stored: unknown): Content =>
  contentFrom({ branding: stored, config: stored });

export interface ContentProblem {
  readonly field: string;
  readonly message: string;
}

/** Reads the content of a message. @returns the problem with the first field that is not right. */
export function contentFromMessage(message: Content): Content | ContentProblem {
  const { launcher, panel, stickyBar, page, postPurchase } = message;
  const colors = [
    ['launcher.color', launcher?.color],
    ['panel.color', panel?.color],
    ['sticky_bar.color', stickyBar?.color],
    ['page.color', page?.color],
  ] as const;
  for (const [field, color = ''] of colors) {
    if (color.trim() === '') continue;
    const known = hexOf(color);
    if (known === '') return { field: `content.${field}`, message: 'a color such as #0f766e' };
    if (contrastWithWhite(known) < LEAST_CONTRAST)
      return {
        field: `content.${field}`,
        message: `a contrast of at least ${LEAST_CONTRAST} with white text`,
      };
  }
  const texts = [
    ['launcher.text', launcher?.text, TEXT_LIMITS.launcher],
    ['panel.welcome', panel?.welcome, TEXT_LIMITS.welcome],
    ['sticky_bar.text', stickyBar?.text, TEXT_LIMITS.stickyBar],
    ['page.title', page?.title, TEXT_LIMITS.pageTitle],
    ['post_purchase.text', postPurchase?.text, TEXT_LIMITS.postPurchase],
  ] as const;
  for (const [field, given = {}, limit] of texts) {
    for (const [language, written] of Object.entries(given)) {
      if (!LANGUAGES.some((known) => known === language))
        return { field: `content.${field}`, message: `in ${LANGUAGES.join(', ')}` };
      if (written.trim().length > limit)
        return { field: `content.${field}.${language}`, message: `at most ${limit} characters` };
    }
  }
  const addresses = [
    ['panel.logo_url', panel?.logoUrl, /^(https|picture):/i],
    ['sticky_bar.link', stickyBar?.link, /^(https:|\/)/i],
  ] as const;
  for (const [field, given = '', kind] of addresses) {
    const written = given.trim();
    if (written === '') continue;
    if (written.length > TEXT_LIMITS.address || pictureOf(written) === '' || !kind.test(written))
      return { field: `content.${field}`, message: 'an address that begins with https://' };
  }
  const position = launcher?.position ?? '';
  if (position !== 'left' && position !== 'right')
    return { field: 'content.launcher.position', message: 'left or right' };
  if (!LAUNCHER_ICONS.some((icon) => icon === launcher?.icon))
    return { field: 'content.launcher.icon', message: `one of ${LAUNCHER_ICONS.join(', ')}` };
  if (stickyBar?.enabled === true && Object.keys(textsOf(stickyBar.text)).length === 0)
    return { field: 'content.sticky_bar.text', message: 'a text in one language at least' };
  // Through what is stored, so that what is answered is what will be read.
  return contentOfVersion(versionOf(message));
}
