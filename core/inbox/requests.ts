import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { instantOrEmpty, page, shopDomain, text, uuid } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { DELIVERY_ENDS, DELIVERY_STATUSES } from '#vocabulary/deliveries.ts';

const problem = z.object({ code: text(64), field: text(200), message: text(500) }).optional();
const ids = (max: number) => z.array(uuid).max(max);
const storeDelivery = z.object({
  shopDomain,
  topic: z
    .string()
    .regex(
      /^[a-z_]{1,40}[/.][a-z_]{1,40}$/,
      'must be a topic such as orders/paid or customer.tags_added',
    ),
  webhookId: text(128, 1),
  eventId: text(128),
  apiVersion: text(16),
  triggeredAt: instantOrEmpty,
  payload: z.custom<Buffer>((value) => Buffer.isBuffer(value)),
});

/** Bodies beyond this are not Shopify's: the largest order it sends is far smaller. */
export const maxPayloadBytes = 1_048_576;

export const deliverySchemas = {
  storeDelivery,
  storeDeliveries: z.object({ deliveries: z.array(storeDelivery).min(1).max(64) }),
  getDeliveries: z.object({ deliveryIds: ids(100) }),
  finishDeliveries: z.object({
    outcomes: z
      .array(
        z.object({
          deliveryId: uuid,
          status: z.enum(DELIVERY_ENDS),
          reason: z.enum(OutcomeReason),
          problem,
          points: z.number().int(),
        }),
      )
      .max(500),
  }),
  claimStaleDeliveries: z.object({
    limit: z.number().int().min(1).max(1_000),
    olderThanSeconds: z.number().int().min(0).max(86_400),
  }),
  listDeliveries: z.object({
    page,
    status: z.enum(['', ...DELIVERY_STATUSES]),
    topic: text(80),
  }),
  replayDeliveries: z.object({ deliveryIds: ids(250) }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
