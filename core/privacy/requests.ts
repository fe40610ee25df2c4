import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import {
  instantOrEmpty,
  page,
  shopDomain,
  shopifyId,
  text,
  uuid,
  uuidOrEmpty,
} from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import {
  PRIVACY_REQUESTS,
  PRIVACY_REQUEST_SOURCES,
  type ErasureEndReason,
} from '#vocabulary/privacy.ts';

const shopifyIdOrEmpty = z.union([z.literal(''), shopifyId]);

export const privacySchemas = {
  claimOpenPrivacyRequests: z.object({
    olderThanSeconds: z.number().int().min(1).max(86_400),
    limit: z.number().int().min(1).max(1_000),
  }),
  submitGdprRequest: z
    .object({
      requestType: z.enum(PRIVACY_REQUESTS),
      source: z.enum(PRIVACY_REQUEST_SOURCES),
      customerId: uuidOrEmpty,
      shopifyCustomerId: shopifyIdOrEmpty,
      idempotencyKey: text(128),
      email: text(320),
      phone: text(40),
      orderIds: z.array(shopifyId).max(5_000),
    })
    .refine((value) => value.customerId === '' || value.shopifyCustomerId === '', {
      path: ['customerId'],
      message: 'at most one of customer_id and shopify_customer_id can be given',
    })
    .refine(
      (value) =>
        value.customerId !== '' ||
        value.shopifyCustomerId !== '' ||
        value.email !== '' ||
        value.phone !== '' ||
        value.orderIds.length > 0,
      { path: ['customerId'], message: 'no customer is named' },
    ),
  processGdprRequest: z.object({ requestId: uuid, entryDigest: text(64) }),
  describeErasure: z.object({ requestId: uuid }),
  repeatErasure: z.object({
    entry: z.object({
      merchantId: uuid,
      erasedBy: uuid,
      persons: z
        .array(
          z.object({
            member: uuidOrEmpty,
            tombstone: z.string().regex(/^redacted:[0-9a-f]{1,128}$/),
          }),
        )
        .max(1_000),
      subjectTokens: z.array(z.base64().max(200)).max(20_000),
      orderIds: z.array(shopifyId).max(5_000),
    }),
  }),
  repeatShopErasure: z.object({}),
  listGdprRequests: z.object({ page }),
  requestShopErasure: z.object({ shopDomain, receivedAt: instantOrEmpty }),
  cancelShopErasure: z.object({ reason: z.enum(['installed_still'] satisfies ErasureEndReason[]) }),
  redactShop: z.object({ shopDomain }),
  claimShopErasures: z.object({ limit: z.number().int().min(1).max(500) }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
