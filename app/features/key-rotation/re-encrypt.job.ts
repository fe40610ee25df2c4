import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const valuesPerCall = 1_000;

/** After a change of key: seals with the new one what an old one sealed. Interrupted, it begins anew and finds less. */
export async function resealValues(_: object, services: JobServices): Promise<void> {
  let resealed = await services.resealTokens();
  let unreadable = 0;
  for (let cursor = ''; ;) {
    const round = await services.platform.resealValues({ cursor, limit: valuesPerCall });
    resealed += round.resealed;
    unreadable += round.unreadable;
    cursor = round.nextCursor;
    if (cursor === '') break;
  }
  if (resealed > 0 || unreadable > 0)
    log().info({ resealed, unreadable }, 'Values of old keys were sealed with the current one');
}
