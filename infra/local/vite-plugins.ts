import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { LANGUAGES } from '#vocabulary/languages.ts';
import { EVERYWHERE, PAGE_SECTIONS, showsField } from '#app/i18n/page-words.ts';
import { fromRoot } from './paths.ts';

/** What browsers are spared of the dashboard's script. */

type Json = Readonly<Record<string, object>>;

const wordsId = 'loyalnest:words/';
const json = (language: string, name: string) =>
  JSON.parse(readFileSync(fromRoot(`app/i18n/locales/${language}/${name}.json`), 'utf8')) as Json;

/** Pages that show entries of the ledger, whose sentences are a catalog of their own. */
const explaining = new Set(['home', 'activity', 'customers']);

/** The words of one page: the sections that it shows, of three catalogs, as one file. */
function wordsOf(language: string, page: string): string {
  const { fields = {}, ...dashboard } = json(language, 'dashboard');
  const shown = Object.entries(fields).filter(([key]) => showsField(page, key));
  const sections = [...EVERYWHERE, ...PAGE_SECTIONS[page as keyof typeof PAGE_SECTIONS]];
  return JSON.stringify({
    common: {
      ...json(language, 'shell'),
      ...Object.fromEntries(sections.map((section) => [section, dashboard[section]])),
      fields: Object.fromEntries(shown),
    },
    ...(explaining.has(page) && { explanations: json(language, 'explanations') }),
  });
}

/** Fills `pageWords` of app/i18n/page-words.ts for browsers: a file for each page and language. */
export function pageWordsPlugin(): Plugin {
  return {
    name: 'loyalnest:page-words',
    enforce: 'pre',
    // With a name that tells what it is, in the list of files.
    resolveId: (id) => (id.startsWith(wordsId) ? `\0${id}.js` : undefined),
    load(id) {
      const [, language = '', page = ''] = /^\0loyalnest:words\/(\w+)-(\w+)\.js$/.exec(id) ?? [];
      return page === '' ? undefined : `export default ${wordsOf(language, page)}`;
    },
    transform(code, id, options) {
      if (options?.ssr === true || !id.endsWith('/app/i18n/page-words.ts')) return undefined;
      const loaders = LANGUAGES.map((language) => {
        const pages = Object.keys(PAGE_SECTIONS).map(
          (page) => `${page}: () => import('${wordsId}${language}-${page}')`,
        );
        return `${language}: {${pages.join()}}`;
      });
      const empty = /export const pageWords[\s\S]*?= \{\};/;
      if (!empty.test(code)) throw new Error(`There is no pageWords to fill in ${id}`);
      return {
        code: code.replace(empty, `export const pageWords = {${loaders.join()}};`),
        map: null,
      };
    },
  };
}

const polaris = 'node_modules/@shopify/polaris/';

/** What Polaris's components read of its tokens; the rest, five themes of 20 kB, is in its style sheet as well. */
const isRead = (group: string, name: string): boolean =>
  ['breakpoints', 'space', 'zIndex'].includes(group) || name.startsWith('motion-duration-');

/** The tokens that scripts read. Without a name that Polaris imports the build fails. */
export function themeTokensPlugin(): Plugin {
  return {
    name: 'loyalnest:theme-tokens',
    transform(code, id, options) {
      if (options?.ssr === true || !/polaris-tokens\/dist\/esm\/build\/index\.mjs$/.test(id))
        return undefined;
      const source = /var themes = (\{[\s\S]*?\n\});/.exec(code)?.[1];
      if (source === undefined) throw new Error(`There are no themes in ${id}`);
      const { light = {} } = JSON.parse(source) as Readonly<Record<string, Json>>;
      const read = Object.entries(light).map(([group, tokens]) => [
        group,
        Object.fromEntries(Object.entries(tokens).filter(([name]) => isRead(group, name))),
      ]);
      return {
        code: `
          import { themeNameDefault, themeNames } from '../src/themes/constants.mjs';
          export { themeNameDefault, themeNames };
          export { breakpointsAliases } from '../src/themes/base/breakpoints.mjs';
          export { createVar, getMediaConditions, toPx } from '../src/utils.mjs';
          export const createThemeClassName = (name) => 'p-theme-' + name;
          export const themeDefault = ${JSON.stringify(Object.fromEntries(read))};
          export const themes = Object.fromEntries(themeNames.map((name) => [name, themeDefault]));`,
        map: null,
      };
    },
  };
}

/** Polaris's English, without the words of components that the dashboard does not use. */
export function polarisWordsPlugin(): Plugin {
  return {
    name: 'loyalnest:polaris-words',
    enforce: 'pre',
    transform(code, id, options) {
      if (options?.ssr === true || !id.endsWith(`${polaris}locales/en.json`)) return undefined;
      const { Polaris } = JSON.parse(code) as { Polaris: Json };
      const used = sectionsOf(componentsUsed());
      const kept = Object.entries(Polaris).filter(([section]) => used.has(section));
      return { code: JSON.stringify({ Polaris: Object.fromEntries(kept) }), map: null };
    },
  };
}

/** The names that the app imports of Polaris. */
function componentsUsed(): ReadonlySet<string> {
  const sources = readdirSync(fromRoot('app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(fromRoot('app', file), 'utf8'));
  return new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/import\s*\{([^}]*)\}\s*from '@shopify\/polaris'/g)].flatMap(
        ([, names = '']) => names.split(',').map((name) => name.trim()),
      ),
    ),
  );
}

/** The sections of Polaris's words that those components translate, and what they are made of. */
function sectionsOf(components: ReadonlySet<string>): ReadonlySet<string> {
  const index = fromRoot(`${polaris}build/esm/index.js`);
  const open = [...readFileSync(index, 'utf8').matchAll(/export \{([^}]*)\} from '(\.[^']+)'/g)]
    .filter(([, names = '']) => names.split(',').some((name) => components.has(name.trim())))
    .map(([, , from = '']) => path.resolve(path.dirname(index), from));
  const seen = new Set<string>();
  const sections = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, section = ''] of source.matchAll(/['"`]Polaris\.(\w+)/g)) sections.add(section);
    for (const [, from = ''] of source.matchAll(/from '(\.[^']+\.js)'/g))
      open.push(path.resolve(path.dirname(file), from));
  }
  return sections;
}
