import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const valuesPerCall = 1_000;

/** After a key rotation: re-encrypts with the current key what an older one encrypted. Safe to interrupt and repeat. */
export async function reencryptValues(_: object, services: JobServices): Promise<void> {
  let count = await services.reencryptTokens();
  let unreadable = 0;
  for (let cursor = ''; ;) {
    const round = await services.platform.resealValues({ cursor, limit: valuesPerCall });
    count += round.resealed;
    unreadable += round.unreadable;
    cursor = round.nextCursor;
    if (cursor === '') break;
  }
  if (count > 0 || unreadable > 0)
    log().info(
      { reencrypted: count, unreadable },
      'Values of old keys were re-encrypted with the current one',
    );
}
