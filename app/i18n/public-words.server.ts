import type { Language } from './languages.ts';
import en from './locales/en/public.json' with { type: 'json' };
import es from './locales/es/public.json' with { type: 'json' };
import fr from './locales/fr/public.json' with { type: 'json' };

/** Of the page before the app is installed; they come with it. */
export const publicWords: Readonly<Record<Language, typeof en>> = { en, es, fr };
