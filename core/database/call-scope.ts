import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the call that is being served: for its log lines, its errors and its time in the database. */
export interface CallScope {
  readonly requestId: string;
  /** The tenant that the call's token names; absent on platform calls. */
  merchantId?: string;
  /** Our own id of the member whom it is about, for error reports. */
  customerId?: string;
  traceId?: string;
  /** Aborted when the caller has given up: what waits on its behalf stops waiting. */
  readonly signal?: AbortSignal;
  /** Spent in statements so far. Of a statement that several calls share, each has its share. */
  queryMilliseconds: number;
}

const scopes = new AsyncLocalStorage<CallScope | undefined>();

export function inCallScope<Result>(scope: CallScope | undefined, work: () => Result): Result {
  return scopes.run(scope, work);
}

export function callScope(): CallScope | undefined {
  return scopes.getStore();
}

/** The fields of a scope in a log line. */
export function scopeFields(scope: CallScope | undefined): Record<string, string> {
  if (scope === undefined) return {};
  const { requestId, merchantId, traceId } = scope;
  return {
    requestId,
    ...(merchantId !== undefined && { merchantId }),
    ...(traceId !== undefined && { traceId }),
  };
}
