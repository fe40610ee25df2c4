import { ESLint, Linter } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '../local/paths.ts';
import { sqlByParameters } from './sql-by-parameters.ts';

const file = '/planted/core/shared/planted.ts';
const other = '/planted/core/shared/columns.ts';
const around = `
declare const db: { query(text: string | { text: string; values?: unknown[] }, values?: unknown[]): unknown;
  escapeIdentifier(name: string): string; $queryRawUnsafe(text: string, ...values: unknown[]): unknown };
declare const input: string;
declare const sort: 'name' | 'age';
declare const many: string[];
`;

/** The compiler's own libraries are read once: they are most of the time. */
const host = ts.createCompilerHost({});
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  types: [],
  lib: ['lib.es2022.d.ts'],
  allowImportingTsExtensions: true,
  noEmit: true,
};
const libraries = new Map<string, ts.SourceFile | undefined>();

function programOf(files: Readonly<Record<string, string>>): ts.Program {
  return ts.createProgram(Object.keys(files), options, {
    ...host,
    fileExists: (name) => name in files || host.fileExists(name),
    readFile: (name) => files[name] ?? host.readFile(name),
    directoryExists: () => true,
    getSourceFile: (name, target) => {
      const text = files[name];
      if (text !== undefined) return ts.createSourceFile(name, text, target, true);
      if (!libraries.has(name)) libraries.set(name, host.getSourceFile(name, target));
      return libraries.get(name);
    },
  });
}

const settings = {
  allowed: { 'core/shared/planted.ts': { checkedId: 'refused unless it is a UUID' } },
  passing: { page: { place: 0, names: ['select'] } },
};

/** What the rule says of a piece of code: the parts of SQL that are not written there. */
function found(code: string, rule: object = { passing: settings.passing }): string[] {
  const text = around + code;
  const program = programOf({
    [file]: text,
    [other]: `export const columns = 'a, b'; export const of = (alias: string) => \`\${alias}.a\`;`,
  });
  return new Linter({ cwd: '/planted' })
    .verify(
      text,
      [
        {
          files: ['**/*.ts'],
          plugins: { loyalnest: { rules: { 'sql-by-parameters': sqlByParameters } } },
          languageOptions: {
            parser: tseslint.parser,
            parserOptions: { programs: [program], tsconfigRootDir: '/planted' },
          },
          rules: { 'loyalnest/sql-by-parameters': ['error', rule] },
        },
      ],
      { filename: file },
    )
    .map(({ message }) => /^"(.*)" becomes part/.exec(message)?.[1] ?? message);
}

describe('SQL that holds a value', () => {
  it.each([
    ['in a template', 'db.query(`SELECT ${input}`);', 'input'],
    ['by a plus', "db.query('SELECT ' + input);", 'input'],
    ['in a text of its own', 'const sql = `SELECT ${input}`; db.query(sql);', 'input'],
    ['added later', "let sql = 'SELECT 1'; sql += input; db.query(sql);", 'input'],
    ['in settings', 'db.query({ text: `SELECT ${input}`, values: [] });', 'input'],
    ['by a choice', "db.query(`SELECT ${sort === 'name' ? 'a' : input}`);", 'input'],
    ['in a list', "const w = ['a']; w.push(input); db.query(`${w.join(' AND ')}`);", 'input'],
    ['by a list', "db.query(many.join(', '));", 'many'],
    ['by a map', 'db.query(`${many.map((each) => each).join()}`);', 'many'],
    ['by a function', 'const f = (x: string) => `a = ${x}`; db.query(f(input));', 'input'],
    ['in a replacement', "db.query('a'.replace('a', () => input));", 'input'],
    ['by Prisma', 'db.$queryRawUnsafe(`SELECT ${input}`);', 'input'],
    ['by who calls it', 'function f(x: string) { db.query(x); } f(input);', 'input'],
    ['of whoever may call it', 'export function f(x: string) { db.query(x); }', 'x'],
    ['quoted by hand', "db.query(`SELECT '${input.replaceAll(`'`, `''`)}'`);", 'input'],
    [
      'through what passes it on',
      'declare function page(q: object): void; page({ select: input });',
      'input',
    ],
    [
      'by a parameter taken apart',
      'const f = ({ x }: { x: string }) => x; db.query(f({ x: input }));',
      'input',
    ],
    ['beside what is harmless', 'db.query(`SELECT ${sort} ${input}`);', 'input'],
    ['of settings passed on', 'declare const q: { text: string }; db.query({ ...q });', 'q'],
    [
      'of another file’s function',
      "import { of } from './columns.ts'; db.query(of(input));",
      'input',
    ],
  ])('is reported: %s', (_where, code, part) => {
    expect(found(code)).toEqual([part]);
  });
});

describe('SQL that the code writes', () => {
  it.each([
    ['by parameters', "db.query('SELECT $1', [input]);"],
    [
      'of another file’s columns',
      "import { columns, of } from './columns.ts'; db.query(`SELECT ${columns}, ${of('t')}`);",
    ],
    ['by a closed list', 'db.query(`SELECT ${sort}`);'],
    ['by a number', 'db.query(`SELECT 1 LIMIT ${many.length}`);'],
    ['by places of parameters', 'const v: unknown[] = []; db.query(`a = $${v.push(input)}`, v);'],
    ['by a table of texts', "const by = { name: 'a', age: 'b' }; db.query(`SELECT ${by[sort]}`);"],
    [
      'by a table of tables',
      "const by = { name: { key: 'a' }, age: { key: 'b' } }; const one = by[sort]; db.query(one.key);",
    ],
    [
      'by one of two',
      "const [w, v] = sort === 'name' ? ['a = $1', input] : ['b = $1', input]; db.query(w ?? '', [v]);",
    ],
    ['quoted by the driver', 'db.query(`SELECT ${db.escapeIdentifier(input)}`);'],
    ['by a map of it', "db.query(`${['a', 'b'].map((c) => `t.${c}`).join()}`);"],
    [
      'by a function that is given one',
      "const f = (p: (v: string) => string) => `a = ${p(input)}`; db.query(f(() => '$1'));",
    ],
    [
      'with settings of another kind',
      "declare const page: { values: unknown[] }; db.query({ text: 'SELECT 1', ...page });",
    ],
    ['in a loop', "for (const t of ['a', 'b']) db.query(`DELETE FROM ${t}`);"],
    ['by a function of this file', "const f = (x: string) => `a = ${x}`; db.query(f('b'));"],
  ])('is let through: %s', (_how, code) => {
    expect(found(code)).toEqual([]);
  });

  it('may hold what is listed with a reason, and the list must not outlive it', () => {
    const code = 'declare const checkedId: string; db.query(`SELECT ${checkedId}`);';
    expect(found(code)).toEqual(['checkedId']);
    expect(found(code, settings)).toEqual([]);
    expect(found('', settings)).toEqual([
      'Nothing here needs to be allowed for "checkedId" any more.',
    ]);
  });
});

it('is looked at in every file of the product that may query', async () => {
  const eslint = new ESLint({ cwd: fromRoot('.') });
  for (const name of [
    'core/orders/orders.store.ts',
    'core/database/tenant-transaction.ts',
    'app/sessions/session-storage.server.ts',
    'infra/local/migrate.ts',
    'prisma/seed/seed.ts',
    'e2e/load/restore-audit.ts',
  ]) {
    const { rules } = (await eslint.calculateConfigForFile(fromRoot(name))) as {
      rules: Record<string, unknown[]>;
    };
    expect(rules['loyalnest/sql-by-parameters']?.[0], name).toBe(2);
  }
});
