// Reads infra/*.tf for terraform.test.ts, module by module, with all that each expression names.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { getExpressionAst, parse } from '@cdktf/hcl2json';

export type Value =
  string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Body = Readonly<Record<string, Value>>;

/** One block at the top of a file: `resource "aws_vpc" "this"`, `variable "name"`, a single local. */
export interface Part {
  /** As references name it: `aws_vpc.this`, `data.x.y`, `var.name`, `local.name`, `module.x`, `output.x`. */
  readonly address: string;
  readonly kind: 'resource' | 'data' | 'ephemeral' | 'variable' | 'local' | 'output' | 'module';
  /** The provider's type; the name alone of all else. */
  readonly type: string;
  readonly file: string;
  readonly body: Body;
}

export interface Module {
  /** Folder under infra/; '.' is the root. */
  readonly folder: string;
  readonly parts: ReadonlyMap<string, Part>;
  readonly problems: readonly string[];
}

/** An expression's tree, as HashiCorp's own parser gives it. */
export interface Ast {
  readonly type: string;
  readonly meta?: {
    readonly value?: string;
    readonly name?: string;
    readonly keyVar?: string;
    readonly valVar?: string;
    readonly fullAccessor?: string;
  } | null;
  readonly children?: readonly Ast[] | null;
}

/** Every `.tf` under infra/, as path and text. */
export function readFiles(infra: string): Map<string, string> {
  return new Map(
    readdirSync(infra, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.tf'))
      .sort()
      .map((file) => [file, readFileSync(path.join(infra, file), 'utf8')]),
  );
}

/** Parses files to modules, a folder each. */
export async function readModules(files: ReadonlyMap<string, string>): Promise<Module[]> {
  const folders = new Map<string, { parts: Map<string, Part>; problems: string[] }>();
  for (const [file, text] of files) {
    const folder = path.dirname(file);
    const found = folders.get(folder) ?? { parts: new Map<string, Part>(), problems: [] };
    folders.set(folder, found);
    for (const part of partsOf(file, (await parse(file, text)) as Body)) {
      if (found.parts.has(part.address))
        found.problems.push(`${file}: ${part.address} is defined twice`);
      found.parts.set(part.address, part);
    }
  }
  return [...folders].map(([folder, { parts, problems }]) => ({ folder, parts, problems }));
}

function partsOf(file: string, document: Body): Part[] {
  const parts: Part[] = [];
  const add = (kind: Part['kind'], address: string, type: string, bodies: Value) => {
    for (const body of bodies as readonly Body[]) parts.push({ address, kind, type, file, body });
  };
  const entries = (value: Value | undefined) => Object.entries((value ?? {}) as Body);
  for (const kind of ['resource', 'data', 'ephemeral'] as const)
    for (const [type, named] of entries(document[kind]))
      for (const [name, bodies] of entries(named))
        add(kind, `${kind === 'resource' ? '' : `${kind}.`}${type}.${name}`, type, bodies);
  for (const [name, bodies] of entries(document['variable']))
    add('variable', `var.${name}`, name, bodies);
  for (const [name, bodies] of entries(document['output']))
    add('output', `output.${name}`, name, bodies);
  for (const [name, bodies] of entries(document['module']))
    add('module', `module.${name}`, name, bodies);
  for (const locals of (document['locals'] ?? []) as readonly Body[])
    for (const [name, value] of Object.entries(locals))
      add('local', `local.${name}`, name, [{ value }]);
  return parts;
}

/** The expressions between `${` and `}` in a string as the parser gives it. */
export function expressionsIn(text: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', at)) {
    if (text[at - 1] === '$') {
      at += 2;
      continue;
    }
    const end = endOf(text, at + 2);
    found.push(text.slice(at + 2, end));
    at = end;
  }
  return found;
}

/** Where the brace closes that opened before `from`; braces within quoted text count only as templates. */
function endOf(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') at = endOfQuoted(text, at + 1);
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
    at += 1;
  }
  return at;
}

function endOfQuoted(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith('${', at)) at = endOf(text, at + 2);
    at += 1;
  }
  return at;
}

/** Every string in a value, with the keys that lead to it; keys that are expressions, too. */
export function* stringsIn(
  value: Value,
  keys: readonly string[] = [],
): Generator<{ text: string; keys: readonly string[] }> {
  if (typeof value === 'string') yield { text: value, keys };
  else if (Array.isArray(value))
    for (const item of value as readonly Value[]) yield* stringsIn(item, keys);
  else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes('${')) yield { text: key, keys };
      yield* stringsIn(inner, [...keys, key]);
    }
}

const trees = new Map<string, Promise<Ast>>();

/** The tree of an expression. */
export function treeOf(expression: string): Promise<Ast> {
  const known = trees.get(expression);
  if (known !== undefined) return known;
  const tree = getExpressionAst('expression.tf', expression).then((ast) => {
    if (ast === null) throw new Error(`This is no expression: ${expression}`);
    return ast;
  });
  trees.set(expression, tree);
  return tree;
}

/** The folder that a call of a module leads to. */
export function folderOf(call: Part): string {
  const { source } = call.body;
  return typeof source === 'string' ? path.join(source) : '';
}

/** The first name after an index or a splat: `arn` of `x[*].arn.y`. */
export const firstStep = (node: Ast): string =>
  (node.meta?.fullAccessor ?? '').replace(/\[.*$/, '').split('.')[0] ?? '';
