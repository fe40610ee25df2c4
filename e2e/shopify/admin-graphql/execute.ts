// Executes Admin GraphQL against Shopify's published schema. What the schema refuses is refused in Shopify's words; what it allows
// but the emulator does not model is the error NOT_MODELED.
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getNamedType,
  getOperationAST,
  GraphQLError,
  type GraphQLFieldResolver,
  parse,
  validate,
  OperationTypeNode,
} from 'graphql';
import type { World } from '../world.ts';
import { accessDenied, holds, scopeOf } from './access.ts';
import type { Args, Context, Resolver } from './context.ts';
import { CostBucket, MAX_SINGLE_QUERY, requestedCost, type ThrottleStatus } from './cost.ts';
import { notModeled } from './errors.ts';
import { nodeById } from './nodes.ts';
import type { BulkWindow } from './relay.ts';
import { bulkMutations, bulkQueries } from './resolvers/bulk.ts';
import { customerMutations, customerQueries, TAG_SCOPE } from './resolvers/customers.ts';
import { discountMutations, discountQueries } from './resolvers/discounts.ts';
import { metafieldMutations, metafieldQueries } from './resolvers/metafields.ts';
import { moneyRewardMutations, moneyRewardQueries } from './resolvers/money-rewards.ts';
import { orderQueries } from './resolvers/orders.ts';
import { shopQueries } from './resolvers/shop.ts';
import { subscriptionMutations, subscriptionQueries } from './resolvers/subscriptions.ts';
import { adminSchema } from './schema.ts';

const QUERIES: Record<string, Resolver> = {
  ...shopQueries,
  ...customerQueries,
  ...orderQueries,
  ...metafieldQueries,
  ...bulkQueries,
  ...discountQueries,
  ...moneyRewardQueries,
  node: (args, context) => context.node(String(args['id'])),
  nodes: (args, context) => (args['ids'] as string[]).map((id) => context.node(id)),
  ...subscriptionQueries,
};
const MUTATIONS: Record<string, Resolver> = {
  ...customerMutations,
  ...metafieldMutations,
  ...bulkMutations,
  ...discountMutations,
  ...moneyRewardMutations,
  ...subscriptionMutations,
};
const TAG_MUTATIONS = ['tagsAdd', 'tagsRemove'];

export interface GraphqlRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}
export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: unknown[];
  extensions?: {
    cost: {
      requestedQueryCost: number;
      actualQueryCost: number | null;
      throttleStatus: ThrottleStatus;
    };
  };
}

const resolveField: GraphQLFieldResolver<unknown, Context> = (
  source,
  args: Args,
  context,
  info,
) => {
  const schema = info.schema,
    { fieldName, parentType } = info;
  const parent =
    parentType === schema.getQueryType()
      ? 'query'
      : parentType === schema.getMutationType()
        ? 'mutation'
        : 'object';
  const scope =
    parent === 'mutation' && TAG_MUTATIONS.includes(fieldName)
      ? TAG_SCOPE
      : scopeOf(parent, fieldName, getNamedType(info.returnType).name);
  if (scope && !holds(context.world.data.installation.scopes, scope))
    throw accessDenied(fieldName, scope);
  if (parent !== 'object') {
    const resolver = (parent === 'query' ? QUERIES : MUTATIONS)[fieldName];
    if (!resolver) throw notModeled(`${parentType.name}.${fieldName}`);
    return resolver(args, context);
  }
  const value: unknown = (source as Record<string, unknown>)[fieldName];
  if (value === undefined) throw notModeled(`${parentType.name}.${fieldName}`);
  return typeof value === 'function'
    ? (value as (args: Args, context: Context) => unknown)(args, context)
    : value;
};

function run(
  world: World,
  document: DocumentNode,
  request: Omit<GraphqlRequest, 'query'>,
  bulk?: BulkWindow,
): ExecutionResult | Promise<ExecutionResult> {
  const contextValue: Context = {
    world,
    node: (id) => nodeById(world, id),
    ...(bulk ? { bulk: { window: bulk, rootTaken: false } } : {}),
  };
  return execute({
    schema: adminSchema(),
    document,
    variableValues: request.variables ?? {},
    operationName: request.operationName ?? null,
    contextValue,
    fieldResolver: resolveField,
    typeResolver: (value) => (value as { __typename: string }).__typename,
  });
}

