import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import { readEvent } from '../../jobs/read-event.ts';
import type { ReferralStatus } from '#vocabulary/referrals.ts';

const changed = z.object({
  status: z.string(),
  channel: z.string(),
  /** Why it was refused, or empty. */
  refusal: z.string().optional(),
  /** Which of the advocate's completed referrals it is, from 1. */
  level: z.number().optional(),
});

const names: Readonly<Record<ReferralStatus, string>> = {
  pending: 'referral_created',
  held: 'referral_held',
  completed: 'referral_completed',
  refused: 'referral_failed',
  expired: 'referral_failed',
  reversed: 'referral_failed',
};

/** Product analytics events of referrals: what became of them, never whose they are. */
export function referralAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const change = readEvent(changed, event, 'referral.changed');
  const name = change && new Map(Object.entries(names)).get(change.status);
  if (change === undefined || name === undefined) return undefined;
  const { status, channel, refusal = '', level = 1 } = change;
  // The advocate's points have risen with their friends.
  const isHigher = status === 'completed' && level > 1;
  return {
    merchantId: event.merchantId,
    id: event.eventId,
    name: isHigher ? 'multi_tier_referral_created' : name,
    properties: {
      channel,
      ...(name === 'referral_failed' && { reason: refusal || status }),
      ...(isHigher && { level }),
    },
  };
}
