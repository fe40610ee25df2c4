import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.dirname(import.meta.dirname);
const paper = readFileSync(path.join(root, 'docs/threat-model.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The table under each surface, by row: kind, threat, answer, checked by. */
const surfaces = paper
  .slice(paper.indexOf('## Threats, surface by surface'), paper.indexOf('## How it is tried'))
  .split('\n### ')
  .slice(1)
  .map((part) => ({
    name: part.split('\n')[0] ?? '',
    rows: [...part.matchAll(/^\| ([STRIDE]) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
      ([, kind = '', threat = '', answer = '', check = '']) => ({ kind, threat, answer, check }),
    ),
  }));

describe('the threat model', () => {
  it('has every surface of the product', () => {
    const names = surfaces.map(({ name }) => name.split(/[ ,(]/)[0]);
    expect(names).toEqual([
      'Dashboard',
      'App',
      'Checkout',
      'Theme',
      'Webhooks',
      'Events',
      'Core',
      'Console',
      'Queue',
      'Database',
      'Files',
      'CI',
      'AWS',
    ]);
  });

  it.each(surfaces)('has each kind of threat to: $name', ({ rows }) => {
    expect([...new Set(rows.map(({ kind }) => kind))].join('')).toBe('STRIDE');
  });

  it.each(surfaces)('says how each answer is checked: $name', ({ rows }) => {
    for (const { threat, check } of rows) {
      const files = [...check.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, file = '']) => file);
      const commands = [...check.matchAll(/`npm run ([\w:]+)[^`]*`/g)].map(([, name = '']) => name);
      expect(files.length + commands.length, threat).toBeGreaterThan(0);
      for (const file of files) expect(existsSync(path.join(root, file)), file).toBe(true);
      for (const name of commands) expect(scripts[name], name).toBeDefined();
    }
  });
});
