import { cancelBulk, startBulk, validateBulkQuery } from '../../bulk.ts';
import { type BulkOperation, gid, idOf } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Resolver } from '../context.ts';
import { notModeled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { matcher } from '../search.ts';

/** Where results are downloaded: a host the proxy plays. */
export const bulkResultUrl = (operation: BulkOperation): string =>
  `https://storage.googleapis.com/shopify-tiers-assets-prod-us-east1/bulk-operation-outputs/${operation.token}-final?GoogleAccessId=assets-us-prod%40shopify-tiers.iam.gserviceaccount.com&Expires=${Math.floor(Date.parse(operation.completedAt ?? operation.createdAt) / 1000) + 604_800}&Signature=${operation.token.slice(0, 20)}&response-content-disposition=attachment%3B+filename%3D%22bulk-${operation.id}.jsonl%22&response-content-type=application%2Fjsonl`;

export const bulkNode = (_world: World, operation: BulkOperation): GraphNode => ({
  __typename: 'BulkOperation',
  id: gid('BulkOperation', operation.id),
  status: operation.status,
  type: 'QUERY',
  errorCode: operation.errorCode,
  createdAt: operation.createdAt,
  completedAt: operation.completedAt,
  objectCount: String(operation.objectCount),
  rootObjectCount: String(operation.rootObjectCount),
  fileSize: operation.fileSize === null ? null : String(operation.fileSize),
  query: operation.query,
  url:
    operation.status === 'COMPLETED' && operation.objectCount > 0 ? bulkResultUrl(operation) : null,
  partialDataUrl: null,
});
const active = (operation: BulkOperation): boolean =>
  operation.status === 'CREATED' || operation.status === 'RUNNING';
const FIELDS = {
  id: (o: BulkOperation) => o.id,
  status: (o: BulkOperation) => o.status.toLowerCase(),
  created_at: (o: BulkOperation) => o.createdAt,
  completed_at: (o: BulkOperation) => o.completedAt,
  operation_type: () => 'query',
} as const;

export const bulkQueries: Record<string, Resolver> = {
  bulkOperation: (args, context) =>
    idOf('BulkOperation', String(args['id'])) === undefined
      ? null
      : context.node(String(args['id'])),
  bulkOperations: (args, context) => {
    const all = context.world.data.bulk
      .filter(matcher(args['query'] as string | null, 'bulk operations', FIELDS))
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id);
    return connection(
      'BulkOperation',
      all,
      args as PageArguments,
      (o) => String(o.id),
      (o) => bulkNode(context.world, o),
      bulkMode(context),
    );
  },
  currentBulkOperation: (args, { world }) => {
    const last = args['type'] === 'MUTATION' ? undefined : world.data.bulk.at(-1);
    return last ? bulkNode(world, last) : null;
  },
};

export const bulkMutations: Record<string, Resolver> = {
  bulkOperationRunQuery: (args, { world }) => {
    if (args['groupObjects'] === true) throw notModeled('bulk operations with groupObjects: true');
    const refuse = (message: string, code: string): GraphNode => ({
      bulkOperation: null,
      userErrors: [{ __typename: 'BulkOperationUserError', field: ['query'], message, code }],
    });
    if (world.data.bulk.filter(active).length >= 5)
      return refuse(
        'A bulk query operation for this app and shop is already in progress: at most 5 at once.',
        'LIMIT_REACHED',
      );
    const problem = validateBulkQuery(String(args['query']));
    if (problem) return refuse(problem, 'INVALID');
    return {
      bulkOperation: bulkNode(world, startBulk(world, String(args['query']))),
      userErrors: [],
    };
  },
  bulkOperationCancel: (args, { world }) => {
    const id = idOf('BulkOperation', String(args['id'])),
      operation = world.data.bulk.find((candidate) => candidate.id === id);
    if (!operation)
      return {
        bulkOperation: null,
        userErrors: [
          { __typename: 'UserError', field: ['id'], message: 'Bulk operation does not exist' },
        ],
      };
    if (active(operation)) cancelBulk(world, operation);
    return { bulkOperation: bulkNode(world, operation), userErrors: [] };
  },
};
