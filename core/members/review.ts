import type { PoolClient } from 'pg';
import type { Ledger } from '../ledger/index.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { ScoreTrigger } from '#vocabulary/segments.ts';

/**
 * Members of one tenant who are looked at again, in a transaction that acts as the tenant and has locked them. After
 * contention all of it is run again, so a step must have no effect outside of the transaction.
 */
export interface MemberReview {
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly customerIds: readonly string[];
  readonly now: Date;
  readonly ledger: Ledger;
  readonly blindIndex: CoreDependencies['blindIndex'];
  readonly trigger: ScoreTrigger;
  /**
   * Segments before and after, of those members for whom they changed. Empty when it was the rules that changed and not
   * the members: a merchant's new thresholds start no reward and no campaign.
   */
  readonly segmentChanges: readonly {
    readonly customerId: string;
    readonly from: readonly string[];
    readonly to: readonly string[];
  }[];
  /** Filled by the step that reviews tiers, for those that follow it. */
  readonly tierChanges: {
    readonly customerId: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
}

export type ReviewStep = (review: MemberReview) => Promise<void>;
