import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const shopsPerCall = 100;

/** Has core store which campaigns have started and ended. Earning does not depend on it. */
export async function advanceCampaigns(
  _: object,
  services: Pick<JobServices, 'platformPoints'>,
): Promise<void> {
  for (;;) {
    const { advanced, more } = await services.platformPoints.advanceCampaigns({
      limit: shopsPerCall,
    });
    if (advanced > 0) log().info({ campaigns: advanced }, 'Campaigns started or ended');
    if (!more) return;
  }
}
