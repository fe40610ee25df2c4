import { Gatherer } from '../../../proto/shared/gatherer.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { queues, whileReachable } from '../../jobs/queues.server.ts';
import { onShutdown } from '../../lifecycle.server.ts';
import { log } from '../../log.server.ts';
import { admitCalls } from '../../shoppers/call-limits.server.ts';
import type { ReferralChannel } from '#vocabulary/referrals.ts';

interface Visit {
  readonly merchantId: string;
  readonly clickId: string;
  readonly code: string;
  readonly channel: ReferralChannel;
  readonly at: Date;
}

const visitsPerJob = 500;
const mostWaiting = 20_000;
/** An answer waits so long for its visit to be in the queue. */
const patienceMs = 250;

let opened: Gatherer<Visit, undefined> | undefined;

/** Those who follow links at once are counted by one job for each shop. */
function gatherer(): Gatherer<Visit, undefined> {
  if (opened === undefined) {
    const made = new Gatherer<Visit, undefined>({
      execute: async (visits) => {
        await enqueue(visits).catch((error: unknown) => notCounted(error, visits.length));
        return [];
      },
      tenantOf: ({ merchantId }) => merchantId,
      maxBatch: visitsPerJob,
      maxQueue: mostWaiting,
    });
    opened = made;
    // Closed before the queues are: closers run in reverse.
    queues();
    onShutdown(async () => {
      opened = undefined;
      await made.idle();
    });
  }
  return opened;
}

/**
 * Has the worker count a visit. Resolved once the queue has it: a visit that was answered is then not lost with this
 * process. Not counted are visits while the queue is away, which no one waits for longer than a moment, and those of a
 * link that is followed more often than people can.
 */
export async function countVisit(visit: Visit): Promise<void> {
  await new Promise<void>((resolve) => {
    const goOn = setTimeout(resolve, patienceMs);
    void gatherer()
      .submit(visit)
      .catch((error: unknown) => notCounted(error, 1))
      .finally(() => {
        clearTimeout(goOn);
        resolve();
      });
  });
}

const notCounted = (error: unknown, count: number): void =>
  log().warn({ err: error, count }, 'Visits of referral links may not be counted');

async function enqueue(visits: readonly Visit[]): Promise<void> {
  const jobs: NewJob[] = [];
  for (const [merchantId, its] of Map.groupBy(visits, (visit) => visit.merchantId)) {
    const admitted = await withinLimits(merchantId, its);
    if (admitted.length > 0)
      jobs.push({
        name: 'track-clicks',
        data: {
          merchantId,
          clicks: admitted.map(({ clickId, code, channel, at }) => ({
            clickId,
            code,
            channel,
            at: at.toISOString(),
          })),
        },
      });
  }
  if (jobs.length > 0) await whileReachable((reached) => reached.enqueueAll(jobs));
}

/** Of each link's visits those that its limit admits, the first ones first. */
async function withinLimits(merchantId: string, visits: readonly Visit[]): Promise<Visit[]> {
  const ofLinks = [...Map.groupBy(visits, ({ code }) => code)];
  const admitted = await Promise.all(
    ofLinks.map(async ([code, its]) =>
      its.slice(0, await admitCalls('visit', merchantId, code, its.length)),
    ),
  );
  return admitted.flat();
}
