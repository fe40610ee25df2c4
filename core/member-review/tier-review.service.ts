import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { reviewCampaigns } from '../campaigns/review-campaigns.ts';
import { togetherOrAlone, withTenant } from '../database/tenant-transaction.ts';
import { reviewTiers } from '../tiers/review-tiers.ts';
import { readTierSet } from '../tiers/tier-sets.store.ts';
import { tierMembersAfter } from '../tiers/tiers.store.ts';

const DEFAULT_REVIEW = 500;

/** The nightly review of all members' tiers: what only time has changed. */
export function tierReviewMethods({
  pool,
  clock,
  ledger,
  blindIndex,
  logger,
}: CoreDependencies): PointsMethods<'reviewVipTiers'> {
  return {
    reviewVipTiers: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const limit = request.limit || DEFAULT_REVIEW;
        const published = await readTierSet(client, merchantId, 'published');
        if (published === undefined) return { reviewed: 0, changed: 0, nextCursor: '' };
        const members = await tierMembersAfter(
          client,
          merchantId,
          request.cursor,
          limit,
          request.outdatedOnly ? published.version : undefined,
        );
        const now = clock();
        const review = { client, merchantId, now, ledger };
        const reviewSome = async (customerIds: readonly string[]): Promise<number> => {
          const isNewTierSet = request.outdatedOnly;
          const tierChanges = await reviewTiers({
            ...review,
            blindIndex,
            customerIds,
            isNewTierSet,
          });
          // Publishing other tiers rewards no member; a change by time starts campaigns.
          if (tierChanges.length > 0 && !isNewTierSet) {
            await reviewCampaigns({
              ...review,
              customerIds: tierChanges.map(({ customerId }) => customerId),
              segmentChanges: [],
              tierChanges,
            });
          }
          return tierChanges.length;
        };
        const changed = await togetherOrAlone(
          client,
          members.map(({ customer_id }) => customer_id),
          reviewSome,
          (customerId, error) =>
            logger.error({ merchantId, customerId, err: error }, 'a tier is not reviewed'),
        );
        return {
          reviewed: members.length,
          changed: changed.reduce((sum, each) => sum + each, 0),
          nextCursor: members.length < limit ? '' : (members.at(-1)?.customer_id ?? ''),
        };
      }),
  };
}
