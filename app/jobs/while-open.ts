import { log } from '../log.server.ts';
import { ShopPaused } from '../shopify/admin-client.server.ts';
import { ShopNotConnected } from '../shopify/offline-token.server.ts';
import type { NewJob } from './queue.ts';
import type { JobServices, ShopReference } from './services.ts';

/** How long to wait before retrying a frozen or locked shop. */
const pausedRetryMs = 3_600_000;

/**
 * Jobs of an uninstalled shop end without an error. So do those of a shop that Shopify has frozen or
 * locked, and work that nothing else would repeat is retried later.
 */
export async function whileOpen(
  shop: ShopReference,
  work: () => Promise<void>,
  again?: { readonly job: NewJob; readonly services: JobServices },
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ShopPaused) {
      log().info({ merchantId: shop.merchantId }, 'The shop is frozen; its job waits');
      if (again === undefined) return;
      const { job, services } = again;
      await services.queues.enqueueAll([
        { ...job, options: { coalesceAs: pausedId(job), delayMs: pausedRetryMs } },
      ]);
      return;
    }
    if (!(error instanceof ShopNotConnected)) throw error;
    log().info({ merchantId: shop.merchantId }, 'The shop is not connected; its job is over');
  }
}

/** One of a kind and thing waits, however often it was asked for meanwhile. */
const pausedId = ({ name, data }: NewJob): string =>
  ['paused', name, ...Object.values(data as Readonly<Record<string, string>>)].join('-');
