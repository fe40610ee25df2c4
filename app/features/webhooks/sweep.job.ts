import { enqueueDeliveries } from '../../jobs/delivery-producer.server.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

/** A delivery untouched for this long was lost by the queue. */
const staleAfterSeconds = 30;
const sweepLimit = 500;

/** Enqueues stored deliveries that were never processed. Returns whether there may be more. */
export async function sweepInbox(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  const { deliveryIds } = await services.platform.claimStaleDeliveries({
    limit: sweepLimit,
    olderThanSeconds: staleAfterSeconds,
  });
  if (deliveryIds.length === 0) return false;
  log().info(
    { count: deliveryIds.length },
    'Deliveries were found in the inbox that the queue had lost',
  );
  await enqueueDeliveries(services.queues, deliveryIds);
  return deliveryIds.length === sweepLimit;
}
