import { FALLBACK_LANGUAGE, isLanguage, languageOfTag } from '../../i18n/languages.ts';
import type { Language } from '../../i18n/languages.ts';

/** As the address asks, else the first of the browser's languages that we have. */
export function readerLanguage(url: URL, headers: Headers): Language {
  const asked = url.searchParams.get('locale');
  if (asked !== null) return languageOfTag(asked);
  const wanted = (headers.get('accept-language') ?? '')
    .split(',')
    .slice(0, 20)
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { primary: tag.toLowerCase().split('-')[0] ?? '', weight: Number(weight) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
  for (const { primary } of wanted) if (isLanguage(primary)) return primary;
  return FALLBACK_LANGUAGE;
}
