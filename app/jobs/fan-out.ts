import type { Merchant } from '#proto/admin/v1/admin.ts';
import { log } from '../log.server.ts';
import type { JobName } from './catalog.ts';
import type { NewJob } from './queue.ts';
import type { JobServices } from './services.ts';

const shopsPerPage = 250;

async function* installedShops(
  services: Pick<JobServices, 'platform'>,
): AsyncIterable<readonly Merchant[]> {
  for (let cursor = ''; ;) {
    const { merchants, page } = await services.platform.listMerchants({
      page: { pageSize: shopsPerPage, cursor },
    });
    yield merchants.filter(({ uninstalledAt }) => uninstalledAt === '');
    cursor = page?.nextCursor ?? '';
    if (cursor === '') return;
  }
}

/**
 * Enqueues a job for each installed shop that `jobOf` has one for. A failing shop is skipped, with its
 * reason in the log, and stops no other shop. When the queue fails, the other pages are still tried, and
 * the schedule is retried: the jobs' ids prevent duplicates.
 */
export async function forEachShop(
  schedule: JobName,
  services: Pick<JobServices, 'platform' | 'queues'>,
  jobOf: (merchant: Merchant) => NewJob | readonly NewJob[] | undefined,
): Promise<void> {
  const failures: unknown[] = [];
  for await (const merchants of installedShops(services)) {
    const jobs = merchants.flatMap((merchant) => {
      try {
        return jobOf(merchant) ?? [];
      } catch (error) {
        const { merchantId } = merchant;
        log().error({ schedule, merchantId, err: error }, 'A shop was left out of a schedule');
        return [];
      }
    });
    await services.queues.enqueueAll(jobs).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new Error(`${failures.length} pages of shops were not enqueued`, { cause: failures[0] });
}

/** The day is part of the id: two workers, or a crash half way, make one job a shop and night. */
export function tonight(services: Pick<JobServices, 'now'>): string {
  return new Date(services.now()).toISOString().slice(0, 10);
}
