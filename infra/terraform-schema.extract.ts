// Writes terraform-schema.json: what the provider knows of the resources that infra/*.tf use, for terraform.test.ts.
//
//   npm install --prefix /tmp/schema --legacy-peer-deps --ignore-scripts @cdktn/provider-aws@25.7.0 \
//     @cdktn/provider-random@15.0.1 @cdktf/provider-archive@11.0.1
//   node infra/terraform-schema.extract.ts /tmp/schema
//
// Those packages are classes generated from the providers' own schemas, 470 MB of them; the extract is committed in
// their stead. It holds the types that are used, with the blocks that are used or required: after a new one, run it again.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** `required`: must be written; `optional`: may be; `computed`: the provider's answer, for reading alone. */
export type Use = 'required' | 'optional' | 'computed';

export interface BlockSchema {
  /** Arguments and attributes: how each is used, and `simple`, `list`, `set` or `map`. */
  readonly attributes: Readonly<Record<string, `${Use} ${string}`>>;
  readonly blocks?: Readonly<
    Record<string, BlockSchema & { readonly use: Use; readonly repeats: boolean }>
  >;
}

export interface Schema {
  readonly about: string;
  readonly license: string;
  readonly providers: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, BlockSchema>>;
  readonly data: Readonly<Record<string, BlockSchema>>;
  readonly ephemeral: Readonly<Record<string, BlockSchema>>;
}

interface ClassText {
  /** `name` → `computed optional required` as the generator noted them above each accessor. */
  readonly notes: ReadonlyMap<string, Use>;
  readonly readable: ReadonlyMap<string, string>;
  readonly repeating: ReadonlyMap<string, boolean>;
}

const useOf = (computed: boolean, required: boolean, optional: boolean): Use =>
  required ? 'required' : optional || !computed ? 'optional' : 'computed';

