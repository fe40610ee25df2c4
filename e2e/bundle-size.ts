import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { pageAt } from '#app/i18n/page-words.ts';

const chunk = z.object({ module: z.string(), imports: z.array(z.string()).default([]) });
const manifestSchema = z.object({
  entry: chunk,
  routes: z.record(z.string(), chunk.extend({ id: z.string(), parentId: z.string().optional() })),
});

export interface RouteSize {
  readonly route: string;
  readonly gzipBytes: number;
}

/**
 * Script that a first visit to each page of the dashboard downloads, gzipped: entry, root, layout, page and what they
 * share, and its words in the largest of the languages. What is fetched only when used (charts, dialogs, error reports)
 * does not count.
 */
export function dashboardRouteSizes(clientFolder: string): RouteSize[] {
  const assets = join(clientFolder, 'assets');
  const files = readdirSync(assets);
  const manifestFile = files.find((file) => /^manifest-\w+\.js$/.test(file));
  if (manifestFile === undefined) throw new Error(`No Remix manifest in ${assets}: build first`);
  const source = readFileSync(join(assets, manifestFile), 'utf8');
  const manifest = manifestSchema.parse(
    JSON.parse(source.slice(source.indexOf('{'), source.lastIndexOf('}') + 1)),
  );

  const sizes = new Map<string, number>();
  const sizeOf = (url: string) => {
    const known = sizes.get(url) ?? gzipSync(readFileSync(join(clientFolder, url))).length;
    sizes.set(url, known);
    return known;
  };
  const wordsOf = (id: string) => {
    const page = pageAt(
      `/${id.replace('routes/', '').replaceAll('_.', '.').replaceAll('.', '/')}`.replace(
        '/_index',
        '',
      ),
    );
    // A page that is not known is one without words of its own: it shows what all do.
    const words = files.filter((file) =>
      new RegExp(`^(en|es|fr)-${page ?? 'status'}-[\\w-]+\\.js$`).test(file),
    );
    if (words.length === 0) throw new Error(`There are no words of ${id} in ${assets}`);
    return Math.max(...words.map((file) => sizeOf(`/assets/${file}`)));
  };

  const scriptsOf = (id: string | undefined): string[] => {
    const route = id === undefined ? undefined : manifest.routes[id];
    return route === undefined
      ? [manifest.entry.module, ...manifest.entry.imports]
      : [route.module, ...route.imports, ...scriptsOf(route.parentId)];
  };
  return Object.keys(manifest.routes)
    .filter((id) => /^routes\/app(\.|$)/.test(id))
    .map((id) => ({
      route: id,
      gzipBytes: [...new Set(scriptsOf(id))].reduce((sum, url) => sum + sizeOf(url), wordsOf(id)),
    }))
    .sort((one, other) => other.gzipBytes - one.gzipBytes);
}
