import { systemClients } from '../../core-client/clients.server.ts';
import { log } from '../../log.server.ts';

const shopsKept = 10_000;
const told = new Set<string>();

/**
 * Tells core that a shop's storefront asks for the panel, which ends a step of its setup. Once a shop and process, and
 * beside the answer: no shopper waits for it.
 */
export function noteWidgetSeen(merchantId: string): void {
  if (told.has(merchantId)) return;
  if (told.size >= shopsKept) told.clear();
  told.add(merchantId);
  systemClients(merchantId)
    .admin.recordWidgetSeen({})
    .catch((error: unknown) => {
      told.delete(merchantId);
      log().warn({ err: error, merchantId }, 'Core could not be told that the panel is used');
    });
}
