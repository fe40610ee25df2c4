import pMap from 'p-map';
import type { Delivery, DeliveryOutcome } from '#proto/admin/v1/admin.ts';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import type { CoreErrorCode } from '../../core-client/errors.server.ts';
import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { contextOf, inSpan } from '../../spans.server.ts';
import { currentWork, inWork, nameInWork, newWork } from '../../work-context.server.ts';
import { PayloadRefusal } from './payload-fields.ts';
import { NotYetKnown, UnknownShop, processDelivery } from './process-delivery.server.ts';
import type { DeliveryEffects } from './process-delivery.server.ts';

/** The first of the three retries; the other two are the job's own, after 1 s and 2 s. */
const firstRetryDelayMs = 500;
/** How long core may be down or busy before it counts as a failure. */
const giveUpAfterMs = 24 * 3_600_000;
const longestWaitMs = 60_000;
/** A job's worth: its orders are recorded by one call. */
const concurrentDeliveries = 50;

/** Permanent refusals by core. */
const final: ReadonlySet<CoreErrorCode> = new Set([
  'invalid_input',
  'payload_too_large',
  'idempotency_conflict',
  'not_found',
  'forbidden',
  'plan_required',
]);

type Attempt =
  | { readonly kind: 'settled' }
  | { readonly kind: 'ended'; readonly outcome: DeliveryOutcome }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { /** Or Shopify, where it has to be asked. */ readonly kind: 'core_away' };

const effectsOf = (services: JobServices): DeliveryEffects => ({
  enqueue: (job) => services.queues.enqueueAll([job]),
  deleteSessions: (shop) => services.deleteSessions(shop),
  updateScopes: (shop, scopes) => services.updateScopes(shop, scopes),
  shopStanding: (shop) => services.shopStanding(shop),
});

async function attempt(delivery: Delivery, effects: DeliveryEffects): Promise<Attempt> {
  const ended = (
    status: string,
    reason: OutcomeReason,
    problem?: DeliveryOutcome['problem'],
    points = 0,
  ): Attempt => ({
    kind: 'ended',
    outcome: { deliveryId: delivery.deliveryId, status, reason, problem, points },
  });
  try {
    const result = await processDelivery(delivery, effects);
    return result === 'settled'
      ? { kind: 'settled' }
      : ended(result.status, result.reason, undefined, result.points);
  } catch (error) {
    if (error instanceof PayloadRefusal) {
      return ended('refused', OutcomeReason.UNSPECIFIED, {
        code: 'invalid_input',
        field: error.field,
        message: error.message,
      });
    }
    if (error instanceof NotYetKnown) return { kind: 'core_away' };
    if (error instanceof CoreError) {
      if (error.isTransient) return { kind: 'core_away' };
      if (final.has(error.code))
        return ended('refused', OutcomeReason.UNSPECIFIED, {
          code: error.code,
          field: error.field,
          message: error.message,
        });
    }
    return { kind: 'failed', error };
  }
}

/** In the trace that brought the delivery, and with log lines that name its shop. */
function attemptApart(
  delivery: Delivery,
  effects: DeliveryEffects,
  traceparent: string | undefined,
): Promise<Attempt> {
  const { merchantId, topic } = delivery;
  return inWork(newWork(currentWork()?.requestId ?? delivery.deliveryId), () => {
    nameInWork({ merchantId });
    return inSpan(
      'process delivery',
      (span) => {
        span.setAttributes({ topic, ...(merchantId !== '' && { merchantId }) });
        return attempt(delivery, effects);
      },
      {},
      contextOf(traceparent),
    );
  });
}

