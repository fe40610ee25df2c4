import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromRoot } from './paths.ts';

const documents = ['.', 'docs', 'docs/merchant', 'docs/screenshots', 'e2e/shopify'].flatMap(
  (folder) =>
    readdirSync(fromRoot(folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(folder, name)),
);

/** Relative targets of links and pictures, without what follows `#`; code is no link. */
function linksOf(document: string): string[] {
  const text = readFileSync(fromRoot(document), 'utf8')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('the documents', () => {
  it.each(documents)('%s has no broken link', (document) => {
    const broken = linksOf(document).filter(
      (target) => !existsSync(path.join(path.dirname(fromRoot(document)), target)),
    );
    expect(broken).toEqual([]);
  });

  it('for merchants explain a balance whose lines add up', () => {
    const page = readFileSync(fromRoot('docs/merchant/why-is-my-balance-so.md'), 'utf8');
    const number = (text = '') => Number(text.replace(/[,+]/g, '').replace('−', '-'));
    const lines = [...page.matchAll(/^\| \w{3} \d+, \d{4} \|.*\| ([+−][\d,]+) \| ([\d,]+) \|$/gm)];
    expect(lines.length).toBeGreaterThanOrEqual(8);
    let balance = 0;
    for (const [line, points, after] of lines) {
      balance += number(points);
      expect(number(after), line).toBe(balance);
    }
  });

  it('for merchants have every page that the app links to', () => {
    const pages = [
      'setup',
      'earning',
      'rewards',
      'tiers',
      'campaigns',
      'expiration',
      'messages',
      'why-is-my-balance-so',
    ];
    expect(pages.filter((page) => !existsSync(fromRoot('docs/merchant', `${page}.md`)))).toEqual(
      [],
    );
  });

  it('state the purpose of every dependency', () => {
    const said = readFileSync(fromRoot('docs/dependencies.md'), 'utf8');
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(fromRoot('package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const names = Object.keys({ ...dependencies, ...devDependencies });
    // In the first column of a table: a mention on another package's line does not count.
    const explained = [...said.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(names.filter((name) => !explained.includes(name))).toEqual([]);
  });

  it('name every command of package.json', () => {
    const readme = readFileSync(fromRoot('README.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    // Whole words: `npm run dev` is not named by `npm run dev:local`, nor `seed` by a sentence about seeds.
    const isNamed = (name: string) =>
      new RegExp(`npm (run )?${name}(?![\\w:-])|\`${name}\``).test(readme);
    expect(Object.keys(scripts).filter((name) => !isNamed(name))).toEqual([]);
  });

  it('pin every package to one version, without a registry in the lock file', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(fromRoot('package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual(
      [],
    );
    expect(readFileSync(fromRoot('package-lock.json'), 'utf8')).not.toMatch(/"resolved": "https?:/);
  });
});
