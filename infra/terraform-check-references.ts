// What the expressions of infra/*.tf name, looked up: variables, locals, resources with their attributes, outputs.
import { isReadable } from './terraform-check-schema.ts';
import {
  expressionsIn,
  firstStep,
  folderOf,
  stringsIn,
  treeOf,
} from './terraform-configuration.ts';
import type { Ast, Body, Module, Part, Value } from './terraform-configuration.ts';
import type { Schema } from './terraform-schema.extract.ts';

const functions = new Set(
  `abs ceil chomp coalesce coalescelist compact concat contains can cidrsubnet distinct element file fileset flatten
  floor format formatlist index join jsondecode jsonencode keys length lookup lower max merge min one range regex
  replace reverse setproduct setunion sha256 slice sort split startswith endswith strcontains substr sum templatefile
  title tolist tomap tonumber toset tostring trimprefix trimspace try upper values yamlencode zipmap`.split(
    /\s+/,
  ),
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
  const moduleOf = (call: Part) => modules.find(({ folder }) => folder === folderOf(call));

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
          const { type: declared } = target.body;
          const type = typeof declared === 'string' ? declared : '';
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

/** Names that the `dynamic` blocks of a part bring. */
function iteratorsOf(value: Value): string[] {
  if (Array.isArray(value)) return (value as Value[]).flatMap(iteratorsOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === 'dynamic' ? Object.keys(inner as Body) : []),
    ...iteratorsOf(inner),
  ]);
}

/** Variables, locals, data sources and outputs that are unused, and missing variables of a module call. */
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
        problems.push(`${file}: ${address} is unused`);
      if (
        kind === 'output' &&
        folder !== '.' &&
        !references.outputsRead.has(`${folder}:${address}`)
      )
        problems.push(`${file}: ${address} is unused`);
    }
    for (const call of parts.values()) {
      if (call.kind !== 'module') continue;
      const child = modules.find((other) => other.folder === folderOf(call));
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
