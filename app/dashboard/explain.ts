import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '#proto/points/v1/points.ts';
import { explainEntry } from '../explanations/explain-entry.ts';
import type { ExplanationWords } from '../explanations/explanation-words.ts';
import { EXPLANATIONS } from '../i18n/config.ts';
import { useFormat } from './shop.ts';

/** Explains an entry's points to the shop's staff, including the reason typed for an adjustment. */
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
