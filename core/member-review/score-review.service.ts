import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AnalyticsMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { lockMembers } from '../members/reviews.store.ts';
import { scoringFor } from '../rfm/score-members.ts';
import { scoreOf, standingOf } from '../rfm/standing.ts';
import { rescoreRange } from './rescore-members.ts';
import { reviewLocked } from './review-members.ts';
import type { RescoreTrigger } from '#vocabulary/segments.ts';

/** Scores with all that follows from them: one member's on request, all members' at night. */
export function scoreReviewMethods(
  deps: Pick<CoreDependencies, 'pool' | 'ledger' | 'blindIndex' | 'clock' | 'logger'>,
): AnalyticsMethods<'calculateRFMScore' | 'rescoreMembers'> {
  const { pool, clock } = deps;
  return {
    calculateRFMScore: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        await standingOf(client, merchantId, request.customerId);
        await lockMembers(client, merchantId, [request.customerId]);
        const scoring = await scoringFor(client, merchantId, clock(), 'manual');
        await reviewLocked(client, deps, merchantId, [request.customerId], scoring);
        return scoreOf(await standingOf(client, merchantId, request.customerId));
      }),

    async rescoreMembers(request, context) {
      const { last, lookedAt, changed } = await rescoreRange(deps, tenantOf(context), {
        after: request.cursor,
        limit: request.limit,
        trigger: request.trigger as RescoreTrigger,
        onlyIfDue: request.onlyIfDue,
      });
      return { nextCursor: last, lookedAt, changed };
    },
  };
}
