import { z } from 'zod';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { page, revision, text, uuid, uuidOrEmpty } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { NAME_LANGUAGES } from '../program/campaign-conditions.rules.ts';
import { CAMPAIGN_STATUSES } from '#vocabulary/campaigns.ts';

const code = z.string().regex(/^[a-z_]{1,40}$/, 'must be a code in snake case');
const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code of two letters');
const local = text(16);

const conditions = z
  .object({
    segments: z.array(code).max(50),
    tierIds: z.array(uuid).max(50),
    countries: z.array(country).max(250),
    regions: z.array(text(40)).max(20),
    minSpend: text(24),
    goalAmount: text(24),
    trigger: text(40),
    segment: z.union([z.literal(''), code]),
    cooldownDays: z.number().int(),
  })
  .optional();

/** What a campaign may be is said by campaign.rules.ts, in one place for every type; this only bounds the message. */
const draft = z
  .object({
    name: text(200),
    translations: z.partialRecord(z.enum(NAME_LANGUAGES), text(200)),
    type: text(40),
    published: z.boolean(),
    multiplier: text(24),
    startLocal: local,
    endLocal: local,
    conditions,
    rewardPoints: z.number().int(),
    discount: z
      .object({
        kind: text(40),
        value: text(24),
        expiresAfterDays: z.number().int(),
        endsWithCampaign: z.boolean(),
      })
      .optional(),
  })
  .optional();

export const campaignSchemas = {
  createCampaign: z.object({ campaign: draft, idempotencyKey: text(200, 1) }),
  updateCampaign: z.object({ campaignId: uuid, campaign: draft, revision }),
  cancelCampaign: z.object({ campaignId: uuid }),
  getCampaign: z.object({ campaignId: uuid }),
  previewCampaign: z.object({ campaign: draft }),
  listCampaigns: z.object({ page, status: z.enum(['', ...CAMPAIGN_STATUSES]) }),
  upsertLifecycleCampaign: z.object({
    name: text(200),
    conditions,
    rewardPoints: z.number().int(),
  }),
  redeemCampaignDiscount: z.object({ customerId: uuidOrEmpty, campaignId: uuid }),
  advanceCampaigns: z.object({ limit: z.number().int().min(0).max(1_000) }),
} satisfies RequestSchemas<typeof PointsServiceDefinition>;
