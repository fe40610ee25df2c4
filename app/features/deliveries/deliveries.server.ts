import type { Delivery } from '#proto/admin/v1/admin.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { enqueueDeliveries } from '../../jobs/delivery-producer.server.ts';
import { enqueueOrLeave } from '../../jobs/queues.server.ts';
import {
  PAGE_SIZE,
  parseDeliveriesQuery,
  parseReplayForm,
  type DeliveriesQuery,
} from './deliveries.schema.ts';

export interface DeliveriesData {
  readonly asked: DeliveriesQuery;
  readonly deliveries: readonly Omit<Delivery, 'payload'>[];
  readonly nextCursor: string;
}

export async function loadDeliveries({ core, url }: MerchantRequest): Promise<DeliveriesData> {
  const asked = parseDeliveriesQuery(url.searchParams);
  const { deliveries, page } = await core.admin.listDeliveries({
    status: asked.status,
    topic: asked.topic,
    page: { pageSize: PAGE_SIZE, cursor: asked.cursor },
  });
  return {
    asked,
    // Bodies hold personal data and are not for this page.
    deliveries: deliveries.map(({ payload: _payload, ...delivery }) => delivery),
    nextCursor: page?.nextCursor ?? '',
  };
}

/** Replays deliveries; the ledger's keys prevent double awards. */
export async function replayDeliveries(merchant: MerchantRequest, form: FormData) {
  const ids = parseReplayForm(form);
  if (ids === undefined) return refused(merchant, {});
  const { deliveryIds } = await merchant.core.admin.replayDeliveries({ deliveryIds: ids });
  if (deliveryIds.length > 0) await enqueueDeliveries(enqueueOrLeave, deliveryIds);
  return { ok: true as const, replayed: deliveryIds.length };
}
