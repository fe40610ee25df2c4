import type { Content } from '#proto/frontend/v1/content.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import {
  LAUNCHER_ICONS,
  type LauncherIcon,
  type LauncherPosition,
} from '#vocabulary/storefront.ts';

/** What a merchant writes and chooses for the storefront, as the form holds it. */
export interface ContentForm {
  launcher: { color: string; position: LauncherPosition; icon: LauncherIcon; text: Words };
  panel: { color: string; logoUrl: string; welcome: Words };
  stickyBar: { enabled: boolean; text: Words; color: string; link: string };
  page: { color: string; title: Words };
  postPurchase: { enabled: boolean; text: Words };
  checkoutPointsDisplay: boolean;
}
export type Words = Record<Language, string>;

/** The parts of the storefront, each with its tab. */
export const SURFACES = ['launcher', 'panel', 'bar', 'page', 'after', 'checkout'] as const;
export type Surface = (typeof SURFACES)[number];

const wordsOf = (texts: Readonly<Record<string, string>> | undefined): Words => ({
  en: texts?.['en'] ?? '',
  es: texts?.['es'] ?? '',
  fr: texts?.['fr'] ?? '',
});

export function formOf(content: Content): ContentForm {
  const { launcher, panel, stickyBar, page, postPurchase } = content;
  return {
    launcher: {
      color: launcher?.color ?? '',
      position: launcher?.position === 'left' ? 'left' : 'right',
      icon: LAUNCHER_ICONS.find((icon) => icon === launcher?.icon) ?? 'nest',
      text: wordsOf(launcher?.text),
    },
    panel: {
      color: panel?.color ?? '',
      logoUrl: panel?.logoUrl ?? '',
      welcome: wordsOf(panel?.welcome),
    },
    stickyBar: {
      enabled: stickyBar?.enabled ?? false,
      text: wordsOf(stickyBar?.text),
      color: stickyBar?.color ?? '',
      link: stickyBar?.link ?? '',
    },
    page: { color: page?.color ?? '', title: wordsOf(page?.title) },
    postPurchase: {
      enabled: postPurchase?.enabled ?? true,
      text: wordsOf(postPurchase?.text),
    },
    checkoutPointsDisplay: content.checkoutPointsDisplay,
  };
}

/** Forms are made by the same code, so that their fields have the same order. */
export function isSameContent(one: ContentForm, other: ContentForm): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Without the languages that were left empty. */
export function textsOf(words: Words): Record<string, string> {
  return Object.fromEntries(
    LANGUAGES.map((language) => [language, words[language].trim()]).filter(([, text]) => text),
  ) as Record<string, string>;
}

const surfaces: Readonly<Record<string, Surface>> = {
  launcher: 'launcher',
  panel: 'panel',
  sticky_bar: 'bar',
  page: 'page',
  post_purchase: 'after',
};

/** Where a field is edited; fields are named as core names them: `sticky_bar.text.en`. */
export function surfaceOf(field: string): Surface | undefined {
  return surfaces[field.split('.')[0] ?? ''];
}
