import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { journalSince } from './erasure-journal.ts';
import type { JournalRecord } from './erasure-journal.ts';

export interface RepeatedErasures {
  readonly people: number;
  readonly shops: number;
  /** Of shops that are not there: installed later than the moment, or erased again already. */
  readonly withoutShop: number;
  /** Shops that have the app (again), and so keep their data. */
  readonly keptShops: readonly string[];
  /** Files and requests that failed; each is to be looked at before traffic. */
  readonly failed: readonly string[];
}

/** Erases again whom the journal says were erased since then. Before any traffic. */
export async function repeatErasuresSince(
  services: JobServices,
  since: Date,
): Promise<RepeatedErasures> {
  const counts = { people: 0, shops: 0, withoutShop: 0 };
  const keptShops: string[] = [];
  const failed: string[] = [];
  const domains = await domainsOf(services);
  for await (const record of journalSince(services.files, since)) {
    if (record.kind === 'unreadable') {
      failed.push(record.key);
      continue;
    }
    const merchantId = record.kind === 'person' ? record.entry.merchantId : record.merchantId;
    const shop = domains.get(merchantId);
    if (shop === undefined) {
      counts.withoutShop += 1;
      continue;
    }
    try {
      const outcome = await repeat(record, shop, services);
      if (outcome === 'kept') keptShops.push(merchantId);
      else counts[outcome] += 1;
    } catch (error) {
      // One that fails stops no other.
      log().error({ merchantId, err: error }, 'An erasure could not be repeated');
      failed.push(record.kind === 'person' ? record.entry.erasedBy : merchantId);
    }
  }
  return { ...counts, keptShops, failed };
}

async function repeat(
  record: JournalRecord,
  shop: string,
  services: JobServices,
): Promise<'people' | 'shops' | 'kept' | 'withoutShop'> {
  if (record.kind === 'person') {
    const { admin } = services.core(record.entry.merchantId);
    await admin.repeatErasure({ entry: record.entry });
    return 'people';
  }
  // The merchant may have come back since.
  if ((await services.shopStanding(shop)) === 'connected') return 'kept';
  const { admin } = services.core(record.merchantId);
  try {
    const { erased } = await admin.repeatShopErasure({});
    await services.deleteSessions(shop);
    return erased ? 'shops' : 'withoutShop';
  } catch (error) {
    if (error instanceof CoreError && error.code === 'not_found') return 'withoutShop';
    throw error;
  }
}

async function domainsOf({
  platform,
}: Pick<JobServices, 'platform'>): Promise<ReadonlyMap<string, string>> {
  const domains = new Map<string, string>();
  for (let cursor = ''; ;) {
    const { merchants, page } = await platform.listMerchants({ page: { pageSize: 250, cursor } });
    for (const { merchantId, shopDomain } of merchants) domains.set(merchantId, shopDomain);
    cursor = page?.nextCursor ?? '';
    if (cursor === '') return domains;
  }
}
