import { DelayedError } from 'bullmq';
import type { Job } from 'bullmq';
import { z } from 'zod';

const ofShop = z.object({ merchantId: z.string() });

/** The shop that a job is of; of several, or of none: undefined. */
export function shopOf(data: unknown): string | undefined {
  return ofShop.safeParse(data).data?.merchantId;
}

/** How long a job of a shop that has all its places waits, and how much longer each further one. */
const postponedMs = 500;
const furtherMs = 50;
const longestMs = 30_000;

/**
 * The places that one shop's jobs may have of a worker's: those of a shop that Shopify throttles wait for it with their
 * places held. What finds none goes back into the queue for a while, which is no attempt.
 */
export function shopPlaces(perShop = Number.POSITIVE_INFINITY) {
  const taken = new Map<string, number>();
  /** Since one of the shop's jobs last ended. */
  const postponed = new Map<string, number>();
  return {
    /** @returns what gives the place back. @throws DelayedError for the queue */
    async take(
      job: Pick<Job, 'data' | 'moveToDelayed'>,
      token: string | undefined,
    ): Promise<() => void> {
      const shop = shopOf(job.data);
      if (shop === undefined) return () => undefined;
      const others = taken.get(shop) ?? 0;
      if (others >= perShop) {
        const before = postponed.get(shop) ?? 0;
        postponed.set(shop, before + 1);
        const delayMs = Math.min(longestMs, postponedMs + furtherMs * before);
        await job.moveToDelayed(Date.now() + delayMs, token);
        throw new DelayedError();
      }
      taken.set(shop, others + 1);
      return () => {
        postponed.delete(shop);
        const left = (taken.get(shop) ?? 1) - 1;
        if (left > 0) taken.set(shop, left);
        else taken.delete(shop);
      };
    },
  };
}
