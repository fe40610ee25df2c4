// Dependencies in infra/*.tf, through modules as well: no cycle, which Terraform refuses, and what a
// `-target` brings with it.
import type { References } from './terraform-check-references.ts';
import {
  expressionsIn,
  firstStep,
  folderOf,
  stringsIn,
  treeOf,
} from './terraform-configuration.ts';
import type { Ast, Module, Value } from './terraform-configuration.ts';

/** What each part needs, by address, such as `module.data/aws_db_instance.primary`. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export async function graphOf(modules: readonly Module[], references: References): Promise<Graph> {
  const edges = new Map<string, string[]>();
  // Every call of a module is one copy of it: `prefix` tells them apart.
  const add = async (module: Module, prefix: string): Promise<void> => {
    for (const part of module.parts.values()) {
      const addresses = [...(references.named.get(`${module.folder}:${part.address}`) ?? [])];
      if (part.kind !== 'module') {
        edges.set(
          prefix + part.address,
          addresses.map((address) => inside(prefix, address)),
        );
        continue;
      }
      const child = modules.find(({ folder }) => folder === folderOf(part));
      if (child === undefined) continue;
      await add(child, `${prefix}${part.address}/`);
      // A variable's own body names nothing but itself in its validation.
      for (const variable of child.parts.values())
        if (variable.kind === 'variable') {
          const key = `${prefix}${part.address}/${variable.address}`;
          const given = part.body[variable.type];
          const needs = given === undefined ? [] : await addressesIn(given);
          edges.set(
            key,
            needs.map((address) => inside(prefix, address)),
          );
        }
    }
  };
  const root = modules.find(({ folder }) => folder === '.');
  if (root !== undefined) await add(root, '');

  return edges;
}

/** The first cycle found, or nothing. */
export function circleIn(graph: Graph): string[] {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): string[] => {
    const at = trail.indexOf(node);
    if (at !== -1) return [...trail.slice(at), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      // A validation names its own variable.
      if (next === node) continue;
      const circle = visit(next, [...trail, node]);
      if (circle.length > 0) return circle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

/** Everything that `-target` of these brings with it: themselves, what is in them, and all that they need. */
export function reachedFrom(graph: Graph, targets: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...graph.keys()].filter((node) =>
    targets.some((target) => node === target || node.startsWith(`${target}/`)),
  );
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    waiting.push(...(graph.get(node) ?? []));
  }
  return reached;
}

/** `module.data.host` is the output of the module called data; anything else is in the same module. */
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
