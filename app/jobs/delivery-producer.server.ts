import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { currentTraceparent } from '../spans.server.ts';
import { createCoalescer } from './coalescer.ts';
import type { JobQueues, NewJob } from './queue.ts';
import { queues } from './queues.server.ts';
import { Turns } from './turns.ts';

/** One job's worth: enough to spare the queue, few enough that a failing one delays few others. */
const deliveriesPerJob = 50;
/** A tenth of the second that points may take: at hundreds a second one job then carries dozens. */
const jobGapMs = 100;

export interface DeliveryProducer {
  /** Never waits and never fails: the inbox sweep finds what is lost here. */
  enqueue(deliveryId: string, shop?: string): void;
  idle(): Promise<void>;
}

/** Deliveries that a shop may bring at once before those of others go first. */
const turns = new Turns(100);

interface Enqueued {
  readonly deliveryId: string;
  /** Of the shop that it is from; unknown where it is found again. */
  readonly shop?: string;
  /** Of the request that brought it, where that is traced. */
  readonly traceparent?: string | undefined;
}

export function enqueueDeliveries(
  target: Pick<JobQueues, 'enqueueAll'>,
  deliveryIds: readonly string[],
): Promise<void> {
  return enqueueTraced(
    target,
    deliveryIds.map((deliveryId) => ({ deliveryId })),
  );
}

async function enqueueTraced(
  target: Pick<JobQueues, 'enqueueAll'>,
  deliveries: readonly Enqueued[],
): Promise<void> {
  const together: Enqueued[] = [];
  const apart: NewJob[] = [];
  for (const [shop, its] of Map.groupBy(deliveries, (delivery) => delivery.shop))
    for (const batch of batchesOf(its)) {
      const behind = shop === undefined ? 0 : turns.take(shop, batch.length);
      if (behind === 0) together.push(...batch);
      else apart.push(jobOf(batch, behind));
    }
  await target.enqueueAll([...batchesOf(together).map((batch) => jobOf(batch)), ...apart]);
}

function batchesOf(deliveries: readonly Enqueued[]): (readonly Enqueued[])[] {
  return Array.from({ length: Math.ceil(deliveries.length / deliveriesPerJob) }, (_, index) =>
    deliveries.slice(index * deliveriesPerJob, (index + 1) * deliveriesPerJob),
  );
}

/** The job is part of the first one's trace, and each delivery of its own. */
function jobOf(batch: readonly Enqueued[], behind = 0): NewJob {
  const traces = Object.fromEntries(
    batch.flatMap(({ deliveryId, traceparent }) =>
      traceparent === undefined ? [] : [[deliveryId, traceparent]],
    ),
  );
  const [traceparent] = Object.values(traces);
  return {
    name: 'process-deliveries',
    data: {
      deliveryIds: batch.map(({ deliveryId }) => deliveryId),
      ...(traceparent !== undefined && { traces }),
    },
    options: {
      ...(traceparent !== undefined && { traceparent }),
      ...(behind > 0 && { behind }),
    },
  };
}

export function createDeliveryProducer(target: () => JobQueues): DeliveryProducer {
  const coalescer = createCoalescer<Enqueued>({
    flush: (deliveries) => enqueueTraced(target(), deliveries),
    onFailure: (error, deliveries) =>
      log().warn(
        { err: error, count: deliveries.length },
        'Deliveries are left to the sweep of the inbox',
      ),
    capacity: 20_000,
    gapMs: jobGapMs,
  });
  return {
    enqueue: (deliveryId, shop) =>
      coalescer.add({
        deliveryId,
        traceparent: currentTraceparent(),
        ...(shop !== undefined && { shop }),
      }),
    idle: () => coalescer.idle(),
  };
}

let producer: DeliveryProducer | undefined;

export function deliveryProducer(): DeliveryProducer {
  if (producer === undefined) {
    const opened = createDeliveryProducer(queues);
    producer = opened;
    queues();
    // Closed before the queues are: closers run in reverse.
    onShutdown(() => opened.idle());
  }
  return producer;
}
