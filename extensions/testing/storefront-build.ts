import { readdirSync, readFileSync } from 'node:fs';
import { minify } from 'terser';
import { transformWithEsbuild } from 'vite';

const sources = new URL('../storefront/', import.meta.url);

/** These styles stand in the blocks' own Liquid: a page shows the balance before anything is fetched. */
const INLINE = /^loyalnest-style.*\.css$/;

/** Files that are mostly needed together are served as one: fewer requests, and fewer bytes. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  panel: ['kit', 'home', 'panel'],
  rewards: ['standing', 'rewards', 'refer'],
  joined: ['joined', 'friend'],
};

const fileOf = (name: string) => `loyalnest-${name}.js`;
const servedIn = (name: string) =>
  Object.keys(TOGETHER).find((whole) => TOGETHER[whole]?.includes(name)) ?? name;
const IMPORT = /^import (\{[^}]*\}) from '\.\/loyalnest-([a-z]+)\.js';\n/gm;

/**
 * Scripts and styles of the theme extension as Shopify serves them: without comments, long local names and spaces.
 * The names of properties stay, so that files remain modules of one another.
 * @returns contents by path inside `extensions/loyalnest-theme`
 */
export async function buildStorefront(): Promise<ReadonlyMap<string, string>> {
  const names = readdirSync(sources);
  const modules = names.flatMap((name) => /^loyalnest-([a-z]+)\.js$/.exec(name)?.[1] ?? []);
  const scripts = ['loyalnest.js', ...new Set(modules.map(servedIn).map(fileOf))];
  const styles = names.filter((name) => name.endsWith('.css'));
  return new Map(await Promise.all([...scripts.map(builtScript), ...styles.map(builtStyle)]));
}

const sourceOf = (name: string) => readFileSync(new URL(name, sources), 'utf8');

async function builtScript(name: string): Promise<[string, string]> {
  const whole = /^loyalnest-([a-z]+)\.js$/.exec(name)?.[1] ?? '';
  const parts = (TOGETHER[whole]?.map(fileOf) ?? [name]).map((part) =>
    sourceOf(part).replace(IMPORT, (_, names: string, from: string) =>
      servedIn(from) === whole ? '' : `import ${names} from './${fileOf(servedIn(from))}';\n`,
    ),
  );
  const { code = '' } = await minify(parts.join(''), {
    module: true,
    ecma: 2020,
    compress: {
      passes: 3,
      unsafe_arrows: true,
      unsafe_methods: true,
      pure_getters: true,
      keep_fargs: false,
    },
    format: { ecma: 2020, comments: false },
  });
  return [`assets/${name}`, `${code}\n`];
}

async function builtStyle(name: string): Promise<[string, string]> {
  const { code } = await transformWithEsbuild(sourceOf(name), name, {
    loader: 'css',
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
}

const noteOf = (name: string) =>
  `{%- comment -%} Built from extensions/storefront/${name}. Accepts nothing. {%- endcomment -%}\n`;
