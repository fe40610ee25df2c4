import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepAssets } from './kept-assets.ts';

const day = 24 * 60 * 60 * 1000;
let folder = '';
let build = '';
let kept = '';
const release = (files: Readonly<Record<string, string>>) => {
  rmSync(build, { recursive: true, force: true });
  mkdirSync(path.join(build, 'fonts'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(build, name), text);
};
const keptFiles = () =>
  readdirSync(kept, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'fonts')
    .sort();

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-assets-'));
  build = path.join(folder, 'build');
  kept = path.join(folder, 'kept');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files of earlier builds', () => {
  test('are there beside those of the next one', () => {
    release({ 'app-1.js': 'one', 'fonts/a.woff2': 'a' });
    keepAssets(build, kept);
    release({ 'app-2.js': 'two' });
    keepAssets(build, kept);
    expect(keptFiles()).toEqual(['app-1.js', 'app-2.js', 'fonts/a.woff2']);
    expect(readFileSync(path.join(kept, 'app-1.js'), 'utf8')).toBe('one');
  });

  test('go after a week without a build that has them', () => {
    const now = Date.now();
    release({ 'app-1.js': 'one', 'shared.js': 'both' });
    keepAssets(build, kept, now);
    release({ 'app-2.js': 'two', 'shared.js': 'both' });
    keepAssets(build, kept, now + 6 * day);
    expect(keptFiles()).toContain('app-1.js');
    keepAssets(build, kept, now + 8 * day);
    expect(keptFiles()).toEqual(['app-2.js', 'shared.js']);
  });

  test('are none before the first build', () => {
    keepAssets(build, kept);
    keepAssets(build, path.join(folder, 'elsewhere'));
    expect(readdirSync(folder)).toEqual([]);
  });
});
