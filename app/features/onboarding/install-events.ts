import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import { installJob } from '../../jobs/new-jobs.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { shopsOf } from '../../jobs/read-event.ts';

/** Core's event when a shop installs or reinstalls: the web server that saw it may have died meanwhile. */
export function installJobs(events: readonly OutboxEvent[]): NewJob[] {
  return shopsOf(events, ['merchant.installed']).map(installJob);
}
