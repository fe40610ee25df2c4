// Connections: cursor paging as Shopify pages, and as bulk operations read them whole.
import { badInput } from './errors.ts';

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  reverse?: boolean | null;
}
export type GraphNode = Record<string, unknown>;
/** In a bulk operation connections come whole; the outermost one in windows, so that a large shop does not stop the process. */
export interface BulkWindow {
  offset: number;
  limit: number;
  more: boolean;
}

const LARGEST_PAGE = 250;
const encode = (key: string): string =>
  Buffer.from(JSON.stringify({ last_id: key })).toString('base64');
function decode(cursor: string): string {
  try {
    const { last_id: key } = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as {
      last_id?: unknown;
    };
    if (typeof key === 'string') return key;
  } catch {
    /* falls through to the refusal */
  }
  throw badInput(`Invalid cursor for current pagination sort: "${cursor}"`);
}

export function connection<T>(
  typeName: string,
  all: T[],
  args: PageArguments,
  idOf: (item: T) => string,
  toNode: (item: T) => GraphNode,
  bulk?: BulkWindow | 'whole',
): GraphNode {
  let items = args.reverse ? [...all].reverse() : all;
  let hasNextPage = false,
    hasPreviousPage = false;
  if (bulk === 'whole') {
    /* every item */
  } else if (bulk) {
    bulk.more = items.length > bulk.offset + bulk.limit;
    items = items.slice(bulk.offset, bulk.offset + bulk.limit);
  } else {
    const { first, last } = args;
    if ((first ?? null) === null && (last ?? null) === null)
      throw badInput(`you must provide one of first or last on ${typeName}`);
    for (const size of [first, last])
      if (typeof size === 'number' && (size < 0 || size > LARGEST_PAGE))
        throw badInput(
          `Limit must be between 0 and ${LARGEST_PAGE}, got ${size}`,
          'MAX_INPUT_SIZE_EXCEEDED',
        );
    if (args.after) {
      const at = items.findIndex((item) => idOf(item) === decode(args.after ?? ''));
      hasPreviousPage = at >= 0;
      items = items.slice(at + 1);
    }
    if (args.before) {
      const at = items.findIndex((item) => idOf(item) === decode(args.before ?? ''));
      if (at >= 0) {
        hasNextPage = true;
        items = items.slice(0, at);
      }
    }
    if (typeof first === 'number') {
      hasNextPage ||= items.length > first;
      items = items.slice(0, first);
    } else if (typeof last === 'number') {
      hasPreviousPage ||= items.length > last;
      items = items.slice(Math.max(0, items.length - last));
    }
  }
  const edges = items.map((item) => {
    let node: GraphNode | undefined;
    return {
      __typename: `${typeName}Edge`,
      cursor: encode(idOf(item)),
      node: () => (node ??= toNode(item)),
    };
  });
  return {
    __typename: `${typeName}Connection`,
    edges,
    nodes: () => edges.map((edge) => edge.node()),
    pageInfo: {
      __typename: 'PageInfo',
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
