/**
 * What a delivery's body must contain to match the topic and shop in its headers. A signature covers the
 * body alone, and the same key signs other things: session tokens, links, other topics, other shops. So the body itself
 * must identify itself.
 */

export interface Misfit {
  /** A path into Shopify's body. */
  readonly field: string;
  readonly message: string;
}

interface Shape {
  /** One of these kinds in `admin_graphql_api_id`, where the body has it. */
  readonly kinds?: readonly string[];
  /** There, and not null. */
  readonly required: readonly string[];
  /** What only bodies of other topics have. */
  readonly foreign?: readonly string[];
}

const order: Shape = {
  kinds: ['Order'],
  required: ['id'],
  foreign: ['order_id', 'refund_line_items', 'myshopify_domain', 'shop_domain', 'orders_count'],
};
const customer: Shape = {
  kinds: ['Customer'],
  required: ['id'],
  foreign: [
    'line_items',
    'financial_status',
    'order_id',
    'order_edit',
    'customer',
    'myshopify_domain',
    'shop_domain',
  ],
};
const shop: Shape = {
  kinds: ['Shop'],
  required: ['id', 'myshopify_domain'],
  foreign: ['customer'],
};
const none: Shape = { required: [] };

export const shapes: Readonly<Record<string, Shape>> = {
  'orders/create': order,
  'orders/paid': order,
  'orders/updated': order,
  'orders/cancelled': order,
  // Names the order inside of `order_edit`; some senders give the whole order.
  'orders/edited': { required: [], foreign: ['order_id', 'myshopify_domain', 'shop_domain'] },
  'orders/risk_assessment_changed': {
    required: ['order_id', 'risk_level'],
    foreign: ['line_items', 'customer', 'order_edit', 'myshopify_domain', 'shop_domain'],
  },
  'refunds/create': { kinds: ['Refund'], required: ['id', 'order_id'], foreign: ['line_items'] },
  'customers/create': customer,
  'customers/update': customer,
  'customers/enable': customer,
  'customers/delete': { required: ['id'], foreign: ['line_items', 'order_id', 'shop_domain'] },
  'customers/merge': {
    required: ['admin_graphql_api_customer_kept_id', 'admin_graphql_api_customer_deleted_id'],
  },
  'customers_email_marketing_consent/update': { required: [], foreign: ['line_items'] },
  'customer.tags_added': { required: [], foreign: ['line_items'] },
  'customer.tags_removed': { required: [], foreign: ['line_items'] },
  'bulk_operations/finish': { kinds: ['BulkOperation'], required: ['admin_graphql_api_id'] },
  'app/uninstalled': shop,
  'app/scopes_update': { required: ['current'] },
  'shop/update': shop,
  'customers/data_request': {
    required: ['shop_domain', 'customer'],
    foreign: ['orders_to_redact'],
  },
  'customers/redact': {
    required: ['shop_domain', 'customer'],
    foreign: ['orders_requested', 'data_request'],
  },
  'shop/redact': {
    required: ['shop_domain'],
    foreign: ['customer', 'orders_to_redact', 'orders_requested', 'data_request'],
  },
};

/** The body as an object, or undefined when it is none. Shopify's bodies begin with their brace, signed texts do not. */
export function readObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (bytes[0] !== 0x7b) return undefined;
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return json as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** How the body contradicts the topic or the shop, or undefined. */
export function misfitOf(
  topic: string,
  shopDomain: string,
  body: Readonly<Record<string, unknown>>,
): Misfit | undefined {
  const { kinds, required, foreign = [] } = shapes[topic] ?? none;
  // `domain` is the shop's own, and any it likes.
  for (const field of ['myshopify_domain', 'shop_domain']) {
    const named = body[field] ?? null;
    if (named !== null && (typeof named !== 'string' || named.toLowerCase() !== shopDomain))
      return { field, message: 'Names another shop than the header.' };
  }
  for (const field of required)
    if ((body[field] ?? null) === null)
      return { field, message: 'Is missing; the body is not of this topic.' };
  for (const field of foreign)
    if (Object.hasOwn(body, field))
      return { field, message: 'Belongs to a body of another topic.' };
  const id = body['admin_graphql_api_id'];
  const kind = typeof id === 'string' ? /^gid:\/\/shopify\/(\w+)\//.exec(id)?.[1] : undefined;
  if (kinds !== undefined && kind !== undefined && !kinds.includes(kind))
    return { field: 'admin_graphql_api_id', message: 'Is of another kind than the topic.' };
  return contradictionOf(topic, body);
}

/** Bodies that contradict their topic's event. */
function contradictionOf(
  topic: string,
  body: Readonly<Record<string, unknown>>,
): Misfit | undefined {
  if (topic === 'orders/cancelled' && body['cancelled_at'] === null)
    return { field: 'cancelled_at', message: 'The order is not cancelled.' };
  if (
    topic === 'orders/paid' &&
    ['pending', 'authorized'].includes(String(body['financial_status']))
  )
    return { field: 'financial_status', message: 'The order is not paid.' };
  if (
    topic === 'customers/enable' &&
    ['disabled', 'invited', 'declined'].includes(String(body['state']))
  )
    return { field: 'state', message: 'The customer has no account.' };
  return undefined;
}
