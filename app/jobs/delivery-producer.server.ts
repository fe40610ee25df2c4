import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { createCoalescer } from './coalescer.ts';
import type { JobQueues } from './queue.ts';
import { queues } from './queues.server.ts';

/** One job's worth: enough to spare the queue, few enough that a failing one delays few others. */
const deliveriesPerJob = 50;
/** A tenth of the second that points may take: at hundreds a second one job then carries dozens. */
const jobGapMs = 100;

export interface DeliveryProducer {
  /** Never waits and never fails: the inbox sweep finds what is lost here. */
  enqueue(deliveryId: string): void;
  idle(): Promise<void>;
}

export async function enqueueDeliveries(
  target: JobQueues,
  deliveryIds: readonly string[],
): Promise<void> {
  const batches = Array.from(
    { length: Math.ceil(deliveryIds.length / deliveriesPerJob) },
    (_, index) => deliveryIds.slice(index * deliveriesPerJob, (index + 1) * deliveriesPerJob),
  );
  await target.enqueueAll(
    batches.map((batch) => ({ name: 'process-deliveries', data: { deliveryIds: batch } })),
  );
}

export function createDeliveryProducer(target: () => JobQueues): DeliveryProducer {
  const coalescer = createCoalescer<string>({
    flush: (deliveryIds) => enqueueDeliveries(target(), deliveryIds),
    onFailure: (error, deliveryIds) =>
      log().warn(
        { err: error, count: deliveryIds.length },
        'Deliveries are left to the sweep of the inbox',
      ),
    capacity: 20_000,
    gapMs: jobGapMs,
  });
  return { enqueue: (deliveryId) => coalescer.add(deliveryId), idle: () => coalescer.idle() };
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