/** One window of a bulk operation's outermost connection. */
export async function runBulkWindow(
  world: World,
  query: string,
  window: BulkWindow,
): Promise<ExecutionResult> {
  return run(world, parse(query), {}, window);
}

/** Shopify's code beside the message of a query that the schema refuses. */
function schemaError(error: GraphQLError): unknown {
  const { message } = error;
  const undefinedField = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message);
  if (undefinedField)
    return {
      message: `Field '${undefinedField[1] ?? ''}' doesn't exist on type '${undefinedField[2] ?? ''}'`,
      locations: error.locations,
      path: ['query'],
      extensions: {
        code: 'undefinedField',
        typeName: undefinedField[2],
        fieldName: undefinedField[1],
      },
    };
  const code = /Unknown argument/.test(message)
    ? 'argumentNotAccepted'
    : /is required/.test(message)
      ? 'missingRequiredArguments'
      : /got invalid value|cannot represent|Expected value of type|used in position expecting/.test(
            message,
          )
        ? 'argumentLiteralsIncompatible'
        : 'invalid';
  return { message, locations: error.locations, path: ['query'], extensions: { code } };
}

function countObjects(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countObjects(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((sum, item) => sum + countObjects(item), 0);
}

export class AdminGraphql {
  readonly #world: World;
  readonly bucket = new CostBucket();
  constructor(world: World) {
    this.#world = world;
  }

  async answer(request: GraphqlRequest): Promise<GraphqlAnswer> {
    const { plan } = this.#world.data.shop,
      schema = adminSchema();
    let document: DocumentNode;
    try {
      document = parse(request.query);
    } catch (error) {
      return {
        errors: [
          {
            message: error instanceof GraphQLError ? error.message : String(error),
            locations: error instanceof GraphQLError ? error.locations : undefined,
            extensions: { code: 'parseError' },
          },
        ],
      };
    }
    const refused = validate(schema, document);
    if (refused.length > 0) return { errors: refused.map(schemaError) };
    const operation = getOperationAST(document, request.operationName);
    if (!operation)
      return {
        errors: [{ message: 'An operation name is required', extensions: { code: 'invalid' } }],
      };
    const requested = requestedCost(schema, document, operation, request.variables ?? {});
    const cost = (actual: number | null): GraphqlAnswer['extensions'] => ({
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: actual,
        throttleStatus: this.bucket.status(plan),
      },
    });
    if (requested > MAX_SINGLE_QUERY)
      return {
        errors: [
          {
            message: `Query cost is ${requested}, which exceeds the single query max cost limit (${MAX_SINGLE_QUERY}).`,
            extensions: {
              code: 'MAX_COST_EXCEEDED',
              cost: requested,
              maxCost: MAX_SINGLE_QUERY,
              documentation: 'https://shopify.dev/api/usage/limits#rate-limits',
            },
          },
        ],
        extensions: cost(null),
      };
    if (!this.bucket.take(plan, requested))
      return {
        errors: [
          {
            message: 'Throttled',
            extensions: {
              code: 'THROTTLED',
              documentation: 'https://shopify.dev/api/usage/limits#rate-limits',
            },
          },
        ],
        extensions: cost(null),
      };
    const result = await run(this.#world, document, request);
    const actual =
      operation.operation === OperationTypeNode.MUTATION
        ? requested
        : Math.min(requested, countObjects(result.data));
    this.bucket.giveBack(plan, requested - actual);
    // Variables of the wrong type never reach a resolver; the standard codes them INVALID_VARIABLE at Shopify.
    const errors = result.errors?.map((error) => ({
      message: error.message,
      locations: error.locations,
      path: error.path,
      extensions: {
        ...(result.data === undefined ? { code: 'INVALID_VARIABLE' } : {}),
        ...error.extensions,
      },
    }));
    return {
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(errors ? { errors } : {}),
      extensions: cost(actual),
    };
  }
}
