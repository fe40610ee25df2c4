import { LRUCache } from 'lru-cache';
import { systemClients } from '../../core-client/clients.server.ts';
import { log } from '../../log.server.ts';

const told = new LRUCache<string, true>({ max: 10_000 });

/**
 * Reports to core that a shop's storefront requested the panel, which completes a setup step. Once per shop and process, and
 * in the background: no shopper waits for it.
 */
export function noteWidgetSeen(merchantId: string): void {
  // Asked with `get`, which keeps a shop that shoppers visit.
  if (told.get(merchantId) === true) return;
  told.set(merchantId, true);
  systemClients(merchantId)
    .admin.recordWidgetSeen({})
    .catch((error: unknown) => {
      told.delete(merchantId);
      log().warn({ err: error, merchantId }, 'Core could not be told that the panel is used');
    });
}
