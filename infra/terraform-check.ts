// What `terraform validate` would say, and a little more, without Terraform: the parts of infra/*.tf against the
// providers' schema, their references against each other.
import path from 'node:path';
import { expressionsIn, stringsIn, treeOf } from './terraform-configuration.ts';
import type { Ast, Body, Module, Part, Value } from './terraform-configuration.ts';
import type { BlockSchema, Schema } from './terraform-schema.extract.ts';

const metaArguments = new Set(['count', 'for_each', 'depends_on', 'lifecycle', 'provider']);
const lifecycle = new Set([
  'create_before_destroy',
  'prevent_destroy',
  'ignore_changes',
  'precondition',
  'postcondition',
]);

const block = (
  attributes: BlockSchema['attributes'],
  blocks: Record<string, BlockSchema & { use: 'required' | 'optional'; repeats: boolean }> = {},
): BlockSchema => ({ attributes, blocks });
const once = (schema: BlockSchema, use: 'required' | 'optional' = 'optional') => ({
  ...schema,
  use,
  repeats: false,
});
const empty = () => once(block({}));

// The provider's schema of a web ACL says nothing of its statements; this is what its documentation says of those here.
const statement: BlockSchema = { attributes: {}, blocks: {} };
const statementBlocks = {
  and_statement: once(
    block({}, { statement: { ...statement, use: 'required', repeats: true } }),
  ),
  or_statement: once(block({}, { statement: { ...statement, use: 'required', repeats: true } })),
  not_statement: once(block({}, { statement: { ...statement, use: 'required', repeats: false } })),
  byte_match_statement: once(
    block(
      { positional_constraint: 'required simple', search_string: 'required simple' },
      {
        field_to_match: once(block({}, { uri_path: empty() }), 'required'),
        text_transformation: {
          ...block({ priority: 'required simple', type: 'required simple' }),
          use: 'required',
          repeats: true,
        },
      },
    ),
  ),
  label_match_statement: once(block({ scope: 'required simple', key: 'required simple' })),
  managed_rule_group_statement: once(
    block(
      { name: 'required simple', vendor_name: 'required simple', version: 'optional simple' },
      {
        rule_action_override: {
          ...block(
            { name: 'required simple' },
            { action_to_use: once(block({}, { count: empty() }), 'required') },
          ),
          use: 'optional',
          repeats: true,
        },
        scope_down_statement: { ...statement, use: 'optional', repeats: false },
      },
    ),
  ),
  rate_based_statement: once(
    block(
      {
        limit: 'required simple',
        aggregate_key_type: 'optional simple',
        evaluation_window_sec: 'optional simple',
      },
      { scope_down_statement: { ...statement, use: 'optional', repeats: false } },
    ),
  ),
};
const isStatement = (name: string) => name === 'statement' || name === 'scope_down_statement';

/** Every resource, block and argument against the schema. */
export function problemsOfSchema(modules: readonly Module[], schema: Schema): string[] {
  return modules.flatMap(({ parts }) =>
    [...parts.values()].flatMap((part) => {
      if (part.kind !== 'resource' && part.kind !== 'data' && part.kind !== 'ephemeral') return [];
      const known = schema[part.kind][part.type];
      if (known === undefined) return [`${part.file}: ${part.kind} ${part.type} is not known`];
      return checkBody(part.body, known, metaArguments, part.type === 'aws_wafv2_web_acl').map(
        (problem) => `${part.file}: ${part.address}: ${problem}`,
      );
    }),
  );
}

