import en from '../i18n/locales/en/explanations.json' with { type: 'json' };
import es from '../i18n/locales/es/explanations.json' with { type: 'json' };
import fr from '../i18n/locales/fr/explanations.json' with { type: 'json' };
import type { Language } from '../i18n/languages.ts';
import type { ExplanationWords } from './explanation-words.ts';

/** For the server, which needs all languages; a browser loads only its own. */
export const explanations: Readonly<Record<Language, ExplanationWords>> = { en, es, fr };
