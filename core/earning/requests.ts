import { z } from 'zod';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { shopifyId, text } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { networkNames } from '../program/earning.rules.ts';

export const earningSchemas = {
  claimAction: z.object({
    action: z.enum(['newsletter', 'birthday', 'social_follow', 'social_share', 'review']),
    network: z.enum(['', ...networkNames]),
    birthday: text(5),
    idempotencyKey: text(200, 1),
  }),
  recordReview: z.object({
    shopifyCustomerId: shopifyId,
    provider: z.string().regex(/^[a-z0-9_-]{1,30}$/, 'must be short, in lower case'),
    reviewId: text(100, 1),
  }),
} satisfies RequestSchemas<typeof PointsServiceDefinition>;