function checkBody(
  body: Body,
  schema: BlockSchema,
  extra: ReadonlySet<string>,
  isFirewall: boolean,
): string[] {
  const blocks = schema.blocks ?? {};
  const problems: string[] = [];
  const inBlock = (name: string, inner: Body) => {
    const known =
      isFirewall && isStatement(name) ? { attributes: {}, blocks: statementBlocks } : blocks[name];
    if (known === undefined) problems.push(`has no block ${name}`);
    else
      problems.push(
        ...checkBody(inner, known, new Set(), isFirewall).map((problem) => `${name}: ${problem}`),
      );
  };
  const written = new Set<string>();
  for (const [name, value] of Object.entries(body)) {
    if (extra.has(name)) {
      if (name === 'lifecycle') problems.push(...checkLifecycle(value, schema));
      continue;
    }
    if (name === 'dynamic') {
      for (const [inner, made] of Object.entries(value as Body)) {
        written.add(inner);
        for (const { content } of made as unknown as { content: Body[] }[])
          for (const one of content) inBlock(inner, one);
      }
      continue;
    }
    written.add(name);
    if (blocks[name] !== undefined || (isFirewall && isStatement(name))) {
      const bodies = value as readonly Body[];
      if (!Array.isArray(value)) problems.push(`${name} is a block`);
      else {
        if (blocks[name]?.repeats === false && bodies.length > 1)
          problems.push(`${name} stands there ${bodies.length} times`);
        for (const one of bodies) inBlock(name, one);
      }
      continue;
    }
    const [use, shape] = (schema.attributes[name] ?? '').split(' ');
    if (use === undefined || shape === undefined) problems.push(`has no argument ${name}`);
    else if (use === 'computed') problems.push(`${name} can only be read`);
    else if (!fits(value, shape)) problems.push(`${name} is a ${shape}`);
  }
  for (const [name, use] of Object.entries(schema.attributes))
    if (use.startsWith('required') && !written.has(name)) problems.push(`lacks ${name}`);
  for (const [name, { use }] of Object.entries(blocks))
    if (use === 'required' && !written.has(name)) problems.push(`lacks the block ${name}`);
  return problems;
}

function fits(value: Value, shape: string): boolean {
  if (typeof value === 'string' && value.includes('${')) return true;
  if (value === null) return true;
  if (Array.isArray(value)) return shape === 'list' || shape === 'set';
  if (typeof value === 'object') return shape === 'map' || shape === 'struct';
  return shape === 'simple';
}

function checkLifecycle(value: Value, schema: BlockSchema): string[] {
  return (value as readonly Body[]).flatMap((rules) =>
    Object.entries(rules).flatMap(([name, rule]) => {
      if (!lifecycle.has(name)) return [`lifecycle has no ${name}`];
      if (name !== 'ignore_changes' || !Array.isArray(rule)) return [];
      return (rule as string[])
        .map((ignored) => expressionsIn(ignored)[0] ?? ignored)
        .filter((ignored) => !isReadable(schema, ignored))
        .map((ignored) => `ignores changes of ${ignored}, which it does not have`);
    }),
  );
}

const isReadable = (schema: BlockSchema, name: string) =>
  schema.attributes[name] !== undefined || schema.blocks?.[name] !== undefined || name === 'id';

const functions = new Set(
  `abs ceil chomp coalesce coalescelist compact concat contains can cidrsubnet distinct element file fileset flatten
  floor format formatlist index join jsondecode jsonencode keys length lookup lower max merge min one range regex
  replace reverse setproduct setunion sha256 slice sort split startswith endswith strcontains substr sum templatefile
  title tolist tomap tonumber toset tostring trimprefix trimspace try upper values yamlencode zipmap`.split(/\s+/),
);

/** What an expression stands for where it is a resource or a module, whole or in instances. */
type Target = Part | undefined;

interface Scope {
  readonly module: Module;
  readonly part: Part;
  /** Names of `for` and `dynamic`, with the resource that they go through. */
  readonly names: ReadonlyMap<string, Target>;
}

export interface References {
  readonly problems: readonly string[];
  /** Addresses that each part names: `folder:address` → those of its own module. */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
  /** Outputs of modules that are read: `folder:output.name`. */
  readonly outputsRead: ReadonlySet<string>;
}

