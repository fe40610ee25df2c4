import { AsyncLocalStorage } from 'node:async_hooks';

/** Our own ids, which identify no one outside our database: never Shopify's ids, never an address. */
export interface ErrorTags {
  readonly merchantId?: string | undefined;
  readonly customerId?: string | undefined;
}

/** The shops and customers of one request or job so far. */
interface Named {
  readonly merchants: Set<string>;
  readonly customers: Set<string>;
}

const ownId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** On the global object: the server and the built application are two bundles with modules of their own. */
const key = Symbol.for('loyalnest.error-context');
const shared = globalThis as typeof globalThis & { [key]?: AsyncLocalStorage<Named> };

function current(): AsyncLocalStorage<Named> {
  return (shared[key] ??= new AsyncLocalStorage<Named>());
}

/** Runs one request or job and records whom it is about. */
export function inErrorContext<Result>(work: () => Result): Result {
  return current().run({ merchants: new Set(), customers: new Set() }, work);
}

/** Records whom the work is about. Anything but our own ids is left out. */
export function nameInErrors({ merchantId = '', customerId = '' }: ErrorTags): void {
  const named = current().getStore();
  if (ownId.test(merchantId)) named?.merchants.add(merchantId);
  if (ownId.test(customerId)) named?.customers.add(customerId);
}

/**
 * The tags of an error of this work, as Sentry takes them. Work on several shops or customers names none of them: which
 * one it failed for is not known.
 */
export function errorTags(): Record<string, string> {
  const named = current().getStore();
  return {
    ...tag('merchant_id', named?.merchants),
    ...tag('customer_id', named?.customers),
  };
}

function tag(name: string, ids: ReadonlySet<string> = new Set()): Record<string, string> {
  const [only, ...others] = ids;
  return only === undefined || others.length > 0 ? {} : { [name]: only };
}
