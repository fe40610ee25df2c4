import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const membersPerCall = 500;
const noticesPerCall = 2_000;

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
  // Afterwards: a failure here must not prevent expiration.
  for (let more = true; more;) {
    const told = await points.notifyExpiring({ limit: noticesPerCall });
    more = told.more;
    if (told.lots > 0)
      log().info({ merchantId, ...told }, 'Integrations were told of points that expire soon');
  }
}
