import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import { redemptionJob } from '../../jobs/new-jobs.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { readEvent } from '../../jobs/read-event.ts';
import { GIFT_KINDS, type GiftKind, type RedemptionStatus } from '#vocabulary/rewards.ts';

const changed = z.object({
  redemption_id: z.string(),
  status: z.string(),
  /** What gives it for nothing; absent where points were exchanged. */
  gift: z.string().optional(),
});

/** Events that need the worker: the storefront enqueues the job too, but may die before. */
const isOpen: ReadonlySet<string> = new Set<RedemptionStatus | 'returning'>([
  'pending',
  'returning',
]);

export function redemptionJobs(events: readonly OutboxEvent[]): NewJob[] {
  return events.flatMap((event) => {
    const change = readEvent(changed, event, 'redemption.changed');
    return change !== undefined && isOpen.has(change.status)
      ? [
          redemptionJob(
            { merchantId: event.merchantId, shop: event.shopDomain },
            change.redemption_id,
          ),
        ]
      : [];
  });
}

const namesOfGifts: Readonly<
  Record<GiftKind, { readonly completed?: string; readonly used?: string }>
> = {
  campaign: { completed: 'campaign_discount_redeemed', used: 'campaign_discount_applied' },
  tier_entry: { completed: 'tier_reward_given' },
  tier_shipping: { used: 'tier_shipping_applied' },
  referral: { completed: 'referral_reward_given', used: 'referral_reward_applied' },
};

/** Product analytics events of free rewards. Redemptions for points are reported by their debits. */
export function giftAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const change = readEvent(changed, event, 'redemption.changed');
  const gift = GIFT_KINDS.find((known) => known === change?.gift);
  const status = change?.status;
  const name =
    gift !== undefined && (status === 'completed' || status === 'used')
      ? namesOfGifts[gift][status]
      : undefined;
  return name === undefined
    ? undefined
    : { merchantId: event.merchantId, id: event.eventId, name, properties: {} };
}
