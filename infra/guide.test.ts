import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = path.join(import.meta.dirname, '../docs');
const guide = readFileSync(path.join(docs, 'guide.md'), 'utf8');

interface Row {
  readonly item: string;
  readonly state: string;
  readonly where: string;
  readonly why: string;
}

/** Tables of the guide's sections, by their number. */
function sections(): Map<number, Row[]> {
  const found = new Map<number, Row[]>();
  for (const part of guide.split(/^## /m)) {
    const number = Number(/^(\d+)\. /.exec(part)?.[1]);
    if (Number.isNaN(number)) continue;
    const rows = [...part.matchAll(/^\| (.*) \|$/gm)]
      .map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()))
      .slice(2)
      .map(([item = '', state = '', where = '', why = '']) => ({ item, state, where, why }));
    found.set(number, rows);
  }
  return found;
}
const rows = () => [...sections().values()].flat();
const pathsOf = (text: string) =>
  [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);

describe('the deployment guide', () => {
  it('is answered in each of its sections 2 to 11', () => {
    expect([...sections().keys()]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const [number, table] of sections())
      expect(table.length, String(number)).toBeGreaterThan(3);
    expect(rows().length).toBeGreaterThan(110);
  });

  it('has a state for each item, and one row for each', () => {
    const wrong = rows().filter(({ state }) => !['built', 'departure', 'open'].includes(state));
    expect(wrong).toEqual([]);
    for (const [number, table] of sections())
      expect(new Set(table.map(({ item }) => item)).size, String(number)).toBe(table.length);
  });

  it('names where each item is that was built, and how it was checked or why it is otherwise', () => {
    const silent = rows().filter(
      ({ state, where, why }) => state !== 'open' && (pathsOf(where).length === 0 || why === ''),
    );
    expect(silent).toEqual([]);
  });

  it('names only files that exist', () => {
    const missing = pathsOf(guide).filter(
      (target) => target !== '' && !existsSync(path.join(docs, target)),
    );
    expect(missing).toEqual([]);
  });

  it('lists every browser journey under the critical paths', () => {
    const listed = pathsOf(guide.slice(guide.indexOf('## Critical paths'))).map((target) =>
      path.basename(target),
    );
    const journeys = readdirSync(path.join(docs, '../e2e')).filter((name) =>
      name.endsWith('.spec.ts'),
    );
    expect([...listed].sort()).toEqual(journeys.sort());
  });
});
