import { readFileSync } from 'node:fs';
import { fromRoot } from '#infra/local/paths.ts';
import type { Language } from '../support/shop.ts';

/** What the panel says in a language, by its own files; what it fills in matches anything. */
export function panelWords(language: Language): (key: string) => RegExp {
  const file = fromRoot('extensions/loyalnest-theme/assets', `loyalnest-${language}.json`);
  const words = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  return (key) => {
    const text = words[key];
    if (text === undefined) throw new Error(`The panel has no text "${key}" in ${language}.`);
    // Spaces that do not break, as French has them, are read as plain ones.
    const parts = text
      .split(/\[\w+\]/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
    return new RegExp(`^${parts.join('.+')}$`);
  };
}
