import { actForTenant, onPlatform } from '../database/platform-transaction.ts';
import { writeAudit, writePlatformAudit } from '../shared/audit.store.ts';
import type { AdminMethods } from '../call/methods.ts';
import { adminOf } from '../call/context.ts';
import {
  listUnsuccessfulDeliveries,
  readOverview,
  replayUnsuccessfulDeliveries,
} from './platform.store.ts';
import type { ConsoleDependencies } from './admin-session.ts';

type Methods = AdminMethods<
  'getPlatformOverview' | 'listPlatformDeliveries' | 'replayPlatformDeliveries' | 'recordQueueAct'
>;

/** What the console shows and does across all shops. */
export function platformMethods({ pool }: Pick<ConsoleDependencies, 'pool'>): Methods {
  return {
    getPlatformOverview: () => readOverview(pool),

    async listPlatformDeliveries(request) {
      const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
      const { status, topic, shopDomain } = request;
      const filter = { status, topic, shopDomain, pageSize, cursor };
      const { deliveries, nextCursor } = await listUnsuccessfulDeliveries(pool, filter);
      return { deliveries, page: { nextCursor, total: -1 } };
    },

    replayPlatformDeliveries: (request, context) =>
      onPlatform(pool, async (client) => {
        const adminId = adminOf(context);
        const replayed = await replayUnsuccessfulDeliveries(client, [
          ...new Set(request.deliveryIds),
        ]);
        const deliveryIds = replayed.map((row) => row.delivery_id);
        if (deliveryIds.length === 0) return { deliveryIds };
        await writePlatformAudit(client, adminId, {
          action: 'deliveries_replayed',
          targetTable: 'webhook_inbox',
          targetId: deliveryIds.length === 1 ? (deliveryIds[0] ?? '') : '',
          metadata: { delivery_ids: deliveryIds },
        });
        // Each shop's own log also records that LoyalNest staff were there.
        for (const [merchantId, own] of Map.groupBy(replayed, (row) => row.merchant_id)) {
          if (merchantId === null) continue;
          await actForTenant(client, merchantId);
          await writeAudit(client, merchantId, {
            actor: context.caller.actor,
            action: 'deliveries_replayed',
            targetTable: 'webhook_inbox',
            targetId: own.length === 1 ? (own[0]?.delivery_id ?? '') : '',
            metadata: { delivery_ids: own.map((row) => row.delivery_id) },
          });
        }
        return { deliveryIds };
      }),

    recordQueueAct: (request, context) =>
      onPlatform(pool, async (client) => {
        await writePlatformAudit(client, adminOf(context), {
          action: request.act === 'retry' ? 'jobs_retried' : 'jobs_discarded',
          targetTable: 'queue',
          targetId: request.queue,
          severity: request.act === 'retry' ? 'info' : 'warning',
          metadata: { job_ids: request.jobIds },
        });
        return {};
      }),
  };
}
