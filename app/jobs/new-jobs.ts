import type { NewJob } from './queue.ts';
import type { ShopReference } from './services.ts';

// Jobs that several places ask for. Each has the same id from all of them: one waits, never two.

const delayed = (delayMs: number | undefined) => (delayMs === undefined ? {} : { delayMs });

export const installJob = (shop: ShopReference): NewJob => ({
  name: 'install-shop',
  data: shop,
  options: { coalesceAs: `install-${shop.merchantId}` },
});

export const syncJob = (shop: ShopReference, delayMs?: number): NewJob => ({
  name: 'first-run-sync',
  data: shop,
  options: { coalesceAs: `sync-${shop.merchantId}`, ...delayed(delayMs) },
});

export const balancesJob = (shop: ShopReference): NewJob => ({
  name: 'write-balance-metafields',
  data: shop,
  options: { coalesceAs: `balances-${shop.merchantId}` },
});

export const settingsJob = (shop: ShopReference): NewJob => ({
  name: 'write-storefront-settings',
  data: shop,
  options: { coalesceAs: `settings-${shop.merchantId}` },
});

export const redemptionJob = (
  shop: ShopReference,
  redemptionId: string,
  delayMs?: number,
): NewJob => ({
  name: 'settle-redemption',
  data: { ...shop, redemptionId },
  options: { coalesceAs: `redemption-${redemptionId}`, ...delayed(delayMs) },
});

/** Asked for every ten minutes until it is done: one that has failed for good makes room. */
export const privacyJob = (request: {
  readonly merchantId: string;
  readonly requestId: string;
}): NewJob => ({
  name: 'process-privacy-request',
  data: request,
  options: { jobId: `privacy-${request.requestId}` },
});