/** Every `var.`, `local.`, `module.`, `data.` and attribute in every expression, looked up. */
export async function resolveReferences(
  modules: readonly Module[],
  schema: Schema,
): Promise<References> {
  const problems: string[] = [];
  const named = new Map<string, Set<string>>();
  const outputsRead = new Set<string>();
  const moduleOf = (call: Part) =>
    modules.find(({ folder }) => folder === path.join(String(call.body['source'])));

  for (const module of modules) {
    for (const part of module.parts.values()) {
      const found = new Set<string>();
      named.set(`${module.folder}:${part.address}`, found);
      const say = (problem: string) => problems.push(`${part.file}: ${part.address}: ${problem}`);

      const attribute = (target: Part, name: string) => {
        if (target.kind === 'module') {
          const child = moduleOf(target);
          if (child?.parts.has(`output.${name}`) === true)
            outputsRead.add(`${child.folder}:output.${name}`);
          else say(`${target.address} has no output ${name}`);
          found.add(`${target.address}.${name}`);
        } else if (
          target.kind === 'resource' ||
          target.kind === 'data' ||
          target.kind === 'ephemeral'
        ) {
          const known = schema[target.kind][target.type];
          if (known !== undefined && !isReadable(known, name))
            say(`${target.address} has no attribute ${name}`);
        } else if (target.kind === 'variable') {
          const type = String(target.body['type'] ?? '');
          const fields = /^\$?\{?object\(/.test(type)
            ? [...type.matchAll(/(\w+)\s*=/g)].map(([, field]) => field)
            : undefined;
          if (fields !== undefined && !fields.includes(name))
            say(`${target.address} has no field ${name}`);
        }
      };

      const traversal = (text: string, scope: Scope): Target => {
        const steps = text.replace(/\[[^\]]*\]/g, '').split('.');
        const [first = '', second = '', third = ''] = steps;
        if (scope.names.has(first)) {
          const target = scope.names.get(first);
          const rest = steps.slice(1).filter((step) => !['key', 'value'].includes(step));
          if (target !== undefined && rest[0] !== undefined) {
            attribute(target, rest[0]);
            return undefined;
          }
          return target;
        }
        if (first === 'each' || first === 'count') {
          const needed = first === 'each' ? 'for_each' : 'count';
          if (!(needed in part.body)) say(`${text} without ${needed}`);
          return undefined;
        }
        if (first === 'path') return undefined;
        const length = ['var', 'local', 'module'].includes(first)
          ? 2
          : ['data', 'ephemeral'].includes(first)
            ? 3
            : 2;
        const address = [first, second, third].slice(0, length).join('.');
        const target = module.parts.get(address);
        if (target === undefined) {
          say(`${address} is not there`);
          return undefined;
        }
        if (target.kind !== 'module') found.add(address);
        const field = steps[length];
        if (field === undefined) return target;
        attribute(target, field);
        return undefined;
      };

      const walk = (node: Ast, scope: Scope): Target => {
        const children = node.children ?? [];
        const each = (inner: Scope = scope) => children.map((child) => walk(child, inner));
        switch (node.type) {
          case 'scopeTraversal':
            return traversal(node.meta?.fullAccessor ?? node.meta?.value ?? '', scope);
          case 'for': {
            const [collection, ...rest] = children;
            const target = collection === undefined ? undefined : walk(collection, scope);
            const names = new Map(scope.names);
            if (node.meta?.keyVar) names.set(node.meta.keyVar, undefined);
            if (node.meta?.valVar) names.set(node.meta.valVar, target);
            for (const child of rest) walk(child, { ...scope, names });
            return undefined;
          }
          case 'index':
            return each()[0];
          case 'function': {
            const name = node.meta?.name ?? '';
            if (!functions.has(name)) say(`${name}() is no function that is used here`);
            const [target] = each();
            return name === 'values' || name === 'one' ? target : undefined;
          }
          case 'splat': {
            const [source, ...rest] = children;
            const target = source === undefined ? undefined : walk(source, scope);
            for (const child of rest)
              if (child.type === 'relativeTraversal' && target !== undefined)
                attribute(target, firstStep(child));
            return undefined;
          }
          case 'relativeTraversal': {
            const [target] = each();
            if (target !== undefined) attribute(target, firstStep(node));
            return undefined;
          }
          default:
            each();
            return undefined;
        }
      };

      const iterators = iteratorsOf(part.body);
      for (const { text, keys } of stringsIn(part.body)) {
        // A type is no expression, and what a lifecycle ignores is looked up in the schema.
        if (part.kind === 'variable' && keys[0] === 'type') continue;
        if (keys.includes('ignore_changes')) continue;
        if (part.kind === 'module' && keys[0] === 'source') continue;
        const names = new Map<string, Target>(
          iterators.filter((name) => keys.includes(name)).map((name) => [name, undefined]),
        );
        for (const expression of expressionsIn(text))
          walk(await treeOf(expression), { module, part, names });
      }
    }
  }
  for (const module of modules) problems.push(...module.problems);
  return { problems, named, outputsRead };
}

const firstStep = (node: Ast) => (node.meta?.fullAccessor ?? '').replace(/\[.*$/, '').split('.')[0] ?? '';

/** Names that the `dynamic` blocks of a part bring. */
function iteratorsOf(value: Value): string[] {
  if (Array.isArray(value)) return (value as Value[]).flatMap(iteratorsOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === 'dynamic' ? Object.keys(inner as Body) : []),
    ...iteratorsOf(inner),
  ]);
}

