import type { Engine } from 'mrml';

let engine: Promise<Engine> | undefined;

/** MJML as HTML for mail programs. Its WebAssembly is loaded with the first mail. */
export async function mjmlToHtml(mjml: string): Promise<string> {
  engine ??= load();
  const result = (await engine).toHtml(mjml);
  if (result.type === 'error') throw new Error(`a mail could not be rendered: ${result.message}`);
  return result.content;
}

async function load(): Promise<Engine> {
  const { Engine: MrmlEngine } = await import('mrml');
  const loaded = new MrmlEngine();
  // Otherwise a font's name would load it from Google: a mail loads nothing but the shop's pictures.
  loaded.setRenderOptions({ disableComments: false, socialIconOrigin: null, fonts: {} });
  return loaded;
}
