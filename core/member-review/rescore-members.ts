import type { PoolClient } from 'pg';
import { isFullPassDue } from '../rfm/rfm-config.rules.ts';
import { countMembers, readRfmSettings, saveFullPass } from '../rfm/rfm.store.ts';
import type { RfmSettings } from '../rfm/rfm.store.ts';
import { scoringWith } from '../rfm/score-members.ts';
import { findOutdated, nextMembers } from '../rfm/score.store.ts';
import type { Found, Scoring } from '../rfm/score.store.ts';
import { togetherOrAlone, withTenant } from '../database/tenant-transaction.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { reviewLocked } from './review-members.ts';
import { lockMembers } from '../members/reviews.store.ts';
import type { ScoreTrigger } from '#vocabulary/segments.ts';

const first = '00000000-0000-0000-0000-000000000000';

export interface RescoreRange {
  /** The last member of the range before; empty begins. */
  readonly after: string;
  readonly limit: number;
  readonly trigger: ScoreTrigger;
  /** Nothing is done when it is not the shop's turn. */
  readonly onlyIfDue: boolean;
}

export interface Rescored {
  /** Empty when all members were reviewed. */
  readonly last: string;
  readonly lookedAt: number;
  readonly changed: number;
}

type Dependencies = Pick<CoreDependencies, 'pool' | 'ledger' | 'blindIndex' | 'clock' | 'logger'>;

/**
 * Scores all members, one range of keys after the other, because recency changes without any order. Each range is read
 * without a lock, as most members have not moved; those who have are locked and scored by what is true then,
 * in the same way as after an order, but by the sums that are kept on them: a part of the members is compared with their
 * orders at each pass, and a range in which one is wrong is added up anew. Together or, when a step fails on one of them, one by one: that one
 * stays as they are until the next pass.
 */
export function rescoreRange(
  deps: Dependencies,
  merchantId: string,
  range: RescoreRange,
): Promise<Rescored> {
  return withTenant(deps.pool, merchantId, async (client) => {
    const now = deps.clock();
    const begins = range.after === '';
    const settings = await readRfmSettings(client, merchantId);
    if (settings === undefined) throw notFound('merchant');
    if (begins && range.onlyIfDue) {
      const members = await countMembers(client, merchantId);
      if (!isFullPassDue(settings.config.update, members, settings.fullPassAt, now))
        return { last: '', lookedAt: 0, changed: 0 };
    }
    const scoring = await scoringWith(client, merchantId, settings, now, range.trigger, begins);
    const after = begins ? first : range.after;
    const found = await lookAt(client, merchantId, { ...range, after }, settings, scoring);
    if (found.outdated.length > 0) {
      const sums = found.anyOff ? 'orders' : 'kept';
      await togetherOrAlone(
        client,
        found.outdated,
        async (customerIds) => {
          await lockMembers(client, merchantId, customerIds);
          await reviewLocked(client, deps, merchantId, customerIds, { ...scoring, sums });
        },
        (customerId, error) =>
          deps.logger.error({ merchantId, customerId, err: error }, 'a member is not scored'),
      );
    }
    const isLast = found.looked < range.limit;
    if (isLast) await saveFullPass(client, merchantId, now, settings.currency);
    return {
      last: isLast ? '' : found.last,
      lookedAt: found.looked,
      changed: found.outdated.length,
    };
  });
}

/** Whom of the range to score. With other thresholds, and when no one was scored before, that is everyone. */
async function lookAt(
  client: PoolClient,
  merchantId: string,
  { after, limit, trigger }: RescoreRange,
  settings: RfmSettings,
  scoring: Scoring,
): Promise<Found> {
  // What was spent in a former currency is not spent in today's: all sums are added up anew.
  const isSameMoney =
    settings.fullPassAt === null || settings.fullPassCurrency === settings.currency;
  if (!isSameMoney || (trigger !== 'config' && settings.fullPassAt !== null)) {
    const pass = isSameMoney ? dayOf(scoring.asOf) : 'all';
    return findOutdated(client, merchantId, after, limit, scoring, pass);
  }
  const outdated = await nextMembers(client, merchantId, after, limit);
  return { outdated, anyOff: false, last: outdated.at(-1) ?? '', looked: outdated.length };
}

const dayOf = (at: Date): number => Math.floor(at.getTime() / 86_400_000);
