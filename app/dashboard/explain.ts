import { useCallback } from 'react';
import type { Entry } from '#proto/points/v1/points.ts';
import { explainEntry } from '../explanations/explain-entry.ts';
import { useFormat } from './shop.ts';

/** Why an entry is that many points, for the shop's staff: with the words of whoever adjusted. */
export function useExplain(): (entry: Entry) => string {
  const { language, words } = useFormat();
  return useCallback(
    (entry: Entry) => explainEntry(entry, { language, words, withReason: true }),
    [language, words],
  );
}
