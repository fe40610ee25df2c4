import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const rowsPerCall = 5_000;

/** Deletes rows past their retention, a few thousand at a time. */
export async function deleteExpired(_: object, services: JobServices): Promise<void> {
  for (let total = 0; ;) {
    const { deleted } = await services.platform.deleteExpired({ limit: rowsPerCall });
    total += deleted;
    if (deleted > 0) continue;
    log().info({ rows: total }, 'What was past its time was deleted');
    return;
  }
}
