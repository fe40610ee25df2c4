import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { fromRoot } from './paths.ts';

/** One module of an extension, as its configuration names it. */
export interface SurfaceModule {
  /** Folder below extensions/. */
  readonly extension: string;
  readonly target: string;
  readonly file: string;
}

/** The targets in every extension's configuration, themes excluded. The image has none of them. */
export function surfaceModules(): SurfaceModule[] {
  if (!existsSync(fromRoot('extensions'))) return [];
  return readdirSync(fromRoot('extensions'))
    .filter((name) => name.endsWith('-ui'))
    .flatMap((extension) => {
      const folder = fromRoot('extensions', extension);
      const toml = readFileSync(path.join(folder, 'shopify.extension.toml'), 'utf8');
      const targets = [...toml.matchAll(/^target = "([^"]+)"\nmodule = "([^"]+)"$/gm)];
      return targets.map(([, target = '', module = '']) => ({
        extension,
        target,
        file: path.join(folder, module),
      }));
    });
}

/** One script for each target, as Shopify's CLI makes it: everything in it, Preact too. */
export async function bundleSurface(file: string, appUrl: string): Promise<string> {
  if (appUrl === '') throw new Error('APP_URL is not set: a script without it reaches no app');
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: {
      'process.env.APP_URL': JSON.stringify(appUrl),
      'process.env.NODE_ENV': '"production"',
    },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: file, formats: ['es'], fileName: 'surface' },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !('output' in output)) throw new Error(`${file} was not bundled`);
  return output.output[0].code;
}

/** The name that the app has in browser tests; the emulator puts another in its place where it has another. */
const testAppUrl = 'https://app.example.test';

/** Every target's script and words, for the Shopify emulator. What is deployed is bundled by Shopify's CLI. */
export async function buildSurfaces(into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  for (const { extension, target, file } of surfaceModules()) {
    writeFileSync(path.join(into, `${target}.js`), await bundleSurface(file, testAppUrl));
    for (const [language, name] of [
      ['en', 'en.default'],
      ['es', 'es'],
      ['fr', 'fr'],
    ] as const)
      copyFileSync(
        fromRoot('extensions', extension, 'locales', `${name}.json`),
        path.join(into, `${target}.${language}.json`),
      );
  }
}
