import { log } from '../log.server.ts';
import type { JobInput, JobName } from './catalog.ts';
import { tonight } from './fan-out.ts';
import type { JobQueues } from './queue.ts';

export interface Schedule {
  readonly id: string;
  /** Cron, in UTC. */
  readonly pattern: string;
  readonly name: JobName;
  /** Its data when it is unknown what was missed. */
  readonly afterLoss?: JobInput<JobName>;
}

/**
 * Creates missing schedules, at every start and every minute by every worker, so any live worker renews what
 * the queue lost. A lost schedule may have been due meanwhile, with the jobs of single shops, so it also
 * runs at once.
 */
export async function renewSchedules(
  schedules: readonly Schedule[],
  services: { readonly queues: JobQueues; readonly now: () => number },
): Promise<void> {
  const made: string[] = [];
  for (const { id, pattern, name, afterLoss } of schedules) {
    if (!(await services.queues.schedule(id, pattern, name, {}))) continue;
    made.push(id);
    // Of many workers that notice, one runs it; it is known for an hour.
    const hour = new Date(services.now()).toISOString().slice(11, 13);
    const jobId = `renewed-${id}-${tonight(services)}-${hour}`;
    await services.queues.enqueueAll([{ name, data: afterLoss ?? {}, options: { jobId } }]);
  }
  if (made.length > 0)
    log().warn({ schedules: made }, 'Schedules were missing; they were made, and run now');
}
