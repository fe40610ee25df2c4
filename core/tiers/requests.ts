import { z } from 'zod';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { language, page, revision, text, uuid, uuidOrEmpty } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { TIER_SET_LIMITS } from './tier-set.rules.ts';
import { TIER_BASES, TIER_MOVES, TIER_PERIODS } from '#vocabulary/tiers.ts';

const words = (max: number) => z.partialRecord(language, text(max));
const amountOrEmpty = text(24).refine(
  (value) => value === '' || parseAmount(value) !== undefined,
  'must be a decimal with at most four places',
);
const whole = (min: number, max: number) => z.number().int().min(min).max(max);

const tier = z.object({
  tierId: uuidOrEmpty,
  names: words(60),
  spendThreshold: amountOrEmpty,
  pointsThreshold: whole(-1, TIER_SET_LIMITS.maxPoints),
  benefits: z
    .object({
      pointsMultiplier: amountOrEmpty,
      entryPoints: whole(0, TIER_SET_LIMITS.maxEntryPoints),
      earlyAccess: z.boolean(),
      perks: words(500),
      entryRewardId: uuidOrEmpty,
      freeShipping: z.boolean(),
    })
    .optional(),
  members: z.number(),
});

const tierSet = z
  .object({
    version: z.number(),
    status: text(40),
    basis: z.enum(TIER_BASES),
    period: z.enum(TIER_PERIODS),
    graceDays: whole(0, TIER_SET_LIMITS.maxGraceDays),
    tiers: z.array(tier).max(TIER_SET_LIMITS.maxTiers),
    publishedAt: text(40),
    actor: text(100),
    restoresVersion: z.number(),
  })
  .optional();

export const tierSchemas: RequestSchemas<typeof PointsServiceDefinition> = {
  previewVipTiers: z.object({ tierSet, direction: z.enum(TIER_MOVES), page }),
  configureVipTiers: z.object({ tierSet, publish: z.boolean(), revision }),
  discardVipTierDraft: z.object({ revision }),
  restoreVipTiers: z.object({ version: z.number().int().min(1), revision }),
  getVipTierStatus: z.object({ customerId: uuid }),
  getVipTierProgress: z.object({ customerId: uuid }),
  listVipTierChanges: z.object({ customerId: uuidOrEmpty, page }),
  reviewVipTiers: z.object({
    cursor: uuidOrEmpty,
    limit: whole(0, 1000),
    outdatedOnly: z.boolean(),
  }),
};
