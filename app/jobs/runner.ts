import { z } from 'zod';
import { analytics } from '../analytics/posthog.server.ts';
import { firstViews } from '../cache/cache.server.ts';
import { CoreError } from '../core-client/errors.server.ts';
import { UnknownShop } from '../features/webhooks/process-delivery.server.ts';
import { log } from '../log.server.ts';
import { inErrorContext, nameInErrors } from '../error-context.server.ts';
import type { ErrorTags } from '../error-context.server.ts';
import { reportError } from '../telemetry.server.ts';
import { AdminApiError } from '../shopify/admin-client.server.ts';
import { enqueueDeliveries } from './delivery-producer.server.ts';
import { advanceCampaigns } from './handlers/campaigns.ts';
import { handlers } from './handlers/index.ts';
import { sweepRedemptions } from './handlers/redemptions.ts';
import { relayOutbox } from './outbox-relay.ts';
import { readJob } from './queue.server.ts';
import type { JobRun } from './queue.server.ts';
import type { JobName } from './catalogue.ts';
import { repeat } from './repeat.ts';
import { catchUpExpiry, renewSchedules } from './schedules.ts';
import type { Loop } from './repeat.ts';
import type { JobServices } from './services.server.ts';

const sweepIntervalMs = 15_000;
/** A delivery that nobody has touched for this long was lost by the queue. */
const staleAfterSeconds = 30;
const sweepLimit = 500;
const syncSweepMs = 60_000;
/** A first-run sync reports its progress every few seconds, and waits two minutes between its last tries. */
const syncStalledSeconds = 300;
const privacySweepMs = 60_000;
/** Longer than the tries of a request's own job take. */
const privacyStaleSeconds = 600;
/** What Redis has forgotten is made again within this. */
const renewalMs = 60_000;
const relayIntervalMs = 250;
/** What a job that was lost should have started or ended: only the list of campaigns shows how late it is. */
const campaignSweepMs = 60_000;
/** Segments and tiers follow an order within this; shorter, a busy shop would be reviewed in smaller, dearer bites. */
const reviewIntervalMs = 1_000;
const membersPerReview = 1_000;

export interface RunningWorker {
  /** Lets what is under way end, takes nothing new. */
  stop(): Promise<void>;
}

/** Everything that happens behind the scenes: jobs, the sweep of the inbox, the relay of core's events, the nights. */
export async function startWorker(services: JobServices): Promise<RunningWorker> {
  await services.queues.work('webhook', 8, (run) => perform(run, services));
  await services.queues.work('shopify', 4, (run) => perform(run, services));
  await services.queues.work('schedules', 2, (run) => perform(run, services));
  await renewSchedules(services);
  await catchUpExpiry(services);
  const loops: Loop[] = [
    repeat({
      intervalMs: renewalMs,
      round: () => renewSchedules(services).then(() => false),
      onError: (error) => log().warn({ err: error }, 'Schedules could not be renewed'),
    }),
    repeat({
      intervalMs: privacySweepMs,
      round: () => sweepPrivacyRequests(services),
      onError: (error) => log().warn({ err: error }, 'The sweep of privacy requests failed'),
    }),
    repeat({
      intervalMs: sweepIntervalMs,
      round: () => sweepInbox(services),
      onError: (error) => log().warn({ err: error }, 'The sweep of the inbox failed'),
    }),
    repeat({
      intervalMs: campaignSweepMs,
      round: () => advanceCampaigns({}, services).then(() => false),
      onError: (error) => log().warn({ err: error }, 'The sweep of the campaigns failed'),
    }),
    repeat({
      intervalMs: syncSweepMs,
      round: () => sweepSyncs(services),
      onError: (error) => log().warn({ err: error }, 'The sweep of first syncs failed'),
    }),
    repeat({
      intervalMs: sweepIntervalMs,
      round: () => sweepRedemptions(services),
      onError: (error) => log().warn({ err: error }, 'The sweep of the redemptions failed'),
    }),
    repeat({
      intervalMs: relayIntervalMs,
      round: () =>
        relayOutbox({
          platform: services.platform,
          queues: services.queues,
          analytics: analytics(),
          views: firstViews(),
          now: services.now(),
        }),
      onError: (error) => log().warn({ err: error }, 'The relay of events failed'),
    }),
    repeat({
      intervalMs: reviewIntervalMs,
      round: async () => (await services.platform.reviewMembers({ limit: membersPerReview })).more,
      onError: (error) => log().warn({ err: error }, 'The review of members failed'),
    }),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await services.queues.close();
    },
  };
}