/** Variables, locals, data sources and outputs that nobody reads, and variables that a call of a module leaves out. */
export function problemsOfUse(modules: readonly Module[], references: References): string[] {
  const problems: string[] = [];
  for (const { folder, parts } of modules) {
    const read = new Set(
      [...references.named]
        .filter(([from]) => from.startsWith(`${folder}:`))
        .flatMap(([, addresses]) => [...addresses]),
    );
    for (const { address, kind, file } of parts.values()) {
      if (['variable', 'local', 'data', 'ephemeral'].includes(kind) && !read.has(address))
        problems.push(`${file}: nobody reads ${address}`);
      if (
        kind === 'output' &&
        folder !== '.' &&
        !references.outputsRead.has(`${folder}:${address}`)
      )
        problems.push(`${file}: nobody reads ${address}`);
    }
    for (const call of parts.values()) {
      if (call.kind !== 'module') continue;
      const child = modules.find((other) => other.folder === path.join(String(call.body['source'])));
      const wanted = [...(child?.parts.values() ?? [])]
        .filter(({ kind, body }) => kind === 'variable' && !('default' in body))
        .map(({ type }) => type);
      const given = Object.keys(call.body).filter(
        (name) => !['source', 'count', 'for_each', 'depends_on', 'providers'].includes(name),
      );
      for (const name of wanted)
        if (!given.includes(name)) problems.push(`${call.file}: ${call.address} lacks ${name}`);
      for (const name of given)
        if (child?.parts.has(`var.${name}`) !== true)
          problems.push(`${call.file}: ${call.address} has no variable ${name}`);
    }
  }
  return problems;
}

/** Parts that need each other in a circle, which Terraform refuses: the first circle found, or nothing. */
export async function circleOf(
  modules: readonly Module[],
  references: References,
): Promise<string[]> {
  const edges = new Map<string, string[]>();
  // Every call of a module is one copy of it: `prefix` tells them apart.
  const add = async (module: Module, prefix: string): Promise<void> => {
    for (const part of module.parts.values()) {
      const addresses = [...(references.named.get(`${module.folder}:${part.address}`) ?? [])];
      if (part.kind !== 'module') {
        edges.set(prefix + part.address, addresses.map((address) => inside(prefix, address)));
        continue;
      }
      const child = modules.find(({ folder }) => folder === path.join(String(part.body['source'])));
      if (child === undefined) continue;
      for (const [name, value] of Object.entries(part.body)) {
        if (name === 'source') continue;
        const needs = await addressesIn(value);
        edges.set(
          `${prefix}${part.address}/var.${name}`,
          needs.map((address) => inside(prefix, address)),
        );
      }
      await add(child, `${prefix}${part.address}/`);
      // A variable's own body names nothing but itself in its validation.
      for (const variable of child.parts.values())
        if (variable.kind === 'variable') {
          const key = `${prefix}${part.address}/${variable.address}`;
          const given = part.body[variable.type];
          const needs = given === undefined ? [] : await addressesIn(given);
          edges.set(key, needs.map((address) => inside(prefix, address)));
        }
    }
  };
  const root = modules.find(({ folder }) => folder === '.');
  if (root !== undefined) await add(root, '');

  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): string[] => {
    const at = trail.indexOf(node);
    if (at !== -1) return [...trail.slice(at), node];
    if (done.has(node)) return [];
    for (const next of edges.get(node) ?? []) {
      // A validation names its own variable.
      if (next === node) continue;
      const circle = visit(next, [...trail, node]);
      if (circle.length > 0) return circle;
    }
    done.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const circle = visit(node, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

/** `module.data.host` is the output of the module called data; all else is beside whoever names it. */
function inside(prefix: string, address: string): string {
  const [, call, output] = /^module\.(\w+)\.(\w+)$/.exec(address) ?? [];
  return call === undefined ? prefix + address : `${prefix}module.${call}/output.${output}`;
}

async function addressesIn(value: Value): Promise<string[]> {
  const found: string[] = [];
  const walk = (node: Ast): void => {
    if (node.type === 'scopeTraversal') {
      const steps = (node.meta?.fullAccessor ?? '').replace(/\[[^\]]*\]/g, '').split('.');
      const length = ['data', 'ephemeral', 'module'].includes(steps[0] ?? '') ? 3 : 2;
      found.push(steps.slice(0, length).join('.'));
    }
    // `module.x[*].y`
    if (node.type === 'splat') {
      const [source, ...rest] = node.children ?? [];
      const first = source?.meta?.fullAccessor ?? '';
      if (first.startsWith('module.'))
        for (const child of rest) found.push(`${first}.${firstStep(child)}`);
    }
    for (const child of node.children ?? []) walk(child);
  };
  for (const { text } of stringsIn(value))
    for (const expression of expressionsIn(text)) walk(await treeOf(expression));
  return found;
}
