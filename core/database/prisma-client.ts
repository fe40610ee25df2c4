import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { Prisma, PrismaClient } from '#prisma/generated/client.ts';
import { contentionBackoff, isTenantId } from './tenant-transaction.ts';

/** A client inside one tenant's transaction. */
export type TenantPrisma = Prisma.TransactionClient;

export interface TenantPrismaClient {
  /**
   * Runs work as one tenant, in one transaction for the whole request: the only way to a Prisma client, so that none
   * can be used without a tenant. Contention is retried a few times; `work` must therefore have no effect outside of
   * the database. Not for hot paths (ledger, widget, scoring): measured six times slower than plain SQL.
   */
  withTenantPrisma<T>(merchantId: string, work: (tx: TenantPrisma) => Promise<T>): Promise<T>;
  /** Ends the client; the pool is the caller's and stays. */
  close(): Promise<void>;
}

const timeoutMs = 10_000;

/** Shares the connections of the pool with everything else that uses it. */
export function createTenantPrisma(pool: Pool): TenantPrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  const once = <T>(merchantId: string, work: (tx: TenantPrisma) => Promise<T>) =>
    client.$transaction(
      async (tx) => {
        await tx.$executeRaw`SELECT set_config('app.merchant_id', ${merchantId}, true)`;
        return work(tx);
      },
      { timeout: timeoutMs, maxWait: timeoutMs },
    );
  return {
    async withTenantPrisma(merchantId, work) {
      if (!isTenantId(merchantId)) throw new TypeError('the tenant is not a UUID');
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(merchantId, work);
        } catch (error) {
          if (!isContention(error) || !(await contentionBackoff(attempt))) throw error;
        }
      }
    },
    close: () => client.$disconnect(),
  };
}

/** Prisma's name for a serialization failure or a deadlock. */
function isContention(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}
