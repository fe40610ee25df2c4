import { isIP } from 'node:net';
import { z } from 'zod';
import type { ReferralServiceDefinition } from '#proto/referrals/v1/referrals.ts';
import { instant, page, shopifyId, text, uuid, uuidOrEmpty } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { MAX_ENTRY_POINTS } from '../ledger/limits.rules.ts';
import { ORDER_RISKS, REFERRAL_CHANNELS, REFERRAL_STATUSES } from '#vocabulary/referrals.ts';

const code = z.string().regex(/^[A-Za-z0-9]{4,20}$/, 'must be a referral code');
const channel = z.enum(['', ...REFERRAL_CHANNELS]);
const days = z.number().int().min(0).max(730);
const points = z.number().int().min(0).max(MAX_ENTRY_POINTS);
const amount = z.union([
  z.literal(''),
  z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, 'must be an amount'),
]);
const score = z.number().int().min(1).max(100);
const address = z
  .object({
    line1: text(300),
    line2: text(300),
    zip: text(40),
    country: z.union([z.literal(''), z.string().regex(/^[A-Z]{2}$/)]),
  })
  .optional();
const traces = z
  .object({
    device: z.string().regex(/^[A-Za-z0-9_-]{0,64}$/, 'must be a random id'),
    ip: text(64).refine((ip) => ip === '' || isIP(ip) !== 0, 'must be an address'),
    phone: text(40),
    address,
  })
  .optional();
const side = z
  .object({
    kind: z.enum(['points', 'discount']),
    points,
    discount: z.enum(['', 'amount', 'percent']),
    value: amount,
    minPurchase: amount,
    expiresAfterDays: days,
  })
  .optional();

const click = z.object({ clickId: uuid, referralCode: code, channel, clickedAt: instant });

export const referralSchemas = {
  createReferral: z.object({ advocateCustomerId: uuidOrEmpty, traces }),
  trackClick: click,
  trackClicks: z.object({ clicks: z.array(click).min(1).max(500) }),
  getOffer: z.object({ referralCode: code }),
  claimReferral: z.object({ referralCode: code, clickId: uuidOrEmpty, channel, traces }),
  completeReferral: z.object({
    referralCode: code,
    shopifyCustomerId: shopifyId,
    channel,
    clickId: uuidOrEmpty,
    traces,
    orderedAt: z.union([z.literal(''), instant]),
  }),
  keepTraces: z.object({
    people: z.array(z.object({ shopifyCustomerId: shopifyId, traces })).max(100),
  }),
  reportOrderRisk: z.object({
    orderId: shopifyId,
    risk: z.enum(ORDER_RISKS),
    ratedAt: instant,
  }),
  getReferralStatus: z.object({ customerId: uuidOrEmpty }),
  updateReferralConfig: z.object({
    config: z
      .object({
        version: z.number().int().min(0),
        active: z.boolean(),
        completeOn: z.enum(['signup', 'first_order']),
        minOrder: amount,
        advocate: side,
        friend: side,
        tiers: z.array(z.object({ level: z.number().int().min(2).max(1_000), points })).max(10),
        expiresAfterDays: days.min(1),
        refundWindowDays: days,
        monthlyLimit: z.number().int().min(0).max(10_000),
        channels: z.array(z.enum(REFERRAL_CHANNELS)).max(REFERRAL_CHANNELS.length),
        holdFrom: score,
        refuseFrom: score,
      })
      .optional(),
  }),
  listReferrals: z.object({
    status: z.enum(['', ...REFERRAL_STATUSES]),
    advocateCustomerId: uuidOrEmpty,
    friendCustomerId: uuidOrEmpty,
    page,
  }),
  getReferral: z.object({ referralId: uuid }),
  decideReferral: z.object({ referralId: uuid, decision: z.enum(['approved', 'denied']) }),
  getReferralFunnel: z.object({
    days: z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]),
  }),
  expireReferrals: z.object({ limit: z.number().int().min(1).max(1_000) }),
} satisfies RequestSchemas<typeof ReferralServiceDefinition>;
