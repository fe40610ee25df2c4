import type { PoolClient } from 'pg';
import { notFound } from '../shared/errors.ts';
import { toScoreMessage } from './rfm-messages.ts';
import { readStanding, type StandingRow } from './standing.store.ts';

/** @throws DomainError not_found naming customer_id */
export async function standingOf(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<StandingRow> {
  const standing = await readStanding(client, merchantId, customerId);
  if (standing === undefined) throw notFound('customer_id');
  return standing;
}

/** The score as callers get it; without one yet, nothing. */
export const scoreOf = (standing: StandingRow) => ({
  score: standing.segment_ids === null ? undefined : toScoreMessage(standing.rfm_score),
  segmentIds: standing.segment_ids ?? [],
  lifecycleStage: standing.lifecycle_stage ?? '',
});
