// Bulk operations: the rules a query must obey, and their start and end. What runs them is bulk-runner.ts.
import { randomBytes } from 'node:crypto';
import {
  type DocumentNode,
  getNamedType,
  type GraphQLCompositeType,
  GraphQLError,
  isCompositeType,
  isListType,
  getNullableType,
  parse,
  type SelectionSetNode,
  validate,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { adminSchema } from './admin-graphql/schema.ts';
import { bulkFinishBody } from './payloads.ts';
import type { BulkOperation } from './state.ts';
import type { World } from './world.ts';

const MOST_CONNECTIONS = 5;
const DEEPEST = 2;

/** Why Shopify would refuse the query, or undefined. */
export function validateBulkQuery(query: string): string | undefined {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return `Invalid bulk query: ${error instanceof GraphQLError ? error.message : String(error)}`;
  }
  const schema = adminSchema(),
    errors = validate(schema, document);
  if (errors[0]) return `Invalid bulk query: ${errors[0].message}`;
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation] = operations;
  if (!operation || operations.length !== 1 || operation.operation !== OperationTypeNode.QUERY)
    return 'Bulk queries must hold exactly one query operation.';
  const fragments = new Map(
    document.definitions
      .filter((d): d is FragmentDefinitionNode => d.kind === Kind.FRAGMENT_DEFINITION)
      .map((d) => [d.name.value, d]),
  );
  let connections = 0,
    roots = 0,
    problem: string | undefined;
  const walk = (
    set: SelectionSetNode | undefined,
    type: GraphQLCompositeType,
    depth: number,
    inList: boolean,
  ): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind !== Kind.FIELD) {
        const inner =
            selection.kind === Kind.FRAGMENT_SPREAD
              ? fragments.get(selection.name.value)
              : selection,
          on = inner?.typeCondition ? schema.getType(inner.typeCondition.name.value) : type;
        if (inner && isCompositeType(on)) walk(inner.selectionSet, on, depth, inList);
        continue;
      }
      const field = 'getFields' in type ? type.getFields()[selection.name.value] : undefined,
        named = field && getNamedType(field.type);
      if (!field || !isCompositeType(named)) continue;
      if (!named.name.endsWith('Connection')) {
        walk(
          selection.selectionSet,
          named,
          depth,
          inList || (isListType(getNullableType(field.type)) && !type.name.endsWith('Connection')),
        );
        continue;
      }
      connections++;
      if (depth === 0) roots++;
      if (inList)
        problem ??=
          'Queries that contain a connection field within a list field are not currently supported.';
      if (depth >= DEEPEST + 1)
        problem ??= `Bulk queries cannot nest connections more than ${DEEPEST} deep.`;
      walk(selection.selectionSet, named, depth + 1, inList);
    }
  };
  const root = schema.getQueryType();
  if (root) walk(operation.selectionSet, root, 0, false);
  if (roots !== 1)
    problem ??=
      roots === 0
        ? 'Bulk queries must contain at least one connection.'
        : 'Bulk queries with more than one top-level connection are not modeled by the emulator.';
  if (connections > MOST_CONNECTIONS)
    problem ??= `Bulk queries cannot contain more than ${MOST_CONNECTIONS} connections.`;
  return problem;
}

export function startBulk(world: World, query: string): BulkOperation {
  const operation: BulkOperation = {
    id: world.store.nextId('bulk'),
    query,
    status: 'CREATED',
    errorCode: null,
    createdAt: world.clock.iso(),
    completedAt: null,
    objectCount: 0,
    rootObjectCount: 0,
    fileSize: null,
    token: randomBytes(18).toString('hex'),
  };
  world.data.bulk.push(operation);
  world.store.changed();
  world.runBulk(operation);
  return operation;
}
export function cancelBulk(world: World, operation: BulkOperation): void {
  endBulk(world, operation, 'CANCELED');
}

export function endBulk(
  world: World,
  operation: BulkOperation,
  status: BulkOperation['status'],
  errorCode: string | null = null,
): void {
  operation.status = status;
  operation.errorCode = errorCode;
  operation.completedAt = world.clock.iso();
  world.store.changed();
  world.emit('bulk_operations/finish', bulkFinishBody(operation));
}
