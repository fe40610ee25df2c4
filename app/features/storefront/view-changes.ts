import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { Change } from '../../cache/first-views.ts';
import { readEvent } from '../../jobs/read-event.ts';

const ofMember = z.object({ customer_id: z.string() });
/** Something that all shoppers of a shop see. */
const ofShop: ReadonlySet<string> = new Set([
  'program.updated',
  'settings.updated',
  'content.updated',
  'rewards.updated',
  'campaign.changed',
  'merchant.installed',
]);

/** Whose first views are out of date after these events; each shop and each member once. */
export function viewChanges(events: readonly OutboxEvent[]): Change[] {
  const changes = new Map<string, Change>();
  for (const event of events) {
    const { merchantId, kind } = event;
    if (ofShop.has(kind)) changes.set(merchantId, { merchantId });
    const member = readEvent(ofMember, event, kind);
    if (member !== undefined)
      changes.set(member.customer_id, { merchantId, customerId: member.customer_id });
  }
  return [...changes.values()];
}