/** What the text of one generated class says of its arguments. */
function readClass(text: string): ClassText {
  const notes = new Map<string, Use>();
  for (const [, name = '', computed, optional, required] of text.matchAll(
    /\/\/ ([\w.]+) - computed: (true|false), optional: (true|false), required: (true|false)/g,
  ))
    notes.set(name, useOf(computed === 'true', required === 'true', optional === 'true'));
  const readable = new Map<string, string>();
  for (const [, kind = '', name = ''] of text.matchAll(/this\.get(\w+)Attribute\('([\w.]+)'\)/g))
    readable.set(name, shapeOf(kind));
  const repeating = new Map<string, boolean>();
  for (const [, made = '', name = ''] of text.matchAll(/= new (\w+)\(this, "(\w+)"/g)) {
    repeating.set(name, /(List|Map)$/.test(made));
    if (!readable.has(name)) readable.set(name, 'nested');
  }
  return { notes, readable, repeating };
}

function shapeOf(kind: string): string {
  if (kind.endsWith('Map')) return 'map';
  if (kind === 'List' || kind === 'NumberList') return 'list';
  return 'simple';
}

/** The entries of an `attrs = { … }` literal that writes a struct or a resource as HCL. */
function readEntries(text: string) {
  return [
    ...text.matchAll(
      /^ {12}(\w+): \{\s+value: (.*),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",\s+\},|^ {8}(\w+): \{\s+value: (.*),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",\s+\},/gm,
    ),
  ].map((match) => {
    const [name = '', value = '', isBlock = '', shape = ''] = match
      .slice(1)
      .filter((part) => part !== undefined);
    const writer = /(\w+)ToHclTerraform[,(]/g;
    const struct = [...value.matchAll(writer)]
      .map(([, found = '']) => found)
      .find((found) => !/^(string|number|boolean|any|hashMapper|listMapperHcl)$/.test(found));
    return { name, struct, isBlock: isBlock === 'true', shape };
  });
}

/** The schema in one generated `index.js`: of a resource, a data source or an ephemeral resource. */
export function extractType(source: string): { type: string; schema: BlockSchema } {
  const type = /tfResourceType = "(\w+)"/.exec(source)?.[1];
  if (type === undefined) throw new Error('No generated class of a resource is in this text');
  const functions = new Map(
    [...source.matchAll(/^function (\w+)ToHclTerraform\(struct\) \{[\s\S]*?^\}/gm)].map((match) => [
      match[1] ?? '',
      match[0],
    ]),
  );
  const classes = [...source.matchAll(/^class (\w+) extends [\s\S]*?^\}/gm)].map((match) => ({
    name: match[1] ?? '',
    text: match[0],
  }));
  const root = classes.at(-1);
  if (root === undefined) throw new Error(`${type} has no class`);
  const ofStruct = (struct: string) =>
    classes.find(({ name }) => name.toLowerCase() === `${struct}OutputReference`.toLowerCase())
      ?.text;
  const build = (entriesIn: string, classText: string): BlockSchema => {
    const { notes, readable, repeating } = readClass(classText);
    const attributes: Record<string, `${Use} ${string}`> = {};
    const blocks: Record<string, BlockSchema & { use: Use; repeats: boolean }> = {};
    for (const { name, struct, isBlock, shape } of readEntries(entriesIn)) {
      const use = notes.get(name) ?? 'optional';
      // What it takes as it comes, such as the statements of a web ACL, is not known any further.
      if (!isBlock || struct === undefined) attributes[name] = `${use} ${shape}`;
      else {
        const inner = build(functions.get(struct) ?? '', ofStruct(struct) ?? '');
        blocks[name] = { use, repeats: repeating.get(name) ?? false, ...inner };
      }
    }
    for (const [name, shape] of readable)
      if (attributes[name] === undefined && blocks[name] === undefined)
        attributes[name] = `computed ${shape}`;
    return { attributes, ...(Object.keys(blocks).length > 0 ? { blocks } : {}) };
  };
  const entries = /synthesizeHclAttributes\(\) \{[\s\S]*/.exec(root.text)?.[0] ?? '';
  return { type, schema: build(entries, root.text) };
}

/** Types that the configuration names, by kind, as `aws_lb`. */
export function typesUsed(
  configuration: string,
): Record<'resource' | 'data' | 'ephemeral', string[]> {
  const named = (kind: string) =>
    [
      ...new Set(
        [...configuration.matchAll(new RegExp(`^${kind} "(\\w+)" "`, 'gm'))].map(
          ([, type = '']) => type,
        ),
      ),
    ].sort();
  return { resource: named('resource'), data: named('data'), ephemeral: named('ephemeral') };
}

function main(folder: string): void {
  const infra = import.meta.dirname;
  const configuration = readdirSync(infra, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tf'))
    .map((file) => readFileSync(path.join(infra, file), 'utf8'))
    .join('\n');
  const used = typesUsed(configuration);
  const providers: Record<string, string> = {};
  const isNamed = (block: string) =>
    new RegExp(`^\\s*(dynamic "${block}"|${block}) \\{`, 'm').test(configuration);
  const extract = (kind: 'resource' | 'data' | 'ephemeral') =>
    Object.fromEntries(
      used[kind].map((type) => [type, pruned(find(folder, kind, type, providers), isNamed)]),
    );
  const schema: Schema = {
    about:
      'Extract of the providers of Terraform, written by terraform-schema.extract.ts from the generated classes of @cdktn/provider-*.',
    license: 'MPL-2.0, Copyright IBM Corp. 2021, 2026; https://mozilla.org/MPL/2.0/',
    resource: extract('resource'),
    data: extract('data'),
    ephemeral: extract('ephemeral'),
    providers,
  };
  writeFileSync(path.join(infra, 'terraform-schema.json'), `${JSON.stringify(schema)}\n`);
}

/** Without unused optional blocks; a single resource can have a hundred. */
function pruned<Block extends BlockSchema>(
  schema: Block,
  isNamed: (block: string) => boolean,
): Block {
  const kept = Object.entries(schema.blocks ?? {})
    .filter(([name, { use }]) => use === 'required' || isNamed(name))
    .map(([name, block]) => [name, pruned(block, isNamed)] as const);
  const { blocks: _, ...rest } = schema;
  return { ...rest, ...(kept.length > 0 ? { blocks: Object.fromEntries(kept) } : {}) } as Block;
}

function find(
  folder: string,
  kind: 'resource' | 'data' | 'ephemeral',
  type: string,
  providers: Record<string, string>,
): BlockSchema {
  const [provider = '', ...words] = type.split('_');
  const library = ['@cdktn', '@cdktf']
    .map((scope) => path.join(folder, 'node_modules', scope, `provider-${provider}`, 'lib'))
    .find((place) => existsSync(place));
  if (library === undefined)
    throw new Error(`No package of the provider ${provider} is in ${folder}`);
  const prefix = kind === 'resource' ? '' : `${kind}-${provider}-`;
  const wanted = `tfResourceType = "${type}"`;
  const plain = path.join(library, `${prefix}${words.join('-')}`, 'index.js');
  const candidates = existsSync(plain)
    ? [plain]
    : readdirSync(library)
        .filter((name) => kind === 'resource' || name.startsWith(prefix))
        .map((name) => path.join(library, name, 'index.js'))
        .filter((file) => existsSync(file));
  const source = candidates
    .map((file) => readFileSync(file, 'utf8'))
    .find((text) => text.includes(wanted));
  if (source === undefined) throw new Error(`${kind} ${type} is in no package under ${folder}`);
  providers[provider] = /providerVersion: '([\d.]+)'/.exec(source)?.[1] ?? '';
  return extractType(source).schema;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Name the folder that the packages are installed in');
  main(folder);
}
