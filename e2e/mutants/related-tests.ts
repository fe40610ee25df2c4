import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromRoot } from '#infra/local/paths.ts';

const folders = '{app,core,e2e,extensions,infra,prisma,proto}';
const importing =
  /^\s*(?:import|export)\s+(?!type\b)[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\(?\s*['"]([^'"]+)['"]/gm;

/** The file that a module names, if it is one of ours: relative to the root. */
function resolved(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return path.posix.normalize(path.posix.join(path.dirname(from), name));
  if (!name.startsWith('#')) return undefined;
  return path.relative(fromRoot(), fileURLToPath(import.meta.resolve(name)));
}

/**
 * The unit tests that import one of the files, by whatever way.
 *
 * @param files relative to the root
 * @returns absolute paths, those with the fewest steps to a file first
 */
export function relatedTests(files: readonly string[]): string[] {
  const importers = new Map<string, string[]>();
  const sources = globSync(`${folders}/**/*.{ts,tsx}`, {
    cwd: fromRoot(),
    exclude: (name) => /(^|\/)(node_modules|gen|generated|build)$/.test(name),
  });
  for (const source of sources) {
    for (const match of readFileSync(fromRoot(source), 'utf8').matchAll(importing)) {
      const target = resolved(source, match[1] ?? match[2] ?? '');
      if (target !== undefined) importers.set(target, [...(importers.get(target) ?? []), source]);
    }
  }
  const seen = new Set(files);
  let ring = [...files];
  while (ring.length > 0) {
    ring = ring.flatMap((file) => importers.get(file) ?? []).filter((file) => !seen.has(file));
    for (const file of ring) seen.add(file);
  }
  return [...seen]
    .filter((file) => /\.test\.tsx?$/.test(file) && !/\.(db|web)\.test\.ts$/.test(file))
    .map((file) => fromRoot(file));
}
