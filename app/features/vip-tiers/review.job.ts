import type { JobData } from '../../jobs/catalogue.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const membersPerCall = 500;

export async function reviewTiers(
  { merchantId, outdatedOnly }: JobData<'review-tiers'>,
  services: JobServices,
): Promise<void> {
  const { points } = services.core(merchantId);
  let changes = 0;
  // A new ladder's own review may have been lost; what it changes is not what time changes, and rewarded differently.
  for (const outdated of outdatedOnly ? [true] : [true, false]) {
    for (let cursor = ''; ;) {
      const review = { cursor, limit: membersPerCall, outdatedOnly: outdated };
      const reviewed = await points.reviewVipTiers(review);
      changes += reviewed.changed;
      cursor = reviewed.nextCursor;
      if (cursor === '') break;
    }
  }
  if (changes > 0) log().info({ merchantId, changes }, 'Members changed their VIP tier');
}
