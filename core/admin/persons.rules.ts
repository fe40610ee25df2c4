/** By what a webhook's body names people: Shopify ids of customers, and addresses. */
export interface NamedPersons {
  readonly customerIds: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
}

const gid = /gid:\/\/shopify\/Customer\/(\d{1,20})/g;
/** Deep enough for anything Shopify sends; a body nested deeper is not walked further. */
const maxDepth = 12;

/**
 * Finds whom a body is about without knowing its topic: erasing a person must find the bodies that hold them, and
 * those are stored encrypted. Keys are recognised by name, at any depth.
 * @returns undefined when the body is not JSON, so that nothing can be said about it
 */
export function personsIn(topic: string, body: string): NamedPersons | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const customerIds = new Set<string>();
  const emails = new Set<string>();
  for (const [, id] of body.matchAll(gid)) if (id !== undefined) customerIds.add(id);
  if (typeof parsed === 'object' && parsed !== null) {
    if (topic.startsWith('customers/')) addId(customerIds, (parsed as { id?: unknown }).id);
    walk(parsed, 0, customerIds, emails);
  }
  return { customerIds, emails };
}

function walk(value: object, depth: number, customerIds: Set<string>, emails: Set<string>): void {
  if (depth > maxDepth) return;
  const inside = value as Readonly<Record<string, unknown>>;
  // Every delivery comes through here: no list of entries is made for each of its objects.
  for (const key in inside) {
    const inner = inside[key];
    if (typeof inner === 'object' && inner !== null) {
      if (key === 'customer') addId(customerIds, (inner as { id?: unknown }).id);
      walk(inner, depth + 1, customerIds, emails);
    } else if (key === 'customer_id' || key.startsWith('admin_graphql_api_customer_'))
      addId(customerIds, inner);
    else if (
      typeof inner === 'string' &&
      (key === 'email' || key.endsWith('_email') || key === 'email_address')
    )
      addEmail(emails, inner);
  }
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
