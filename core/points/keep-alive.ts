import type { PoolClient } from 'pg';
import { extendByEarning } from './expiry.store.ts';
import { readProgram } from '../program/program.store.ts';

/**
 * Where points live on by earning, what members earn keeps their other points alive: a moment after, so that the
 * earning itself does not wait for it. Before anything is announced or written off it is checked once more.
 */
export async function keepPointsAlive(review: {
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly customerIds: readonly string[];
}): Promise<void> {
  const { client, merchantId, customerIds } = review;
  const { program } = await readProgram(client, merchantId);
  if (program.expiryMode !== 'activity' || program.expiryDays === 0) return;
  await extendByEarning(client, merchantId, customerIds, program.expiryDays);
}
