import { readdirSync, readFileSync } from 'node:fs';
import { transformWithEsbuild } from 'vite';

const sources = new URL('../storefront/', import.meta.url);

/** These styles stand in the blocks' own Liquid: a page shows the balance before anything is fetched. */
const INLINE = /^loyalnest-style.*\.css$/;

/**
 * Scripts and styles of the theme extension as Shopify serves them: without comments, long local names and spaces.
 * Module names and the names of properties stay, so that files remain modules of one another.
 * @returns contents by path inside `extensions/loyalnest-theme`
 */
export async function buildStorefront(): Promise<ReadonlyMap<string, string>> {
  const built = readdirSync(sources)
    .filter((name) => /\.(js|css)$/.test(name))
    .map(async (name): Promise<[string, string]> => {
      const source = readFileSync(new URL(name, sources), 'utf8');
      const { code } = await transformWithEsbuild(source, name, {
        loader: name.endsWith('.css') ? 'css' : 'js',
        format: 'esm',
        target: 'es2022',
        minify: true,
        charset: 'utf8',
        legalComments: 'none',
        sourcemap: false,
        // Nothing of the repository's TypeScript settings is meant for these files.
        tsconfigRaw: {},
      });
      return INLINE.test(name)
        ? [`snippets/${name.replace('.css', '.liquid')}`, `${noteOf(name)}${code}`]
        : [`assets/${name}`, code];
    });
  return new Map(await Promise.all(built));
}

const noteOf = (name: string) =>
  `{%- comment -%} Built from extensions/storefront/${name}. Accepts nothing. {%- endcomment -%}\n`;
