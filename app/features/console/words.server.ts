import type { LoaderFunctionArgs } from '@remix-run/node';
import en from '../../i18n/locales/en/console.json' with { type: 'json' };
import es from '../../i18n/locales/es/console.json' with { type: 'json' };
import fr from '../../i18n/locales/fr/console.json' with { type: 'json' };
import { languageOf } from '../../i18n/i18next.server.ts';
import type { Language } from '../../i18n/languages.ts';

const catalogs: Readonly<Record<Language, typeof en>> = { en, es, fr };

export async function loadWords({ request }: LoaderFunctionArgs) {
  const language = await languageOf(request);
  return { language, words: catalogs[language] };
}
