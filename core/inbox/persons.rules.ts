/** By what a webhook's body names people: Shopify ids of customers, addresses, numbers, and the orders it is about. */
export interface NamedPersons {
  readonly customerIds: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
  readonly phones: ReadonlySet<string>;
  readonly orderIds: ReadonlySet<string>;
}

interface Finding {
  readonly customerIds: Set<string>;
  readonly emails: Set<string>;
  readonly phones: Set<string>;
  readonly orderIds: Set<string>;
}

const gid = /gid:\/\/shopify\/(Customer|Order)\/(\d{1,20})/g;
/** Deep enough for anything Shopify sends; a body nested deeper is not walked further. */
const maxDepth = 12;

/**
 * Finds whom a body is about without knowing its topic: erasing a person must find the bodies that hold them, and
 * those are stored encrypted. Keys are recognized by name, at any depth.
 * @returns undefined when the body is not JSON, so that nothing can be said about it
 */
export function personsIn(topic: string, body: string): NamedPersons | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const found: Finding = {
    customerIds: new Set(),
    emails: new Set(),
    phones: new Set(),
    orderIds: new Set(),
  };
  for (const [, kind, id] of body.matchAll(gid))
    if (id !== undefined) (kind === 'Order' ? found.orderIds : found.customerIds).add(id);
  if (typeof parsed === 'object' && parsed !== null) {
    const { id } = parsed as { id?: unknown };
    if (topic.startsWith('customers/')) addId(found.customerIds, id);
    if (topic.startsWith('orders/')) addId(found.orderIds, id);
    walk(parsed, 0, found);
  }
  return found;
}

function walk(value: object, depth: number, found: Finding): void {
  if (depth > maxDepth) return;
  const inside = value as Readonly<Record<string, unknown>>;
  // Every delivery comes through here: no list of entries is made for each of its objects.
  for (const key in inside) {
    const inner = inside[key];
    if (typeof inner === 'object' && inner !== null) {
      if (key === 'customer') addId(found.customerIds, (inner as { id?: unknown }).id);
      walk(inner, depth + 1, found);
    } else if (key === 'customer_id' || key.startsWith('admin_graphql_api_customer_'))
      addId(found.customerIds, inner);
    else if (key === 'order_id') addId(found.orderIds, inner);
    else if (typeof inner === 'string') addText(found, key, inner);
  }
}

function addText(found: Finding, key: string, text: string): void {
  if (key === 'email' || key.endsWith('_email') || key === 'email_address')
    addEmail(found.emails, text);
  else if (key === 'phone' || key.endsWith('_phone')) addPhone(found.phones, text);
}

/** A number of fewer digits identifies no one. */
const minPhoneDigits = 6;

function addPhone(phones: Set<string>, value: string): void {
  const digits = value.replace(/\D/g, '');
  if (digits.length >= minPhoneDigits && digits.length <= 20) phones.add(digits);
}

function addId(ids: Set<string>, value: unknown): void {
  const id = /(\d{1,20})$/.exec(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '',
  )?.[1];
  if (id !== undefined) ids.add(id);
}

function addEmail(emails: Set<string>, value: string): void {
  const email = value.trim().toLowerCase();
  if (email.includes('@')) emails.add(email);
}
