import { z } from 'zod';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { shopifyId, text } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { CLAIMED_ACTIONS, NETWORKS } from '#vocabulary/earning.ts';

export const earningSchemas = {
  claimAction: z.object({
    action: z.enum(CLAIMED_ACTIONS),
    network: z.enum(['', ...NETWORKS]),
    birthday: text(5),
    idempotencyKey: text(200, 1),
  }),
  recordReview: z.object({
    shopifyCustomerId: shopifyId,
    provider: z.string().regex(/^[a-z0-9_-]{1,30}$/, 'must be short, in lower case'),
    reviewId: text(100, 1),
  }),
} satisfies RequestSchemas<typeof PointsServiceDefinition>;
