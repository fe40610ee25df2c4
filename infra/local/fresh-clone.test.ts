import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { imports as aliases } from '../../package.json' with { type: 'json' };
import { fromRoot } from './paths.ts';

/** The files that loading a file imports, without type-only and lazy imports. */
function loadedBy(file: string): string[] {
  const { outputText } = ts.transpileModule(readFileSync(fromRoot(file), 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const source = ts.createSourceFile(file, outputText, ts.ScriptTarget.ESNext);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return [];
    return placeOf(file, specifier.text);
  });
}

function placeOf(file: string, specifier: string): string[] {
  if (specifier.startsWith('.')) return [path.posix.join(path.posix.dirname(file), specifier)];
  for (const [alias, place] of Object.entries(aliases))
    if (specifier.startsWith(alias.slice(0, -1)))
      return [path.posix.join(place.slice(0, -1), specifier.slice(alias.length - 1))];
  return [];
}

/** The import path from a file to the first generated file it would load. */
function wayToGenerated(
  file: string,
  way: readonly string[],
  seen: Set<string>,
): readonly string[] {
  if (/^(proto\/gen|prisma\/generated)\//.test(file)) return [...way, file];
  if (seen.has(file) || !/\.m?ts$/.test(file)) return [];
  seen.add(file);
  for (const next of loadedBy(file)) {
    const found = wayToGenerated(next, [...way, file], seen);
    if (found.length > 0) return found;
  }
  return [];
}

// `console:admin` alone generates before it loads what it needs (cli.ts).
test.each([
  'cli',
  'demo',
  'test',
  'dev',
  'dev-web',
  'build',
  'generate',
  'script',
  'migrate-command',
  'must-know',
])('on a fresh clone, where nothing is generated yet, %s can be loaded', (command) => {
  expect(wayToGenerated(`infra/local/${command}.ts`, [], new Set())).toEqual([]);
});
