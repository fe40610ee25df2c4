import { createCookie } from '@remix-run/node';
import { RemixI18Next } from 'remix-i18next/server';
import { explanations } from '../explanations/explanations.server.ts';
import { EXPLANATIONS, i18nConfig, NAMESPACE, type Catalog } from './config.ts';
import {
  FALLBACK_LANGUAGE,
  isLanguage,
  LANGUAGES,
  languageOfTag,
  type Language,
} from './languages.ts';
import en from './locales/en/dashboard.json' with { type: 'json' };
import enShell from './locales/en/shell.json' with { type: 'json' };
import es from './locales/es/dashboard.json' with { type: 'json' };
import esShell from './locales/es/shell.json' with { type: 'json' };
import fr from './locales/fr/dashboard.json' with { type: 'json' };
import frShell from './locales/fr/shell.json' with { type: 'json' };

const catalogs: Readonly<Record<Language, Catalog>> = {
  en: { ...enShell, ...en },
  es: { ...esShell, ...es },
  fr: { ...frShell, ...fr },
};

const resourcesOf = (language: Language) => ({
  [NAMESPACE]: catalogs[language],
  [EXPLANATIONS]: explanations[language],
});

/** All words that pages of the dashboard are rendered with. */
export const resources = Object.fromEntries(
  LANGUAGES.map((language) => [language, resourcesOf(language)]),
);

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
