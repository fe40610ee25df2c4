import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { surfaceModules } from '#infra/local/bundle-surfaces.ts';

interface Built {
  readonly warnings: readonly { readonly text: string }[];
  readonly outputFiles: readonly { readonly text: string }[];
}
interface Bundler {
  build(options: object): Promise<Built>;
}
// The bundler of Shopify's CLI comes with Vite here.
const esbuild = createRequire(createRequire(import.meta.url).resolve('vite'))('esbuild') as Bundler;

export const appAddress = 'https://app.example.test';

/** As `shopify app build` does it: for ES6, with the variables of `.env` written in and no others. */
export function buildAsShopify(
  target: string,
  env: Readonly<Record<string, string>>,
): Promise<Built> {
  const module = surfaceModules().find((one) => one.target === target);
  if (module === undefined) throw new Error(`no extension has the target ${target}`);
  return esbuild.build({
    entryPoints: [module.file],
    bundle: true,
    write: false,
    target: 'es6',
    format: 'iife',
    globalName: 'surface',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minifySyntax: true,
    logLevel: 'silent',
    define: {
      'process.env.NODE_ENV': '"production"',
      ...Object.fromEntries(
        Object.entries(env).map(([name, value]) => [`process.env.${name}`, JSON.stringify(value)]),
      ),
    },
  });
}

type Frame = (callback: () => void) => unknown;

/** Runs a built script as a browser does, where there is no `process`, on a page that no other Preact knows. */
export function runBuilt(code: string): void {
  document.body.replaceWith(document.createElement('body'));
  // Frames of its own: an effect may still wait for one when the test, and its page, have ended.
  const load = runInThisContext(
    `(process, requestAnimationFrame, cancelAnimationFrame) => { ${code}; return surface.default; }`,
  ) as (process: undefined, request: Frame, cancel: (id: unknown) => void) => () => void;
  const cancel = (id: unknown) => clearTimeout(id as NodeJS.Timeout);
  load(undefined, (callback) => setTimeout(callback, 0), cancel)();
}
