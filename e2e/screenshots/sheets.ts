import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { findChromium } from '#infra/local/optional-tools.ts';
import { fromRoot } from '#infra/local/paths.ts';
import { chosenPictures } from './chosen.ts';
import type { Chosen } from './chosen.ts';
import { labelHeight, layOut } from './sheet.rules.ts';
import type { Placed } from './sheet.rules.ts';
import { parts, picturesFolder, views } from './views.ts';
import type { Part, View, Width } from './views.ts';

export const sheetsFolder = fromRoot('docs', 'screenshots');
/** What git has to keep of each sheet, so that all of them stay below 6 MB. */
const sheetBytes = 238_000;
const chosenBytes = 60_000;
const qualities = [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];

const shapes: Readonly<Record<Width, { columns: number; width: number; tallest: number }>> = {
  1280: { columns: 4, width: 560, tallest: 640 },
  375: { columns: 8, width: 260, tallest: 1_000 },
};

export interface Made {
  readonly file: string;
  readonly pictures: number;
  readonly bytes: number;
}

/** Contact sheets of the pictures that are there, and the few that documents show; a sheet without pictures is left out. */
export async function makeSheets(): Promise<Made[]> {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    const made: Made[] = [];
    for (const view of views())
      for (const part of parts) made.push(...(await sheetOf(page, view, part)));
    for (const chosen of chosenPictures) made.push(...(await chosenOf(page, chosen)));
    return made;
  } finally {
    await browser.close();
  }
}

async function sheetOf(page: Page, view: View, part: Part): Promise<Made[]> {
  const folder = path.join(picturesFolder, `${view.language}-${view.width}`, part);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.png'))
    : [];
  if (files.length === 0) return [];
  const takenAt = (file: string) => statSync(path.join(folder, file)).mtimeMs;
  const isTeams = (file: string) => Number(/^(console|public)/.test(file));
  // In the order in which they were taken, which is that of a visit; the console's visit runs beside the merchant's.
  const pictures = files
    .toSorted((a, b) => isTeams(a) - isTeams(b) || takenAt(a) - takenAt(b))
    .map((file) => {
      const data = readFileSync(path.join(folder, file));
      return { name: file.replace(/\.png$/, ''), data, ...sizeOf(data) };
    });
  const layout = layOut(pictures, shapes[view.width]);
  await page.evaluate(begin, { width: layout.width, height: layout.height });
  for (const [index, placed] of layout.placed.entries())
    await page.evaluate(drawOnto, {
      source: dataUrl(pictures[index]?.data),
      placed,
      label: labelHeight,
    });
  const file = path.join(sheetsFolder, `${view.language}-${view.width}-${part}.webp`);
  return [await save(page, file, pictures.length, sheetBytes)];
}

async function chosenOf(page: Page, { from, to, width, height, top = 0 }: Chosen): Promise<Made[]> {
  const source = path.join(picturesFolder, from);
  if (!existsSync(source)) return [];
  const data = readFileSync(source);
  const whole = sizeOf(data);
  const tall = Math.min(height, Math.round(((whole.height - top) * width) / whole.width));
  await page.evaluate(begin, { width, height: tall });
  await page.evaluate(drawOnto, {
    source: dataUrl(data),
    placed: { name: '', x: 0, y: 0, width, height: tall },
    label: 0,
    top,
  });
  return [await save(page, fromRoot(to), 1, chosenBytes)];
}

/** A PNG has its width and height at a fixed place. */
const sizeOf = (data: Buffer) => ({ width: data.readUInt32BE(16), height: data.readUInt32BE(20) });

const dataUrl = (data: Buffer | undefined) =>
  `data:image/png;base64,${(data ?? Buffer.alloc(0)).toString('base64')}`;

/** Saves the canvas at the best quality within the bound. */
async function save(page: Page, file: string, pictures: number, bound: number): Promise<Made> {
  mkdirSync(path.dirname(file), { recursive: true });
  for (const quality of qualities) {
    const encoded = await page.evaluate(encode, quality);
    const bytes = Buffer.from(encoded.slice(encoded.indexOf(',') + 1), 'base64');
    if (bytes.length > bound && quality !== qualities.at(-1)) continue;
    writeFileSync(file, bytes);
    return { file: path.relative(fromRoot(), file), pictures, bytes: bytes.length };
  }
  throw new Error(`${file} was not encoded.`);
}

// What follows runs in the browser, on the one canvas of its page.
function begin({ width, height }: { width: number; height: number }): void {
  const canvas = document.createElement('canvas');
  document.body.replaceChildren(Object.assign(canvas, { width, height }));
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.fillStyle = '#e3e5e8';
  pen.fillRect(0, 0, width, height);
}

async function drawOnto({
  source,
  placed,
  label,
  top = 0,
}: {
  source: string;
  placed: Placed;
  label: number;
  top?: number;
}): Promise<void> {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const pen = document.querySelector('canvas')?.getContext('2d');
  if (!pen) return;
  const { name, x, y, width, height } = placed;
  pen.imageSmoothingQuality = 'high';
  const scale = picture.naturalWidth / width;
  pen.drawImage(picture, 0, top, picture.naturalWidth, height * scale, x, y, width, height);
  if (label === 0) return;
  pen.fillStyle = '#1f2124';
  pen.font = '13px system-ui, sans-serif';
  pen.fillText(name, x, y - 7, width);
}

function encode(quality: number): string {
  return document.querySelector('canvas')?.toDataURL('image/webp', quality) ?? '';
}