/** Enqueues deliveries that are stored and were never worked on. Answers whether there may be more. */
export async function sweepInbox(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  const { deliveryIds } = await services.platform.claimStaleDeliveries({
    limit: sweepLimit,
    olderThanSeconds: staleAfterSeconds,
  });
  if (deliveryIds.length === 0) return false;
  log().info(
    { count: deliveryIds.length },
    'Deliveries were found in the inbox that the queue had lost',
  );
  await enqueueDeliveries(services.queues, deliveryIds);
  return deliveryIds.length === sweepLimit;
}

/** Takes up first-run syncs whose job was lost or gave up. Answers whether there may be more. */
export async function sweepSyncs(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  const { syncs } = await services.platform.claimStalledSyncs({
    limit: sweepLimit,
    olderThanSeconds: syncStalledSeconds,
  });
  if (syncs.length === 0) return false;
  log().info({ count: syncs.length }, 'First syncs were found that nobody worked on');
  await services.queues.enqueueAll(
    syncs.map(({ merchantId, shopDomain, status }) => {
      const data = { merchantId, shop: shopDomain };
      // Before anything was asked of Shopify the installation itself may have been lost.
      return status === 'queued'
        ? { name: 'install-shop', data, options: { coalesceAs: `install-${merchantId}` } }
        : { name: 'first-run-sync', data, options: { coalesceAs: `sync-${merchantId}` } };
    }),
  );
  return syncs.length === sweepLimit;
}

/** Takes up privacy requests whose job was lost or gave up. Answers whether there may be more. */
export async function sweepPrivacyRequests(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  const { requests } = await services.platform.claimOpenPrivacyRequests({
    limit: sweepLimit,
    olderThanSeconds: privacyStaleSeconds,
  });
  if (requests.length === 0) return false;
  log().warn({ count: requests.length }, 'Privacy requests were found that nobody worked on');
  await services.queues.enqueueAll(
    requests.map((data) => ({
      name: 'process-privacy-request',
      data,
      // Asked for every ten minutes until it is done: one that has failed for good makes room.
      options: { jobId: `privacy-${data.requestId}` },
    })),
  );
  return requests.length === sweepLimit;
}

/** Runs one job. What it throws makes the queue try again, as the catalogue says. */
export function perform(run: JobRun, services: JobServices): Promise<void> {
  return inErrorContext(() => performNamed(run, services));
}

async function performNamed(run: JobRun, services: JobServices): Promise<void> {
  const { name, data } = readJob(run);
  nameInErrors(tagsOf(data));
  try {
    await handle(name, data, services, run.isLastAttempt);
  } catch (error) {
    const expected =
      error instanceof UnknownShop ||
      (error instanceof CoreError && error.isTransient) ||
      (error instanceof AdminApiError && error.isTransient);
    const record = { job: name, jobId: run.id, err: error };
    if (run.isLastAttempt) {
      log().error(record, 'A job failed for good');
      if (!expected) void reportError(error);
    } else if (expected) log().info(record, 'A job waits for another try');
    else log().warn(record, 'A job failed and is tried again');
    throw error;
  }
}

const named = z.object({
  merchantId: z.string().optional(),
  customerId: z.string().optional(),
});

function tagsOf(data: unknown): ErrorTags {
  return named.safeParse(data).data ?? {};
}

/** `data` was parsed by the schema of `name`, which is what each handler's type says; the compiler cannot pair the two. */
async function handle<Name extends JobName>(
  name: Name,
  data: unknown,
  services: JobServices,
  isLastAttempt: boolean,
): Promise<void> {
  await handlers[name](data as Parameters<(typeof handlers)[Name]>[0], services, isLastAttempt);
}
