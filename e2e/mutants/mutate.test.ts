import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { mutate, switchName } from './mutate.ts';

const changesOf = (text: string) =>
  mutate('rule.ts', text, 1).mutants.map(({ before, after }) => `${before} -> ${after}`);

/** What the source returns while one of its mutants is on; 0 is none of them. */
function resultOf(text: string, id: number): unknown {
  const { source } = mutate('rule.ts', text, 1);
  const global = { [switchName]: (one: number) => one === id };
  return JSON.parse(String(runInNewContext(`JSON.stringify((() => { ${source} })())`, global)));
}

describe('mutants', () => {
  it('are small changes, one at a time', () => {
    expect(changesOf('x = a < 5;')).toEqual([
      'x = a < 5; -> ',
      'a < 5 -> (a) <= (5)',
      'a < 5 -> (a) >= (5)',
      '5 -> 5 + 1',
      '5 -> 5 - 1',
    ]);
    expect(changesOf('x(a ?? b);')).toEqual(['x(a ?? b); -> ', 'a ?? b -> a', 'a ?? b -> b']);
    expect(changesOf("x(a ? 'b' : c);")).toEqual([
      "x(a ? 'b' : c); -> ",
      "a ? 'b' : c -> a ? c : 'b'",
      "'b' -> ''",
    ]);
  });

  it('leave types, imports and names alone', () => {
    expect(changesOf("import a from 'b'; type C = 'd' | 5; interface E { f: 'g' }")).toEqual([]);
    expect(changesOf("const a: 'b' = c as 5; const { 'd': e } = { 'f': a };")).toEqual([]);
    expect(changesOf("const a = import('b');")).toEqual([]);
  });

  it('are all off until one is switched on, also inside of each other', () => {
    const text = 'const a = 2; return a < 3 && a + 1 > 2 ? [a] : [];';
    expect(resultOf(text, 0)).toEqual([2]);
    const { mutants } = mutate('rule.ts', text, 1);
    const emptied = mutants.find(({ before }) => before === '[a]');
    expect(resultOf(text, emptied?.id ?? 0)).toEqual([]);
    const differing = mutants.filter(({ id }) => String(resultOf(text, id)) !== '2');
    expect(differing.length).toBeGreaterThan(5);
  });

  it('can leave out a step', () => {
    const text = 'let a = 1; a += 2; return a;';
    const { mutants } = mutate('rule.ts', text, 1);
    const without = mutants.find(({ before, after }) => before === 'a += 2;' && after === '');
    expect(resultOf(text, without?.id ?? 0)).toBe(1);
    const other = mutants.find(({ after }) => after === 'a -= (2)');
    expect(resultOf(text, other?.id ?? 0)).toBe(-1);
  });

  it('leave an else to the condition it belongs to', () => {
    const text = 'let a = 0; if (a > 1) a += 5; else a += 7; return a;';
    expect(resultOf(text, 0)).toBe(7);
  });

  it('are put in only as far as they are wanted, under the same numbers', () => {
    const all = mutate('rule.ts', 'x = 5;', 10);
    const some = mutate('rule.ts', 'x = 5;', 10, (id) => id === 12);
    expect(all.mutants.map(({ id }) => id)).toEqual([10, 11, 12]);
    expect(some.mutants).toEqual([all.mutants[2]]);
    expect(mutate('rule.ts', 'x = 5;', 10, () => false).source).toBe('x = 5;');
  });
});
