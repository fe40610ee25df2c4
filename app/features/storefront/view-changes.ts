import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { Change } from '../../cache/first-views.ts';
import { readEvent } from '../../jobs/read-event.ts';
import { OUTBOX_EVENTS, type OutboxEventKind } from '#vocabulary/events.ts';

const ofMember = z.object({ customer_id: z.string() });
/** Whose first view changes with each kind of event: all shoppers of the shop, its member, or none. */
const seenBy: Readonly<Record<OutboxEventKind, 'shop' | 'member' | 'none'>> = {
  'program.updated': 'shop',
  'settings.updated': 'shop',
  'content.updated': 'shop',
  'rewards.updated': 'shop',
  'campaign.changed': 'shop',
  'merchant.installed': 'shop',
  'points.changed': 'member',
  'points.expiring': 'member',
  'points.pending': 'member',
  'customer.created': 'member',
  'redemption.changed': 'member',
  'tier.changed': 'member',
  'segment.changed': 'member',
  // Both sides' points and codes report themselves.
  'referral.changed': 'none',
  'tiers.published': 'none',
  'rfm.recalculate': 'none',
  'campaign.triggered': 'none',
  'setup.task_completed': 'none',
  'setup.completed': 'none',
  'onboarding.completed': 'none',
  'plan.limit_near': 'none',
  'gdpr.ready': 'none',
};

/** Whose first views are out of date after these events; each shop and each member once. */
export function viewChanges(events: readonly OutboxEvent[]): Change[] {
  const changes = new Map<string, Change>();
  for (const event of events) {
    const { merchantId } = event;
    const kind = OUTBOX_EVENTS.find((known) => known === event.kind);
    if (kind === undefined) continue;
    if (seenBy[kind] === 'shop') changes.set(merchantId, { merchantId });
    if (seenBy[kind] !== 'member') continue;
    const member = readEvent(ofMember, event, kind);
    if (member !== undefined)
      changes.set(member.customer_id, { merchantId, customerId: member.customer_id });
  }
  return [...changes.values()];
}
