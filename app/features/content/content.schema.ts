import { TEXT_LIMITS } from '../../../proto/shared/content-limits.rules.ts';
import { z } from 'zod';
import type { Content } from '#proto/frontend/v1/content.ts';
import { contrastWithWhite, isColor, LEAST_CONTRAST, tidyColor } from './contrast.rules.ts';
import { textsOf } from './content-form.ts';
import { LAUNCHER_ICONS, LAUNCHER_POSITIONS } from '#vocabulary/storefront.ts';

const words = (max: number) => {
  const text = z.string().trim().max(max, 'words_length');
  return z.object({ en: text, es: text, fr: text }).transform(textsOf);
};
const color = z
  .string()
  .transform(tidyColor)
  .refine((text) => text === '' || isColor(text), 'color')
  .refine((text) => !isColor(text) || contrastWithWhite(text) >= LEAST_CONTRAST, 'contrast');
const address = (pattern: RegExp, message: string) =>
  z
    .string()
    .trim()
    .max(TEXT_LIMITS.address, 'too_long')
    .refine((text) => text === '' || pattern.test(text), message);
const PICTURE = /^(https:\/\/[^\s"'<>\\]+|picture:[0-9a-f]{32})$/i;
const HTTPS_OR_PATH = /^(https:\/\/[^\s"'<>\\]+|\/(?![/\\])\S*)$/i;

const content = z.object({
  launcher: z.object({
    color,
    position: z.enum(LAUNCHER_POSITIONS, 'choice'),
    icon: z.enum(LAUNCHER_ICONS, 'choice'),
    text: words(TEXT_LIMITS.launcher),
  }),
  panel: z.object({
    color,
    logoUrl: address(PICTURE, 'https_address'),
    welcome: words(TEXT_LIMITS.welcome),
  }),
  stickyBar: z
    .object({
      enabled: z.boolean(),
      text: words(TEXT_LIMITS.stickyBar),
      color,
      link: address(HTTPS_OR_PATH, 'link_address'),
    })
    .refine(({ enabled, text }) => !enabled || Object.keys(text).length > 0, {
      path: ['text', 'en'],
      message: 'bar_text',
    }),
  page: z.object({ color, title: words(TEXT_LIMITS.pageTitle) }),
  postPurchase: z.object({ enabled: z.boolean(), text: words(TEXT_LIMITS.postPurchase) }),
  checkoutPointsDisplay: z.boolean(),
});

type Parsed = { content: Content } | { fields: Record<string, string> };

/** The content that the form describes, or a message key per invalid field. */
export function parseContentForm(json: string): Parsed {
  const parsed = content.safeParse(safeJson(json));
  if (parsed.success) return { content: parsed.data };
  return {
    fields: Object.fromEntries(
      parsed.error.issues.map(({ path, message }) => [fieldOf(path), message]),
    ),
  };
}

/** [stickyBar, text, en] is `sticky_bar.text.en`, as core names it. */
const fieldOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .join('.');

/** The form's field for a refusal of core's, with words; empty when it is about none of them. */
export function fieldsOfRefusal(field: string): Record<string, string> {
  const own = /^content\.(.+)$/.exec(field)?.[1];
  if (own === undefined) return {};
  if (own === 'sticky_bar.text') return { 'sticky_bar.text.en': 'bar_text' };
  if (own.endsWith('.color')) return { [own]: 'contrast' };
  if (own === 'sticky_bar.link') return { [own]: 'link_address' };
  if (own.endsWith('_url')) return { [own]: 'https_address' };
  return { [own]: 'words_length' };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
