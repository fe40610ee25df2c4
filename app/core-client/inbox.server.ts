import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { StoreDeliveryRequest, StoreDeliveryResponse } from '#proto/admin/v1/admin.ts';
import { Gatherer, QueueFullError } from '../../proto/shared/gatherer.ts';
import { OverloadedError } from '../../proto/shared/fair-gate.ts';
import { inSharedSpan } from '../spans.server.ts';
import { core } from './clients.server.ts';
import { CoreError } from './errors.server.ts';
import type { CoreErrorCode } from './errors.server.ts';

/** Shopify waits for five seconds; what cannot be stored by then is refused by then, so that it sends again. */
const answerWithinMs = 4_500;
/** A delivery that no call has taken by then is refused, which leaves a call the rest of the time. */
const longestWaitMs = 2_000;
/** Bodies are kept in memory while they wait. */
const mostWaiting = 4_000;
const mostWaitingBytes = 64 * 1024 * 1024;

/** Far below the message size limit. */
const inboxCallBytes = 4 * 1024 * 1024;

/** A refusal may be caused by a single delivery. */
const mayBeOneItems: ReadonlySet<CoreErrorCode> = new Set([
  'invalid_input',
  'payload_too_large',
  'internal',
]);

interface Storing {
  readonly delivery: StoreDeliveryRequest;
  readonly arrivedAt: number;
  readonly span: Span | undefined;
}

/** Shops take turns, so that one that floods fills the line with its own. */
const inboxCalls = new Gatherer<Storing, StoreDeliveryResponse | CoreError>({
  execute: (storing) =>
    inSharedSpan(
      'store deliveries',
      storing.map(({ span }) => span),
      () => storeTogether(storing),
    ),
  capture: () => AsyncLocalStorage.snapshot(),
  tenantOf: ({ delivery: { shopDomain } }) => shopDomain,
  maxBatch: 64,
  maxBytes: inboxCallBytes,
  bytesOf: ({ delivery: { payload } }) => payload.length,
  maxQueue: mostWaiting,
  maxQueueBytes: mostWaitingBytes,
  maxWaitMs: longestWaitMs,
});

async function storeTogether(
  storing: readonly Storing[],
): Promise<(StoreDeliveryResponse | CoreError)[]> {
  const oldest = Math.min(...storing.map(({ arrivedAt }) => arrivedAt));
  const signal = AbortSignal.timeout(Math.max(1, oldest + answerWithinMs - Date.now()));
  const deliveries = storing.map(({ delivery }) => delivery);
  try {
    const { stored } = await core().inbox.storeDeliveries({ deliveries }, { signal });
    return stored;
  } catch (error) {
    if (!(error instanceof CoreError) || !mayBeOneItems.has(error.code)) throw error;
    return Promise.all(deliveries.map((delivery) => storeAlone(delivery, signal)));
  }
}

async function storeAlone(
  delivery: StoreDeliveryRequest,
  signal: AbortSignal,
): Promise<StoreDeliveryResponse | CoreError> {
  try {
    return await core().inbox.storeDelivery(delivery, { signal });
  } catch (error) {
    if (error instanceof CoreError) return error;
    throw error;
  }
}

/**
 * Stores a delivery, batched with concurrent ones. The one call that is made hundreds of times a
 * second: without retries, because Shopify retries deliveries itself.
 * @throws CoreError
 */
export async function storeDelivery(
  delivery: StoreDeliveryRequest,
): Promise<StoreDeliveryResponse> {
  const storing = { delivery, arrivedAt: Date.now(), span: trace.getActiveSpan() };
  const answer = await inboxCalls.submit(storing).catch((error: unknown) => {
    if (error instanceof QueueFullError || error instanceof OverloadedError)
      throw new CoreError('resource_exhausted', { message: error.message, cause: error });
    throw error;
  });
  if (answer instanceof CoreError) throw answer;
  return answer;
}
