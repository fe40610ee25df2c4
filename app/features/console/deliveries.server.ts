import { enqueueDeliveries } from '../../jobs/delivery-producer.server.ts';
import { enqueueOrLeave } from '../../jobs/queues.server.ts';
import { z } from 'zod';
import type { ConsoleRefusal, ConsoleRequest } from './console-request.server.ts';
import { DELIVERY_TROUBLES } from '#vocabulary/deliveries.ts';

const pageSize = 50;
const query = z.object({
  status: z.enum(['', ...DELIVERY_TROUBLES]).catch(''),
  topic: z
    .string()
    .regex(/^[a-z_/]{0,80}$/)
    .catch(''),
  shop: z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.string().regex(/^([a-z0-9][a-z0-9-]{0,59}\.myshopify\.com)?$/))
    .catch(''),
  cursor: z.string().max(500).catch(''),
});

export async function loadDeliveries({ core, url, csrf, admin }: ConsoleRequest) {
  const asked = query.parse(
    Object.fromEntries(
      ['status', 'topic', 'shop', 'cursor'].map((name) => [name, url.searchParams.get(name) ?? '']),
    ),
  );
  const { deliveries, page } = await core.admin.listPlatformDeliveries({
    status: asked.status,
    topic: asked.topic,
    shopDomain: asked.shop,
    page: { pageSize, cursor: asked.cursor },
  });
  return {
    csrf,
    asked,
    deliveries,
    nextCursor: page?.nextCursor ?? '',
    mayReplay: admin.scopes.includes('admin:queues'),
  };
}

const deliveryIds = z.array(z.guid()).min(1).max(pageSize);
const invalid: ConsoleRefusal = { ok: false, code: 'invalid_input', field: '', detail: '' };

/** Replays deliveries; the ledger's keys prevent double awards. */
export async function replayDeliveries({ core }: ConsoleRequest, form: FormData) {
  const ids = deliveryIds.safeParse(form.getAll('id'));
  if (!ids.success) return invalid;
  const replayed = await core.admin.replayPlatformDeliveries({ deliveryIds: ids.data });
  if (replayed.deliveryIds.length > 0)
    await enqueueDeliveries(enqueueOrLeave, replayed.deliveryIds);
  return { ok: true as const, replayed: replayed.deliveryIds.length };
}
