import { z } from 'zod';
import { isPicture } from '../../proto/shared/picture.rules.ts';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import {
  currency,
  instant,
  instantOrEmpty,
  page,
  revision,
  shopifyId,
  text,
  uuid,
  uuidOrEmpty,
} from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import {
  REDEMPTION_FAILURES,
  REWARD_CHANNELS,
  REWARD_DISCOUNTS,
  REWARD_KINDS,
  REWARD_MODES,
  REWARD_STATUSES,
  REWARD_TARGETS,
  type RewardStatus,
} from '#vocabulary/rewards.ts';

const shopifyIdOrEmpty = z.union([z.literal(''), shopifyId]);
const words = (max: number) =>
  z.record(z.string().regex(/^[a-z]{2}$/, 'must be a language'), text(max));
const wholePoints = z.number().int().min(0).max(1_000_000_000_000);
/** Bounds and kinds are the rules' business (`rewards.rules.ts`); here is what any reward must look like. */
const reward = z
  .object({
    rewardId: uuidOrEmpty,
    kind: z.enum(REWARD_KINDS),
    channel: z.enum(['', ...REWARD_CHANNELS]),
    status: z.enum(['', 'active', 'disabled'] satisfies readonly ('' | RewardStatus)[]),
    title: words(120),
    description: words(300),
    pointsCost: z.number().int(),
    value: text(24),
    currency: text(3),
    discount: z.enum(['', ...REWARD_DISCOUNTS]),
    mode: z.enum(['', ...REWARD_MODES]),
    minPoints: wholePoints,
    maxPoints: wholePoints,
    appliesTo: z.enum(['', ...REWARD_TARGETS]),
    collectionId: shopifyIdOrEmpty,
    productId: shopifyIdOrEmpty,
    variantId: shopifyIdOrEmpty,
    targetTitle: text(255),
    maxShipping: text(24),
    minPurchase: text(24),
    codePrefix: text(16),
    combinesWith: z
      .object({ order: z.boolean(), product: z.boolean(), shipping: z.boolean() })
      .optional(),
    expiresAfterDays: z.number().int(),
    tierIds: z.array(uuid).max(50),
    segments: z.array(text(64, 1)).max(50),
    iconUrl: z.union([
      z.literal(''),
      z.string().refine(isPicture),
      z.url({ protocol: /^https$/, error: 'must be an https address' }).max(1000),
    ]),
    position: z.number().int(),
    createdAt: text(40),
    updatedAt: text(40),
    redeemed: z.number(),
    used: z.number(),
    pointsSpent: z.number(),
    revision,
  })
  .optional();

const redemptionId = z.object({ redemptionId: uuid });

export const rewardSchemas: Pick<
  RequestSchemas<typeof PointsServiceDefinition>,
  | 'getReward'
  | 'upsertReward'
  | 'setRewardStatus'
  | 'reorderRewards'
  | 'startRedemption'
  | 'getRedemption'
  | 'listRedemptions'
  | 'startReturn'
  | 'finishReturn'
  | 'adoptRedemption'
  | 'beginFulfillment'
  | 'markSent'
  | 'completeRedemption'
  | 'failRedemption'
  | 'claimStuckRedemptions'
> = {
  getReward: z.object({ rewardId: uuid }),
  upsertReward: z.object({ reward, idempotencyKey: text(100) }),
  setRewardStatus: z.object({
    rewardId: uuid,
    status: z.enum(REWARD_STATUSES),
  }),
  reorderRewards: z.object({ rewardIds: z.array(uuid).min(1).max(200) }),
  startRedemption: z.object({
    rewardId: uuid,
    points: wholePoints,
    idempotencyKey: text(150, 1),
    customerId: uuidOrEmpty,
  }),
  getRedemption: redemptionId,
  listRedemptions: z.object({ customerId: uuidOrEmpty, page }),
  startReturn: redemptionId,
  finishReturn: redemptionId.extend({ codeUsed: z.boolean() }),
  adoptRedemption: z.object({
    lostRedemptionId: uuid,
    lostRewardId: uuidOrEmpty,
    shopifyCustomerId: shopifyId,
    kind: z.enum(REWARD_KINDS),
    title: text(300),
    points: wholePoints.min(1),
    shopifyId: text(200, 1),
    code: text(40),
    value: z.union([z.literal(''), z.string().regex(/^\d{1,15}(\.\d{1,4})?$/)]),
    currency: z.union([z.literal(''), currency]),
    createdAt: instant,
    expiresAt: instantOrEmpty,
    isUsed: z.boolean(),
  }),
  beginFulfillment: redemptionId,
  markSent: redemptionId,
  completeRedemption: redemptionId.extend({ shopifyId: text(200, 1) }),
  failRedemption: redemptionId.extend({ failureCode: z.enum(REDEMPTION_FAILURES) }),
  claimStuckRedemptions: z.object({
    limit: z.number().int().min(1).max(1000),
    olderThanSeconds: z.number().int().min(0).max(86_400),
  }),
};
