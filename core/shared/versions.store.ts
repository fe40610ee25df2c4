import type { PoolClient } from 'pg';
import { onPrisma, safeNumber, type PrismaTransaction } from '../database/prisma-client.ts';
import { notFound } from './errors.ts';

/** Settings of a shop that are kept in versions: each change is the next one, and an earlier one can be restored. */

interface VersionRow {
  readonly version: bigint;
  readonly createdAt: Date;
  readonly actor: string;
  readonly restoredVersion: bigint | null;
}

type NewVersionRow = Omit<VersionRow, 'createdAt'> & { readonly merchantId: string };

const newest = (merchantId: string) =>
  ({
    where: { merchantId },
    select: { version: true, createdAt: true, actor: true, restoredVersion: true },
    orderBy: { version: 'desc' },
    take: 20,
  }) as const;

type AsRead<Kept> = { readonly [Column in keyof Kept]: unknown };

/** The table that keeps them, and what a row of it holds beside the version. */
interface VersionTable<Kept> {
  readonly list: (tx: PrismaTransaction, query: ReturnType<typeof newest>) => Promise<VersionRow[]>;
  readonly find: (
    tx: PrismaTransaction,
    key: { readonly merchantId: string; readonly version: bigint },
  ) => Promise<AsRead<Kept> | null>;
  /** Does not change a version that exists already. */
  readonly insert: (tx: PrismaTransaction, row: NewVersionRow & Kept) => Promise<unknown>;
}

interface Version<Kept> {
  readonly version: number;
  readonly kept: Kept;
}

/** What an editor sees of a version. */
export interface ListedVersion {
  readonly version: number;
  readonly savedAt: string;
  readonly actor: string;
  /** 0 unless it restored an earlier one. */
  readonly restoredVersion: number;
}

export function versionsIn<Kept>(table: VersionTable<Kept>) {
  const keep = (
    client: PoolClient,
    merchantId: string,
    actor: string,
    { version, kept }: Version<Kept>,
    restored: number | null,
  ) =>
    onPrisma(client, (tx) =>
      table.insert(tx, {
        merchantId,
        version: BigInt(version),
        actor,
        restoredVersion: restored === null ? null : BigInt(restored),
        ...kept,
      }),
    );

  return {
    /** The newest versions, newest first. */
    async list(client: PoolClient, merchantId: string): Promise<ListedVersion[]> {
      const rows = await onPrisma(client, (tx) => table.list(tx, newest(merchantId)));
      return rows.map((row) => ({
        version: safeNumber(row.version),
        savedAt: row.createdAt.toISOString(),
        actor: row.actor,
        restoredVersion: safeNumber(row.restoredVersion ?? 0n),
      }));
    },

    /** @throws DomainError not_found naming version */
    async read(client: PoolClient, merchantId: string, version: number): Promise<AsRead<Kept>> {
      const key = { merchantId, version: BigInt(version) };
      const kept = await onPrisma(client, (tx) => table.find(tx, key));
      if (kept === null) throw notFound('version');
      return kept;
    },

    /** Saves a change. The first change also saves the state before it. */
    async keepChange(
      client: PoolClient,
      merchantId: string,
      actor: string,
      change: {
        readonly before: Version<Kept>;
        readonly next: Version<Kept>;
        readonly restored: number | null;
      },
    ): Promise<void> {
      await keep(client, merchantId, 'system', change.before, null);
      await keep(client, merchantId, actor, change.next, change.restored);
    },
  };
}
