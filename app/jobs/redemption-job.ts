import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { NewJob } from './queue.server.ts';
import { readEvent } from './read-event.ts';

/** The same id from the storefront, the relay and the sweep: one of them waits, never two. */
export function redemptionJob(
  merchantId: string,
  shop: string,
  redemptionId: string,
  delayMs?: number,
): NewJob {
  return {
    name: 'settle-redemption',
    data: { merchantId, shop, redemptionId },
    options: {
      coalesceAs: `redemption-${redemptionId}`,
      ...(delayMs === undefined ? {} : { delayMs }),
    },
  };
}

const changed = z.object({ redemption_id: z.string(), status: z.string() });

/** What the worker has to do something about: the storefront asks for it as well, and may die before it does. */
const isOpen: ReadonlySet<string> = new Set(['pending', 'returning']);

export function redemptionJobs(events: readonly OutboxEvent[]): NewJob[] {
  return events.flatMap((event) => {
    const change = readEvent(changed, event, 'redemption.changed');
    return change !== undefined && isOpen.has(change.status)
      ? [redemptionJob(event.merchantId, event.shopDomain, change.redemption_id)]
      : [];
  });
}
