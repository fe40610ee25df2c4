import { catalog } from '../jobs/catalog.ts';
import type { NewJob } from '../jobs/queue.ts';
import type { JobServices } from '../jobs/services.ts';
import { handlers } from '../worker/handlers.ts';

/** Jobs as the queue would run them, one after the other and without its pauses; each id once. */
export function createJobRunner() {
  const waiting: NewJob[] = [];
  const known = new Set<string>();
  /** Jobs whose tries are used up. */
  const failed: NewJob[] = [];
  return {
    failed,
    enqueueAll(jobs: readonly NewJob[]): Promise<void> {
      for (const job of jobs) {
        const id = job.options?.jobId;
        if (id !== undefined && known.has(id)) continue;
        if (id !== undefined) known.add(id);
        waiting.push(job);
      }
      return Promise.resolve();
    },
    /** Until nothing waits. @param retrying what happens between two tries */
    async runAll(services: JobServices, retrying: () => void = () => undefined): Promise<void> {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const { attempts } = catalog[job.name].retry;
        const handler = handlers[job.name] as (
          data: unknown,
          services: JobServices,
          isLastAttempt: boolean,
        ) => Promise<void>;
        const data = catalog[job.name].schema.parse(job.data);
        for (let attempt = 1; attempt <= attempts; attempt++) {
          try {
            await handler(data, services, attempt === attempts);
            break;
          } catch {
            if (attempt === attempts) failed.push(job);
            else retrying();
          }
        }
      }
    },
  };
}
