import { expect, test } from 'vitest';
import { screenshotOptions } from './screenshots.ts';

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
