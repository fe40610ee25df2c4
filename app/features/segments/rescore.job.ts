import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

/** Of a full pass, in one transaction. */
const membersPerRange = 1_000;

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

export async function refreshSegmentCounts(_: object, services: JobServices): Promise<void> {
  await services.platform.refreshSegmentCounts({});
}
