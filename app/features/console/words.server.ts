import type { LoaderFunctionArgs } from '@remix-run/node';
import en from '../../i18n/console/en.json' with { type: 'json' };
import es from '../../i18n/console/es.json' with { type: 'json' };
import fr from '../../i18n/console/fr.json' with { type: 'json' };
import { languageOf } from '../../i18n/i18next.server.ts';

const catalogs = { en, es, fr };

export async function loadWords({ request }: LoaderFunctionArgs) {
  const language = await languageOf(request);
  return { language, words: catalogs[language] };
}
