// The extension's scripts, styles and words as Shopify would serve them, for the editor's preview alone.
const assets = import.meta.glob<string>(
  '../../../extensions/loyalnest-theme/assets/*.{js,css,json}',
  { query: '?raw', import: 'default', eager: true },
);
const byName = new Map(
  Object.entries(assets).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]),
);

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** A file of the extension; public, as in every storefront. */
export function answerWidgetAsset(name: string): Response {
  const text = byName.get(name);
  if (text === undefined) return new Response('Not found', { status: 404 });
  return new Response(text, {
    headers: {
      'content-type': types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain',
      'cache-control': 'public, max-age=300',
    },
  });
}

/** The words that shoppers read in each language once the panel is open. */
export function panelWords(language: string): Readonly<Record<string, string>> {
  return JSON.parse(byName.get(`loyalnest-${language}.json`) ?? '{}') as Record<string, string>;
}
