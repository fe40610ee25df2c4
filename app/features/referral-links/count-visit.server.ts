import { whileReachable } from '../../jobs/queues.server.ts';
import { log } from '../../log.server.ts';
import { admitCall } from '../../shoppers/call-limits.server.ts';
import type { ReferralChannel } from '#vocabulary/referrals.ts';

interface Visit {
  readonly merchantId: string;
  readonly clickId: string;
  readonly code: string;
  readonly channel: ReferralChannel;
  readonly at: Date;
}

/**
 * Has the worker count a visit, without anyone waiting for it. A link that is followed more often than people can is
 * opened, and not counted; so is one while the queue is away.
 */
export function countVisit({ merchantId, clickId, code, channel, at }: Visit): void {
  const data = { merchantId, clickId, code, channel, at: at.toISOString() };
  admitCall('visit', merchantId, code)
    .then(() => whileReachable((queues) => queues.enqueue('track-click', data)))
    .catch((error: unknown) => {
      log().warn({ err: error, merchantId }, 'A visit of a referral link is not counted');
    });
}
