import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '#proto/points/v1/points.ts';
import { explainEntry } from '../explanations/explain-entry.ts';
import type { ExplanationWords } from '../explanations/explanation-words.ts';
import { EXPLANATIONS } from '../i18n/config.ts';
import { useFormat } from './shop.ts';

/** Why an entry is that many points, for the shop's staff: with the words of whoever adjusted. */
export function useExplain(): (entry: Entry) => string {
  const { i18n } = useTranslation();
  const { language, words } = useFormat();
  return useCallback(
    (entry: Entry) => {
      const sentences = i18n.getResourceBundle(language, EXPLANATIONS) as ExplanationWords;
      return explainEntry(entry, { language, sentences, words, withReason: true });
    },
    [i18n, language, words],
  );
}
