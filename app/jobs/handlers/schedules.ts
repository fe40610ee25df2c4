import { log } from '../../log.server.ts';
import type { JobData } from '../catalogue.ts';
import { forEachShop, tonight } from '../fan-out.ts';
import type { JobServices } from '../services.server.ts';
import { dayJustBegan, shopDay } from '../shop-day.ts';

const membersPerCall = 500;
const noticesPerCall = 2_000;
const rowsPerCall = 5_000;
/** Of a full pass, in one transaction. */
const membersPerRange = 1_000;
const valuesPerCall = 1_000;

export function reconcileAll(services: JobServices): Promise<void> {
  return forEachShop('reconcile-all', services, ({ merchantId, shopDomain }) => ({
    name: 'reconcile-shop',
    data: { merchantId, shop: shopDomain },
    options: { jobId: `reconcile-${tonight(services)}-${merchantId}` },
  }));
}

/**
 * Points expire at the end of the shop's day: each shop whose midnight passed within the last hours. The queue knows the
 * job of a day for an hour, so a night that went well is looked at a few times more and finds nothing; one that failed
 * is tried again.
 */
export function expireAll(
  { everyShop }: JobData<'expire-all'>,
  services: JobServices,
): Promise<void> {
  const now = services.now();
  return forEachShop('expire-all', services, ({ merchantId, timezone }) => {
    if (!everyShop && !dayJustBegan(now, timezone)) return undefined;
    return {
      name: 'expire-points',
      data: { merchantId },
      options: { jobId: `expire-${shopDay(now, timezone)}-${merchantId}` },
    };
  });
}

export function reviewAllTiers(services: JobServices): Promise<void> {
  return forEachShop('review-all-tiers', services, ({ merchantId }) => ({
    name: 'review-tiers',
    data: { merchantId, outdatedOnly: false },
    options: { jobId: `tiers-${tonight(services)}-${merchantId}` },
  }));
}

/** What the queue may have lost of single shops' news: core knows what is behind, settings are compared by Shopify. */
export function updateAllShops(services: JobServices): Promise<void> {
  return forEachShop('update-all-shops', services, ({ merchantId, shopDomain }) => [
    {
      name: 'write-balance-metafields',
      data: { merchantId, shop: shopDomain },
      options: { coalesceAs: `balances-${merchantId}` },
    },
    {
      name: 'write-storefront-settings',
      data: { merchantId, shop: shopDomain },
      options: { coalesceAs: `settings-${merchantId}` },
    },
  ]);
}

/** Core knows whose turn it is: shops with many members are scored once a week. */
export function rescoreAll(services: JobServices): Promise<void> {
  return forEachShop('rescore-all', services, ({ merchantId }) => ({
    name: 'rescore-shop',
    data: { merchantId, trigger: 'schedule', onlyIfDue: true },
    options: { jobId: `rescore-${tonight(services)}-${merchantId}` },
  }));
}

export async function rescoreShop(
  { merchantId, trigger, onlyIfDue }: JobData<'rescore-shop'>,
  services: JobServices,
): Promise<void> {
  const { analytics } = services.core(merchantId);
  const total = { members: 0, changed: 0 };
  for (let cursor = ''; ;) {
    const step = await analytics.rescoreMembers({
      cursor,
      limit: membersPerRange,
      trigger,
      onlyIfDue,
    });
    total.members += step.lookedAt;
    total.changed += step.changed;
    cursor = step.nextCursor;
    if (cursor === '') break;
  }
  if (total.members > 0) log().info({ merchantId, trigger, ...total }, 'Members were scored');
}

/** What has been kept as long as it may, a few thousand rows at a time. */
export async function deleteExpired(_: object, services: JobServices): Promise<void> {
  for (let total = 0; ;) {
    const { deleted } = await services.platform.deleteExpired({ limit: rowsPerCall });
    total += deleted;
    if (deleted > 0) continue;
    log().info({ rows: total }, 'What was past its time was deleted');
    return;
  }
}

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

export async function refreshSegmentCounts(_: object, services: JobServices): Promise<void> {
  await services.platform.refreshSegmentCounts({});
}

export async function expirePoints(
  { merchantId }: JobData<'expire-points'>,
  services: JobServices,
): Promise<void> {
  const { points } = services.core(merchantId);
  for (let more = true; more;) {
    const expired = await points.expirePoints({ limit: membersPerCall });
    more = expired.more;
    if (expired.members > 0)
      log().info(
        { merchantId, members: expired.members, points: expired.points },
        'Points expired',
      );
  }
  // Afterwards: what fails here must not keep anybody's points alive.
  for (let more = true; more;) {
    const told = await points.notifyExpiring({ limit: noticesPerCall });
    more = told.more;
    if (told.lots > 0)
      log().info({ merchantId, ...told }, 'Integrations were told of points that expire soon');
  }
}

export async function reviewTiers(
  { merchantId, outdatedOnly }: JobData<'review-tiers'>,
  services: JobServices,
): Promise<void> {
  const { points } = services.core(merchantId);
  let changes = 0;
  // A new ladder's own review may have been lost; what it changes is not what time changes, and rewarded differently.
  for (const outdated of outdatedOnly ? [true] : [true, false]) {
    for (let cursor = ''; ;) {
      const review = { cursor, limit: membersPerCall, outdatedOnly: outdated };
      const reviewed = await points.reviewVipTiers(review);
      changes += reviewed.changed;
      cursor = reviewed.nextCursor;
      if (cursor === '') break;
    }
  }
  if (changes > 0) log().info({ merchantId, changes }, 'Members changed their VIP tier');
}

export async function processPrivacyRequest(
  { merchantId, requestId }: JobData<'process-privacy-request'>,
  services: JobServices,
): Promise<void> {
  const { request } = await services.core(merchantId).admin.processGdprRequest({ requestId });
  log().info(
    { merchantId, requestId, type: request?.requestType, status: request?.status },
    'A privacy request was processed',
  );
}
