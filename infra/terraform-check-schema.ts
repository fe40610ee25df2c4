// The arguments of infra/*.tf against the providers' schema, as `terraform validate` checks them.
import { expressionsIn } from './terraform-configuration.ts';
import type { Body, Module, Value } from './terraform-configuration.ts';
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
  and_statement: once(block({}, { statement: { ...statement, use: 'required', repeats: true } })),
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
          problems.push(`${name} appears ${bodies.length} times`);
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

/** Whether a reference may name it. */
export const isReadable = (schema: BlockSchema, name: string) =>
  schema.attributes[name] !== undefined || schema.blocks?.[name] !== undefined || name === 'id';
