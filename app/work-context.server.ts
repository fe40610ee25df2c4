import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';

/** Our own ids, which identify no one outside our database: never Shopify's ids, never an address. */
export interface Named {
  readonly merchantId?: string | undefined;
  readonly customerId?: string | undefined;
}

/** One request or job: what its log lines and error reports say of it. */
export interface Work {
  readonly requestId: string;
  readonly merchants: Set<string>;
  readonly customers: Set<string>;
  /** Spent in core's database so far, as core says. */
  queryMilliseconds: number;
}

const ownId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** On the global object: the server and the built application are two bundles with modules of their own. */
const key = Symbol.for('loyalnest.work');
const shared = globalThis as typeof globalThis & { [key]?: AsyncLocalStorage<Work> };

function storage(): AsyncLocalStorage<Work> {
  return (shared[key] ??= new AsyncLocalStorage<Work>());
}

export function newWork(requestId: string): Work {
  return { requestId, merchants: new Set(), customers: new Set(), queryMilliseconds: 0 };
}

/** Runs one request or job and records whom it is about. */
export function inWork<Result>(work: Work, run: () => Result): Result {
  return storage().run(work, run);
}

export function currentWork(): Work | undefined {
  return storage().getStore();
}

/** Records whom the work is about. Anything but our own ids is left out. */
export function nameInWork({ merchantId = '', customerId = '' }: Named): void {
  const work = currentWork();
  if (ownId.test(merchantId)) work?.merchants.add(merchantId);
  if (ownId.test(customerId)) work?.customers.add(customerId);
}

/**
 * The tags of an error of this work, as Sentry takes them. Work on several shops or customers names none of them: which
 * one it failed for is not known.
 */
export function errorTags(): Record<string, string> {
  const work = currentWork();
  return {
    ...only('merchant_id', work?.merchants),
    ...only('customer_id', work?.customers),
  };
}

/** The fields that every log line of this work has. */
export function workFields(work = currentWork()): Record<string, string> {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return {
    ...(work === undefined ? {} : { requestId: work.requestId }),
    ...(traceId === undefined ? {} : { traceId }),
    ...only('merchantId', work?.merchants),
  };
}

function only(name: string, ids: ReadonlySet<string> = new Set()): Record<string, string> {
  const [first, ...others] = ids;
  return first === undefined || others.length > 0 ? {} : { [name]: first };
}
