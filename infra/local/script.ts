import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { generate } from './generate.ts';
import { fromRoot } from './paths.ts';
import { Problem } from './process.ts';
import { entries } from './services.ts';

/** Scripts of their own; each starts and stops the services it needs. */
const scripts = {
  seed: 'prisma/seed/main.ts',
  bench: 'e2e/load/bench.ts',
  chaos: 'e2e/load/chaos.ts',
  soak: 'e2e/load/soak.ts',
  histories: 'e2e/load/histories.ts',
  fuzz: 'e2e/load/fuzz.ts',
  'drill:restore': 'e2e/load/restore-drill.ts',
  mutants: 'e2e/mutants/mutants.ts',
} as const;

/** Returned by a command that keeps running in this process. */
export const running = Symbol('running');

/** One process of the product as in production; its configuration comes from the environment alone. */
export async function start(name: 'web' | 'worker' | 'core'): Promise<typeof running> {
  if (name === 'web' && !existsSync(fromRoot('build/server/index.js'))) {
    throw new Problem('There is no build of the web application yet: npm run build makes it.');
  }
  process.env.NODE_ENV ??= 'production';
  return become(entries[name], []);
}

export async function runScript(
  name: keyof typeof scripts,
  args: readonly string[],
): Promise<typeof running> {
  await generate();
  return become(scripts[name], args);
}

export async function become(file: string, args: readonly string[]): Promise<typeof running> {
  const absolute = fromRoot(file);
  if (!existsSync(absolute)) throw new Problem(`${file} is missing from this checkout.`);
  process.argv.splice(1, Infinity, absolute, ...args);
  // One Ctrl-C may arrive twice, from the terminal and passed on: the second must not end what drains after the first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.on(signal, () => undefined));
  }
  await import(pathToFileURL(absolute).href);
  return running;
}
