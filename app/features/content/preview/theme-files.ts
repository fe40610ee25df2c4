import { languageOfTag } from '../../../i18n/languages.ts';
import { flatWords, type ThemeFiles } from './theme-engine.ts';

// The extension as it is shipped to Shopify, in the bundle of the preview.
const blocks = import.meta.glob<string>(
  '../../../../extensions/loyalnest-theme/blocks/{loyalnest-embed,points-balance,rewards-page}.liquid',
  { query: '?raw', import: 'default', eager: true },
);
const snippets = import.meta.glob<string>(
  '../../../../extensions/loyalnest-theme/snippets/*.liquid',
  { query: '?raw', import: 'default', eager: true },
);
const catalogs = import.meta.glob<object>(
  '../../../../extensions/loyalnest-theme/locales/{en.default,es,fr}.json',
  { import: 'default', eager: true },
);

const nameOf = (path: string) => path.replace(/^.*\//, '').replace(/\..*$/, '');
const byName = <Value>(files: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(files).map(([path, file]) => [nameOf(path), file]));

const blocksByName = byName(blocks);
const words = Object.fromEntries(
  Object.entries(byName(catalogs)).map(([language, tree]) => [language, flatWords(tree)]),
);

/** @param assets where the extension's scripts, styles and words are served from, with its last slash */
export function bundledTheme(assets: string): ThemeFiles {
  return {
    block(name) {
      const source = blocksByName[name];
      if (source === undefined) throw new Error(`There is no block ${name}`);
      return source;
    },
    snippets: byName(snippets),
    words: (locale) => words[languageOfTag(locale)] ?? {},
    assetUrl: (file) => assets + file,
  };
}
