import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const membersPerCall = 500;

export async function reviewTiers(
  { merchantId, outdatedOnly }: JobData<'review-tiers'>,
  services: JobServices,
): Promise<void> {
  const { points } = services.core(merchantId);
  let changes = 0;
  // The review that follows a publishing may have been lost: its changes are rewarded differently from those of time.
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
