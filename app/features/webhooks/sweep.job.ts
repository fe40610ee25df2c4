import { enqueueDeliveries } from '../../jobs/delivery-producer.server.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

/** A delivery untouched for this long was lost by the queue. */
const staleAfterSeconds = 30;
const sweepLimit = 500;
/** Beyond it no one waits for a queue. */
const longestSeconds = 3_600;

/** Enqueues stored deliveries that were never processed. Returns whether there may be more. */
export async function sweepInbox(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  // What still waits in a queue that is behind is not lost, and once more in it would only make it longer.
  const behindSeconds = Math.ceil((await services.queues.oldestWait('webhook')) / 1_000);
  const { deliveryIds } = await services.platform.claimStaleDeliveries({
    limit: sweepLimit,
    olderThanSeconds: Math.min(longestSeconds, staleAfterSeconds + behindSeconds),
  });
  if (deliveryIds.length === 0) return false;
  log().info(
    { count: deliveryIds.length },
    'Deliveries were found in the inbox that the queue had lost',
  );
  await enqueueDeliveries(services.queues, deliveryIds);
  return deliveryIds.length === sweepLimit;
}
