import { expect, test } from 'vitest';
import { indexOf, screenshotOptions } from './screenshots.ts';

test('a whole run, or the pictures of one language, width or shop', () => {
  const all = { language: '', width: '', only: '', grep: '' };
  expect(screenshotOptions([])).toEqual(all);
  expect(screenshotOptions(['--language', 'es', '--width=375'])).toEqual({
    ...all,
    language: 'es',
    width: '375',
  });
  expect(screenshotOptions(['--only', 'sheets', '--grep', 'console'])).toMatchObject({
    only: 'sheets',
    grep: 'console',
  });
});

test.each([['--language', 'de'], ['--width', '390'], ['--only'], ['--all'], ['language', 'es']])(
  '%s %s is refused',
  (...args) => {
    expect(() => screenshotOptions(args)).toThrow(/screenshots does not know|takes/);
  },
);

test('the page of the sheets links to those that are there', () => {
  const page = indexOf([
    'en-1280-admin.webp',
    'en-375-admin.webp',
    'fr-375-states.webp',
    'home.webp',
  ]);
  expect(page).toContain(
    '| English | [1280](en-1280-admin.webp) · [375](en-375-admin.webp) |  |  |',
  );
  expect(page).toContain('| French |  |  | [375](fr-375-states.webp) |');
  expect(page).not.toContain('es-');
});
