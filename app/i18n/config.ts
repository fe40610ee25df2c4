import type { ExplanationWords } from '../explanations/explanation-words.ts';
import type dashboard from './locales/en/dashboard.json';
import type shell from './locales/en/shell.json';
import { FALLBACK_LANGUAGE, LANGUAGES, type Language } from './languages.ts';
import { pageAt, pageWords } from './page-words.ts';

/** Of the dashboard; its sections are the pages. */
export const NAMESPACE = 'common';
/** Explanations of ledger entries: sentences with their own grammar (explain-entry.ts). */
export const EXPLANATIONS = 'explanations';

type Shell = typeof shell;
type Dashboard = typeof dashboard;
export type Catalog = Shell & Dashboard;

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

type Loader<Words> = () => Promise<{ readonly default: Words }>;

// Each is a separate chunk, so that browsers download only their language and their pages' texts.
// A word that one language lacks does not compile.
const shells: Readonly<Record<Language, Loader<Shell>>> = {
  en: () => import('./locales/en/shell.json'),
  es: () => import('./locales/es/shell.json'),
  fr: () => import('./locales/fr/shell.json'),
};
const dashboards: Readonly<Record<Language, Loader<Dashboard>>> = {
  en: () => import('./locales/en/dashboard.json'),
  es: () => import('./locales/es/dashboard.json'),
  fr: () => import('./locales/fr/dashboard.json'),
};
const explanations: Readonly<Record<Language, Loader<ExplanationWords>>> = {
  en: () => import('./locales/en/explanations.json'),
  es: () => import('./locales/es/explanations.json'),
  fr: () => import('./locales/fr/explanations.json'),
};

/** For the browser: the words of the page at a path, by namespace. */
export async function loadWords(
  language: Language,
  pathname: string,
): Promise<Record<string, object>> {
  // The console and the public page get theirs from their loaders.
  if (!isDashboard(pathname)) return { [NAMESPACE]: (await shells[language]()).default };
  const ofPage = pageWords[language]?.[pageAt(pathname) ?? ''];
  if (ofPage !== undefined) return { ...(await ofPage()).default };
  const [shell, own, sentences] = await Promise.all([
    shells[language](),
    dashboards[language](),
    explanations[language](),
  ]);
  return {
    [NAMESPACE]: { ...shell.default, ...own.default },
    [EXPLANATIONS]: sentences.default,
  };
}

export const isDashboard = (pathname: string): boolean => /^\/app(\/|$)/.test(pathname);
