import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fromRoot } from '#infra/local/paths.ts';
import type { Language } from '../support/shop.ts';

export const languages = ['en', 'es', 'fr'] as const satisfies readonly Language[];
/** A laptop's and a small phone's. */
export const widths = [1280, 375] as const;
export type Width = (typeof widths)[number];

/** What a contact sheet shows: the merchant's and the team's pages, the shopper's, either's without data, and mails. */
export const parts = ['admin', 'shop', 'states', 'messages'] as const;
export type Part = (typeof parts)[number];

export interface View {
  readonly language: Language;
  readonly width: Width;
}

const heights: Readonly<Record<Width, number>> = { 1280: 800, 375: 760 };

/** Single pictures: made anew by each run, and not committed. */
export const picturesFolder = fromRoot('bench', 'screenshots');

/** Every language and width, or the ones that the command was given. */
export function views(): View[] {
  const only = (name: string, all: readonly (string | number)[]) => {
    const chosen = process.env[name];
    return chosen === undefined || chosen === '' ? all.map(String) : [chosen];
  };
  const chosenLanguages = only('SCREENSHOTS_LANGUAGE', languages);
  const chosenWidths = only('SCREENSHOTS_WIDTH', widths);
  return languages
    .filter((language) => chosenLanguages.includes(language))
    .flatMap((language) =>
      widths
        .filter((width) => chosenWidths.includes(String(width)))
        .map((width) => ({ language, width })),
    );
}

export const viewportOf = ({ width }: View) => ({ width, height: heights[width] });

/** How a browser of this view introduces itself. */
export const optionsOf = (view: View) => ({
  viewport: viewportOf(view),
  locale: { en: 'en-US', es: 'es-ES', fr: 'fr-FR' }[view.language],
  reducedMotion: 'reduce' as const,
});

export function fileOf({ language, width }: View, part: Part, name: string): string {
  const folder = path.join(picturesFolder, `${language}-${width}`, part);
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}.png`);
}
