import { setTimeout } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { scoreMembers, scoringFor } from '../rfm/score-members.ts';
import type { Scoring } from '../rfm/score.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { keepPointsAlive } from '../points/keep-alive.ts';
import { reviewCampaigns } from '../campaigns/review-campaigns.ts';
import { reviewGoals } from '../earning/review-goals.ts';
import { reviewReferrals } from '../referrals/review-referrals.ts';
import { reviewTiers } from '../tiers/review-tiers.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { domainErrorOf } from '../shared/errors.ts';
import type { ReviewStep } from '../members/review.ts';
import {
  postponeReview,
  shopsWithReviews,
  takeDueMembers,
  takeMember,
} from '../members/reviews.store.ts';

/**
 * What follows from a member's score, in this order: each step sees what the ones before it found. They are run in the
 * transaction of the scoring, so that a member is never half reviewed.
 */
const steps: readonly ReviewStep[] = [
  keepPointsAlive,
  async (review) => {
    review.tierChanges.push(...(await reviewTiers(review)));
  },
  reviewCampaigns,
  reviewGoals,
  reviewReferrals,
];

type Dependencies = Pick<CoreDependencies, 'pool' | 'ledger' | 'blindIndex' | 'clock' | 'logger'>;

/** Enough to share a statement, and few enough that an order or a delivery waits for no more than a moment. */
const membersPerTransaction = 50;
const shopsPerRound = 50;
/** A call ends well before its caller gives up. */
const roundMs = 2_000;
/** A member on whom a step fails is skipped for this long, so that the others are not retried with them. */
const postponedMinutes = 10;

/** Scores members that the transaction has locked, and has every step review them. */
export async function reviewLocked(
  client: PoolClient,
  deps: Pick<Dependencies, 'ledger' | 'blindIndex'>,
  merchantId: string,
  customerIds: readonly string[],
  scoring: Scoring,
): Promise<void> {
  const changes = await scoreMembers(client, merchantId, customerIds, scoring);
  const review = {
    client,
    merchantId,
    customerIds,
    now: scoring.asOf,
    ledger: deps.ledger,
    blindIndex: deps.blindIndex,
    trigger: scoring.trigger,
    segmentChanges: scoring.trigger === 'config' ? [] : changes,
    tierChanges: [],
  };
  for (const step of steps) await step(review);
}

export interface Reviewer {
  /** Reviews members who are due, shop after shop, at most so many. */
  round(limit: number): Promise<{ reviewed: number; more: boolean }>;
}

/**
 * Shops take turns: each gets one transaction, then the next one has its own, and a round begins where the last ended.
 * Taking, reviewing and being done with a member are one transaction, so a crash skips no member.
 */
export function createReviewer(deps: Dependencies): Reviewer {
  let lastShop: string | null = null;

  return {
    async round(limit) {
      const endsAt = performance.now() + roundMs;
      let reviewed = 0;
      for (;;) {
        let shops = await shopsWithReviews(deps.pool, lastShop, shopsPerRound);
        if (shops.length === 0 && lastShop !== null) {
          lastShop = null;
          shops = await shopsWithReviews(deps.pool, null, shopsPerRound);
        }
        let taken = 0;
        for (const merchantId of shops) {
          if (reviewed >= limit || performance.now() > endsAt) return { reviewed, more: true };
          lastShop = merchantId;
          const count = Math.min(membersPerTransaction, limit - reviewed);
          const startedAt = performance.now();
          const done = await reviewShop(deps, merchantId, count);
          taken += done;
          reviewed += done;
          // Rests as long as it worked: a review may be late, the acknowledgement of a delivery may not.
          if (done > 0) await setTimeout(performance.now() - startedAt);
        }
        // All that is left is in the hands of others.
        if (taken === 0) return { reviewed, more: false };
      }
    },
  };
}

/** @returns how many were taken */
async function reviewShop(deps: Dependencies, merchantId: string, limit: number): Promise<number> {
  let taken: string[] = [];
  try {
    await withTenant(deps.pool, merchantId, async (client) => {
      taken = await takeDueMembers(client, merchantId, limit);
      if (taken.length === 0) return;
      const scoring = await scoringFor(client, merchantId, deps.clock(), 'order');
      await reviewLocked(client, deps, merchantId, taken, scoring);
    });
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    // Others hold what this shop's review needs: it has its turn again, and the next shop need not wait.
    if (domainErrorOf(error)?.code === 'contention') return 0;
    deps.logger.warn({ merchantId, err: error }, 'members are reviewed one by one after a failure');
    for (const customerId of taken) await reviewAlone(deps, merchantId, customerId);
  }
  return taken.length;
}

async function reviewAlone(
  deps: Dependencies,
  merchantId: string,
  customerId: string,
): Promise<void> {
  try {
    await withTenant(deps.pool, merchantId, async (client) => {
      if (!(await takeMember(client, merchantId, customerId))) return;
      const scoring = await scoringFor(client, merchantId, deps.clock(), 'order');
      await reviewLocked(client, deps, merchantId, [customerId], scoring);
    });
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    if (domainErrorOf(error)?.code === 'contention') return;
    deps.logger.error({ merchantId, customerId, err: error }, 'a member could not be reviewed');
    await withTenant(deps.pool, merchantId, (client) =>
      postponeReview(client, merchantId, customerId, postponedMinutes),
    );
  }
}

/** The matter of the whole round, which is repeated anyway; any other failure is some shop's or member's. */
function isDatabaseAway(error: unknown): boolean {
  const code = domainErrorOf(error)?.code;
  return code === 'unavailable' || code === 'resource_exhausted';
}
