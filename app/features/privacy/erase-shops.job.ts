import type { ShopErasure } from '#proto/admin/v1/erasure.ts';
import { deletePictures } from '../../files/pictures.server.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { countOverdueErasure } from '../../metrics.server.ts';
import { reportError } from '../../telemetry.server.ts';
import { currentWork, inWork, nameInWork, newWork } from '../../work-context.server.ts';
import { journalShop } from './erasure-journal.ts';

const shopsPerRound = 100;

/** Starts due erasures. Shopify is checked once more: the app may have been reinstalled. */
export async function eraseShops(_: object, services: JobServices): Promise<void> {
  const { due, alarms } = await services.platform.claimShopErasures({ limit: shopsPerRound });
  for (const { merchantId, status, deadlineAt } of alarms) {
    log().error(
      { merchantId, status, deadlineAt },
      'A shop is not erased, and Shopify’s 30 days end',
    );
    countOverdueErasure();
    inWork(newWork(currentWork()?.requestId ?? merchantId), () => {
      nameInWork({ merchantId });
      void reportError(new Error('A shop is not erased, and Shopify’s 30 days end'));
    });
  }
  for (const erasure of due) {
    try {
      await eraseShop(erasure, services);
    } catch (error) {
      // Another shop's erasure does not wait for this one's.
      log().error({ err: error, merchantId: erasure.merchantId }, 'A shop could not be erased');
    }
  }
}

async function eraseShop(
  { merchantId, shopDomain }: ShopErasure,
  services: JobServices,
): Promise<void> {
  const { admin } = services.core(merchantId);
  const standing = await services.shopStanding(shopDomain);
  if (standing === 'connected') {
    await admin.cancelShopErasure({ reason: 'installed_still' });
    log().warn({ merchantId }, 'A shop was to be erased and has the app still');
    return;
  }
  if (standing === 'unknown') return;
  // Without a token the uninstall must have been confirmed while there was one.
  if (standing === 'gone') await admin.uninstallMerchant({ uninstalledAt: '' });
  // Before it is done: a restored database has to be told of it again.
  await journalShop(services.files, merchantId, services.now());
  await deletePictures(services.files, merchantId);
  const { erased } = await admin.redactShop({ shopDomain });
  if (!erased) return;
  await services.deleteSessions(shopDomain);
  log().info({ merchantId }, 'A shop was erased');
}
