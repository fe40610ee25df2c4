import { z } from 'zod';
import type { FileStore } from '../../files/file-store.ts';
import type { Promised } from './discount-input.ts';

/**
 * Store credit that is about to be paid, outside of the database. Shopify stores nothing of ours with a credit and lists
 * credits by customer alone, so that after a restore this says whose to look for. Holds ids, points and amounts.
 */
const folder = 'credits';
const largestRecord = 64 * 1024;

const record = z.object({
  merchantId: z.guid(),
  redemptionId: z.guid(),
  rewardId: z.string(),
  kind: z.string(),
  points: z.number().int(),
  value: z.string(),
  currency: z.string(),
  shopifyCustomerId: z.string(),
  startsAt: z.string(),
  expiresAt: z.string(),
});
export type JournaledCredit = z.output<typeof record>;

export async function journalCredit(
  files: FileStore,
  merchantId: string,
  promised: Promised,
  now: number,
): Promise<void> {
  const { terms, redemptionId, points, shopifyCustomerId, startsAt, expiresAt } = promised;
  const { rewardId, kind, value, currency } = terms;
  const one: JournaledCredit = {
    ...{ merchantId, redemptionId, rewardId, kind, points, value, currency },
    ...{ shopifyCustomerId, startsAt, expiresAt },
  };
  const day = new Date(now).toISOString().slice(0, 10);
  await files.put(
    `${folder}/${merchantId}/${day}/${redemptionId}.json`,
    Buffer.from(JSON.stringify(one)),
  );
}

/** What a tenant was about to be paid since that day; what cannot be read is left out and counted. */
export async function creditsSince(
  files: FileStore,
  merchantId: string,
  since: Date,
): Promise<{ credits: JournaledCredit[]; unreadable: number }> {
  const prefix = `${folder}/${merchantId}/`;
  const firstKey = `${prefix}${since.toISOString().slice(0, 10)}/`;
  const credits: JournaledCredit[] = [];
  let unreadable = 0;
  for await (const key of files.list(prefix)) {
    if (key < firstKey) continue;
    const content = await files.get(key, largestRecord);
    const parsed = record.safeParse(content && jsonOf(content));
    if (parsed.success) credits.push(parsed.data);
    else unreadable += 1;
  }
  return { credits, unreadable };
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