/** Processes deliveries that arrived together. A failed one continues alone, so it delays no other. */
export async function processDeliveries(
  { deliveryIds, traces = {}, backoff }: JobData<'process-deliveries'>,
  services: JobServices,
): Promise<void> {
  const effects = effectsOf(services);
  let deliveries: Delivery[];
  try {
    deliveries = (await services.platform.getDeliveries({ deliveryIds })).deliveries;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    await wait(deliveryIds, backoff, services);
    return;
  }
  const attempts = await pMap(
    deliveries,
    async (delivery) => ({
      delivery,
      result: isDone(delivery)
        ? ({ kind: 'settled' } as const)
        : await attemptApart(delivery, effects, traces[delivery.deliveryId]),
    }),
    { concurrency: concurrentDeliveries },
  );
  const failed = attempts.filter(({ result }) => result.kind === 'failed');
  for (const { delivery, result } of failed) {
    log().warn(
      {
        deliveryId: delivery.deliveryId,
        topic: delivery.topic,
        err: result.kind === 'failed' ? result.error : undefined,
      },
      'A delivery failed and is tried again',
    );
  }
  await services.queues.enqueueAll(
    failed.map(({ delivery }) => ({
      name: 'process-delivery',
      data: { deliveryId: delivery.deliveryId },
      options: { delayMs: firstRetryDelayMs },
    })),
  );
  await wait(
    attempts
      .filter(({ result }) => result.kind === 'core_away')
      .map(({ delivery }) => delivery.deliveryId),
    backoff,
    services,
  );
  const outcomes = attempts.flatMap(({ result }) =>
    result.kind === 'ended' ? [result.outcome] : [],
  );
  await finish(outcomes, services);
}

/** A single delivery after a failure. Throwing counts as an attempt; waiting for core does not. */
export async function processOneDelivery(
  { deliveryId, backoff }: JobData<'process-delivery'>,
  services: JobServices,
  isLastAttempt: boolean,
): Promise<void> {
  let delivery: Delivery | undefined;
  let result: Attempt;
  try {
    delivery = (await services.platform.getDeliveries({ deliveryIds: [deliveryId] })).deliveries[0];
    if (delivery === undefined || isDone(delivery)) return;
    result = await attempt(delivery, effectsOf(services));
  } catch (error) {
    if (!(error instanceof CoreError) || !error.isTransient) throw error;
    result = { kind: 'core_away' };
  }
  if (result.kind === 'core_away') {
    if (isOver(backoff, services)) throw new Error('Core or Shopify was away or busy for a day.');
    await wait([deliveryId], backoff, services);
    return;
  }
  if (result.kind === 'ended') await finish([result.outcome], services);
  if (result.kind !== 'failed') return;
  if (result.error instanceof UnknownShop && isLastAttempt) {
    await finish(
      [
        {
          deliveryId,
          status: 'ignored',
          reason: OutcomeReason.UNKNOWN_SHOP,
          problem: undefined,
          points: 0,
        },
      ],
      services,
    );
    return;
  }
  if (isLastAttempt) {
    const code = result.error instanceof CoreError ? result.error.code : 'internal';
    // Names only: a message can quote what it read.
    const message =
      result.error instanceof CoreError
        ? result.error.message
        : result.error instanceof Error
          ? result.error.name
          : 'unknown';
    await finish(
      [
        {
          deliveryId,
          status: 'failed',
          reason: OutcomeReason.UNSPECIFIED,
          problem: { code, field: '', message },
          points: 0,
        },
      ],
      services,
    );
  }
  throw result.error;
}

/** Delays deliveries until core is back; after a day they fail like others. */
async function wait(
  deliveryIds: readonly string[],
  backoff: { waits: number; since: number },
  services: JobServices,
): Promise<void> {
  if (deliveryIds.length === 0) return;
  if (isOver(backoff, services)) {
    await services.queues.enqueueAll(
      deliveryIds.map((deliveryId) => ({
        name: 'process-delivery',
        data: { deliveryId, backoff },
      })),
    );
    return;
  }
  const delayMs = Math.min(longestWaitMs, firstRetryDelayMs * 2 ** Math.min(backoff.waits, 10));
  await services.queues.enqueueAll([
    {
      name: 'process-deliveries',
      data: {
        deliveryIds: [...deliveryIds],
        backoff: { waits: backoff.waits + 1, since: backoff.since },
      },
      options: { delayMs },
    },
  ]);
}

function isOver(backoff: { since: number }, services: JobServices): boolean {
  return services.now() - backoff.since > giveUpAfterMs;
}

/** Reports outcomes to core. If that is lost the sweep finds the deliveries again, with the same outcomes. */
async function finish(outcomes: readonly DeliveryOutcome[], services: JobServices): Promise<void> {
  if (outcomes.length === 0) return;
  try {
    await services.platform.finishDeliveries({ outcomes: [...outcomes] });
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'not_found') throw error;
    // One of them is gone: what erases a shop erases its own message too. The others end all the same.
    if (outcomes.length > 1) for (const outcome of outcomes) await finish([outcome], services);
  }
}

function isDone(delivery: Delivery): boolean {
  return (
    delivery.status === 'processed' ||
    delivery.status === 'ignored' ||
    delivery.status === 'refused'
  );
}
