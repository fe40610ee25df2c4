import { describe, expect, it } from 'vitest';
import { staleFiles } from './assets.rules.ts';

const now = Date.parse('2026-12-31T00:00:00Z');
const daysAgo = (days: number) => new Date(now - days * 24 * 60 * 60 * 1000).toISOString();
const release = (name: string, days: number, files: readonly string[]) => ({
  release: name,
  at: daysAgo(days),
  files,
});
const stored = (files: Readonly<Record<string, number>>) =>
  Object.entries(files).map(([key, days]) => ({ key, lastModified: daysAgo(days) }));

describe('files of releases', () => {
  it('stay for the newest three releases, however old', () => {
    const manifests = [
      release('d', 100, ['d.js']),
      release('c', 200, ['c.js']),
      release('b', 300, ['b.js']),
      release('a', 400, ['a.js', 'c.js']),
    ];
    expect(
      staleFiles(stored({ 'a.js': 400, 'b.js': 300, 'c.js': 400, 'd.js': 100 }), manifests, now),
    ).toEqual(['a.js']);
  });

  it('stay for every release that was in place within a month, even one that is old', () => {
    const manifests = [
      release('e', 0, ['e.js']),
      release('d', 1, ['d.js']),
      release('c', 2, ['c.js']),
      // In place until three days ago.
      release('b', 3, ['b.js']),
      release('a', 200, ['a.js']),
    ];
    const files = stored({ 'a.js': 200, 'b.js': 3, 'c.js': 2, 'd.js': 1, 'e.js': 0 });
    expect(staleFiles(files, manifests, now)).toEqual([]);
    expect(staleFiles(files, manifests, now + 27 * 24 * 60 * 60 * 1000)).toEqual(['a.js']);
  });

  it('stay while their release is on its way', () => {
    expect(staleFiles(stored({ 'new.js': 0 }), [release('a', 40, ['a.js'])], now)).toEqual([]);
  });

  it('go with nothing that still has them', () => {
    expect(staleFiles(stored({ 'lost.js': 31 }), [release('a', 1, [])], now)).toEqual(['lost.js']);
  });
});
