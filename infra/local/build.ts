import { existsSync } from 'node:fs';
import path from 'node:path';
import { keepAssets } from '#app/kept-assets.ts';
import { buildSurfaces } from './bundle-surfaces.ts';
import { generate } from './generate.ts';
import { withLock } from './lock.mjs';
import { fromRoot, root } from './paths.ts';
import { runOrThrow } from './process.ts';
import { hashOf, stampIs, writeStamp } from './stamp.mjs';

const cache = fromRoot('node_modules/.cache/loyalnest');

/** What the web build is made from: a change of any of it makes a new one. */
const inputs = [
  'app',
  'extensions',
  'infra/local/vite-plugins.ts',
  'proto',
  'public',
  'package-lock.json',
  'package.json',
  'remix.config.js',
  'tsconfig.json',
  'vite.config.ts',
];

/** Builds the web application for production and the extensions for the emulator, unless the last build was made from the same files. */
export async function build(
  options: { force?: boolean; log?: (line: string) => void } = {},
): Promise<void> {
  await generate({ log: options.log });
  if (!existsSync(fromRoot('app/root.tsx'))) {
    options.log?.('there is no app/root.tsx: nothing to build');
    return;
  }
  await withLock(path.join(cache, 'build.lock'), async () => {
    const stamp = fromRoot('build/.stamp');
    const hash = hashOf(root, inputs, (file) => !/\.(test|spec)\.tsx?$/.test(file));
    if (options.force !== true && stampIs(stamp, hash)) return;
    // A page that is open asks for the files of the build before.
    keepAssets(fromRoot('build/client/assets'), fromRoot('build/kept-assets'));
    await runOrThrow('Building the web application', 'remix', ['vite:build'], {
      env: { ...process.env, NODE_ENV: 'production' },
    });
    await buildSurfaces(fromRoot('build/surfaces'));
    writeStamp(stamp, hash);
    options.log?.('built the web application (build/)');
  });
}
