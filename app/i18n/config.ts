import type en from './en.json';
import { FALLBACK_LANGUAGE, LANGUAGES, type Language } from './languages.ts';

/** One namespace; its sections are the pages. */
export const NAMESPACE = 'common';
export type Catalog = typeof en;

/** What server and browser share, so that both render the same words. */
export const i18nConfig = {
  supportedLngs: [...LANGUAGES],
  fallbackLng: FALLBACK_LANGUAGE,
  defaultNS: NAMESPACE,
  ns: [NAMESPACE],
  // React escapes; escaping twice would show entities.
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
};

/** For the browser: each catalogue is a chunk of its own, so nobody downloads the languages they do not read. */
export async function loadCatalog(language: Language): Promise<Catalog> {
  switch (language) {
    case 'es':
      return (await import('./es.json')).default;
    case 'fr':
      return (await import('./fr.json')).default;
    case 'en':
      return (await import('./en.json')).default;
  }
}
