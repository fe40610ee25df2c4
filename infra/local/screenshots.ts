import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from './generate.ts';
import { findChromium, howToGet } from './optional-tools.ts';
import { fromRoot } from './paths.ts';
import { Problem, run } from './process.ts';
import { say, seconds } from './terminal.ts';

const languages = ['en', 'es', 'fr'];
const widths = ['1280', '375'];
const parts = ['empty', 'demo', 'messages', 'sheets'];
/** Of each of the two shops; it takes about a third of it on two cores. */
const minutesAtMost = 20;
const bytesAtMost = 6_000_000;

export interface ScreenshotOptions {
  readonly language: string;
  readonly width: string;
  /** One of `parts`; empty: all of them. */
  readonly only: string;
  /** Only tests whose title has this. */
  readonly grep: string;
}

export function screenshotOptions(args: readonly string[]): ScreenshotOptions {
  const known: Readonly<Record<string, readonly string[] | undefined>> = {
    language: languages,
    width: widths,
    only: parts,
    grep: undefined,
  };
  const options = { language: '', width: '', only: '', grep: '' };
  for (let at = 0; at < args.length; at++) {
    const [name = '', inline] = (args[at] ?? '').split('=', 2);
    const key = name.replace(/^--/, '');
    if (!Object.hasOwn(known, key) || !name.startsWith('--'))
      throw new Problem(
        `npm run screenshots does not know "${name}"; it accepts --language, --width, --only and --grep.`,
      );
    const value = inline ?? args[++at] ?? '';
    const allowed = known[key];
    if (value === '' || (allowed !== undefined && !allowed.includes(value)))
      throw new Problem(`${name} takes ${allowed?.join(', ') ?? 'a part of a title'}.`);
    options[key as keyof typeof options] = value;
  }
  return options;
}

/**
 * `npm run screenshots`: pictures of every page and state, in each language and at both widths, of an empty shop and of
 * the demo's, and contact sheets of them in docs/screenshots.
 */
export async function screenshots(args: readonly string[]): Promise<void> {
  const options = screenshotOptions(args);
  if (findChromium() === undefined)
    throw new Problem(`Chromium is missing. ${howToGet('chromium')}`);
  const started = Date.now();
  await generate();
  // Of a whole run nothing older is left: a picture of a page that is gone would stay on its sheet.
  if (args.length === 0) rmSync(fromRoot('bench', 'screenshots'), { recursive: true, force: true });
  let failed = false;
  for (const shop of ['empty', 'demo']) {
    if (options.only !== '' && options.only !== shop) continue;
    const { code } = await run(
      'playwright',
      [
        'test',
        '--reporter=list',
        `--global-timeout=${minutesAtMost * 60_000}`,
        '--output=test-results/screenshots',
        ...(options.grep === '' ? [] : ['--grep', options.grep]),
      ],
      {
        show: true,
        env: {
          ...process.env,
          SCREENSHOTS: shop,
          SCREENSHOTS_LANGUAGE: options.language,
          SCREENSHOTS_WIDTH: options.width,
        },
      },
    );
    failed ||= code !== 0;
  }
  if (['', 'messages'].includes(options.only)) await mails(options);
  await sheets(options);
  say(`Done in ${seconds(started)}; single pictures are in bench/screenshots.`);
  if (failed) throw new Problem('Some pictures were not taken: see above.');
}

/** They need no server: what sends them renders them. */
async function mails({ language, width }: ScreenshotOptions): Promise<void> {
  process.env.SCREENSHOTS_LANGUAGE = language;
  process.env.SCREENSHOTS_WIDTH = width;
  const { takeMails } = await import('#e2e/screenshots/mails.ts');
  say(`  ${await takeMails()} mails`);
}

async function sheets({ language, width }: ScreenshotOptions): Promise<void> {
  process.env.SCREENSHOTS_LANGUAGE = language;
  process.env.SCREENSHOTS_WIDTH = width;
  const { makeSheets, sheetsFolder } = await import('#e2e/screenshots/sheets.ts');
  for (const { file, pictures, bytes } of await makeSheets())
    say(`  ${file.padEnd(44)}${String(pictures).padStart(3)} pictures${kilobytes(bytes)}`);
  writeFileSync(path.join(sheetsFolder, 'README.md'), indexOf(readdirSync(sheetsFolder)));
  const all = folderBytes(sheetsFolder) + folderBytes(fromRoot('docs', 'merchant', 'pictures'));
  say(`  committed in all${kilobytes(all)}`);
  if (all > bytesAtMost) throw new Problem(`That is more than ${bytesAtMost / 1e6} MB.`);
}

const languageNames: Readonly<Record<string, string>> = {
  en: 'English',
  es: 'Spanish',
  fr: 'French',
};

/** What docs/screenshots says of the sheets that are there. */
export function indexOf(files: readonly string[]): string {
  const cell = (language: string, part: string) =>
    widths
      .filter((width) => files.includes(`${language}-${width}-${part}.webp`))
      .map((width) => `[${width}](${language}-${width}-${part}.webp)`)
      .join(' · ');
  const rows = languages.map(
    (language) =>
      `| ${[languageNames[language] ?? language, ...['admin', 'shop', 'states', 'messages'].map((part) => cell(language, part))].join(' | ')} |`,
  );
  return `# Screenshots
Contact sheets of every page, in English, Spanish and French, at 1280 pixels and at a phone's 375. \`npm run screenshots\` makes them, and this page, from the built product: of an empty shop first, then of the demo's. Single pictures stay in \`bench/screenshots\`, which is not committed.

| | merchant and console | shop, checkout, account, POS | empty, loading, error | mails |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

\`-- --language fr --width 375\` makes those of one language and width, \`--only empty\`, \`--only demo\`, \`--only messages\` and \`--only sheets\` one part of the work, \`--grep console\` the pictures of tests whose title has the word. A new page of the app has to be named in [pages.ts](../../e2e/screenshots/pages.ts); a test says so.
`;
}

const kilobytes = (bytes: number) => `${String(Math.round(bytes / 1_000)).padStart(8)} kB`;

const folderBytes = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
    : 0;
