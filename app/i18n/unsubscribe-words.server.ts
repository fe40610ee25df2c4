import type { Language } from './languages.ts';
import en from './locales/en/unsubscribe.json' with { type: 'json' };
import es from './locales/es/unsubscribe.json' with { type: 'json' };
import fr from './locales/fr/unsubscribe.json' with { type: 'json' };

/** Of the page behind the link in every message; they come with it. */
export const unsubscribeWords: Readonly<Record<Language, typeof en>> = { en, es, fr };
