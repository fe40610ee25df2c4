import { createCookie } from '@remix-run/node';
import { RemixI18Next } from 'remix-i18next/server';
import { i18nConfig, NAMESPACE } from './config.ts';
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import {
  FALLBACK_LANGUAGE,
  isLanguage,
  LANGUAGES,
  languageOfTag,
  type Language,
} from './languages.ts';

export const resources = {
  en: { [NAMESPACE]: en },
  es: { [NAMESPACE]: es },
  fr: { [NAMESPACE]: fr },
};

/**
 * Shopify names the language (`?locale=fr-CA`) on the first document alone. The choice is kept for the documents that
 * follow without it. Partitioned, because the dashboard lives in a frame: browsers that refuse it fall back to
 * Accept-Language, and client navigation does not ask again.
 */
export const languageCookie = createCookie('loyalnest_language', {
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'none',
  partitioned: true,
});

export const i18next = new RemixI18Next({
  detection: {
    supportedLanguages: [...LANGUAGES],
    fallbackLanguage: FALLBACK_LANGUAGE,
    searchParamKey: 'locale',
    cookie: languageCookie,
    order: ['searchParams', 'cookie', 'header'],
  },
  i18next: { ...i18nConfig, resources },
});

/** The language that this document is written in. */
export async function languageOf(request: Request): Promise<Language> {
  const asked = new URL(request.url).searchParams.get('locale');
  if (asked !== null) return languageOfTag(asked);
  const detected = await i18next.getLocale(request);
  return isLanguage(detected) ? detected : FALLBACK_LANGUAGE;
}
