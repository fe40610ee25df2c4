import type { PoolClient } from 'pg';
import type { VipTierSet } from '#prisma/generated/client.ts';
import { onPrisma, toJson } from '../database/prisma-client.ts';
import type { StoredTierSet } from './tier-set.rules.ts';
import type { TierSetStatus } from '#vocabulary/tiers.ts';

/** A version of the tiers, the one in force, or the draft. */
export async function readTierSet(
  client: PoolClient,
  merchantId: string,
  which: Exclude<TierSetStatus, 'superseded'> | number,
): Promise<StoredTierSet | undefined> {
  const row = await onPrisma(client, (tx) =>
    tx.vipTierSet.findFirst({
      where: {
        merchantId,
        ...(typeof which === 'number' ? { version: which } : { status: which }),
      },
    }),
  );
  return row === null ? undefined : tierSetOf(row);
}

const tierSetOf = (row: VipTierSet): StoredTierSet => ({
  version: row.version,
  status: row.status,
  // What this process wrote, and the constraints of the table allow nothing else.
  basis: row.basis as StoredTierSet['basis'],
  period: row.period as StoredTierSet['period'],
  grace_days: row.graceDays,
  tiers: row.tiers as unknown as StoredTierSet['tiers'],
  restores_version: row.restoresVersion,
  actor: row.actor,
  published_at: row.publishedAt,
});

const HISTORY_LENGTH = 50;

/** What was published, newest first. */
export async function readTierSetHistory(
  client: PoolClient,
  merchantId: string,
): Promise<StoredTierSet[]> {
  const rows = await onPrisma(client, (tx) =>
    tx.vipTierSet.findMany({
      where: { merchantId, status: { not: 'draft' } },
      orderBy: { version: 'desc' },
      take: HISTORY_LENGTH,
    }),
  );
  return rows.map(tierSetOf);
}

/** The highest version of a tier set, drafts too; 0 without any. */
export async function newestTierSetVersion(
  client: PoolClient,
  merchantId: string,
): Promise<number> {
  const { _max } = await onPrisma(client, (tx) =>
    tx.vipTierSet.aggregate({ where: { merchantId }, _max: { version: true } }),
  );
  return _max.version ?? 0;
}

/** @returns whether there was one */
export async function discardDraft(client: PoolClient, merchantId: string): Promise<boolean> {
  const { count } = await onPrisma(client, (tx) =>
    tx.vipTierSet.deleteMany({ where: { merchantId, status: 'draft' } }),
  );
  return count === 1;
}

/** What is in force no longer is, and a draft that stays moves behind what is published now. @returns the free version */
export async function makeWayForTierSet(client: PoolClient, merchantId: string): Promise<number> {
  return onPrisma(client, async (tx) => {
    await tx.vipTierSet.updateMany({
      where: { merchantId, status: 'published' },
      data: { status: 'superseded' },
    });
    const draft = await tx.vipTierSet.findFirst({ where: { merchantId, status: 'draft' } });
    if (draft === null) return (await newestTierSetVersion(client, merchantId)) + 1;
    await tx.vipTierSet.updateMany({
      where: { merchantId, status: 'draft' },
      data: { version: draft.version + 1 },
    });
    return draft.version;
  });
}

/** Writes a version down; what it says never changes again, but for a draft that is discarded. */
export async function insertTierSet(
  client: PoolClient,
  merchantId: string,
  tierSet: StoredTierSet,
): Promise<void> {
  await onPrisma(client, (tx) =>
    tx.vipTierSet.create({
      data: {
        merchantId,
        version: tierSet.version,
        status: tierSet.status,
        basis: tierSet.basis,
        period: tierSet.period,
        graceDays: tierSet.grace_days,
        tiers: toJson(tierSet.tiers),
        restoresVersion: tierSet.restores_version,
        actor: tierSet.actor,
        publishedAt: tierSet.published_at,
      },
    }),
  );
}
