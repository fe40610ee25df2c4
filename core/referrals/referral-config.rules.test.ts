import { expect, it } from 'vitest';
import {
  DEFAULT_REFERRAL_CONFIG,
  pointsAtLevel,
  referralConfigFrom,
  referralConfigJson,
  type ReferralConfig,
} from './referral-config.rules.ts';

const config: ReferralConfig = {
  ...DEFAULT_REFERRAL_CONFIG,
  version: 3,
  isActive: true,
  goal: 'first_order',
  minOrder: 250_000n,
  advocate: { kind: 'points', points: 100 },
  friend: {
    kind: 'discount',
    discount: 'percent',
    value: 100_000n,
    minPurchase: null,
    expiresAfterDays: 14,
  },
  levels: [
    { from: 2, points: 200 },
    { from: 5, points: 500 },
  ],
  monthlyLimit: 20,
  refundWindowDays: 0,
};

it('is read as it was stored', () => {
  expect(referralConfigFrom(JSON.parse(JSON.stringify(referralConfigJson(config))))).toEqual(
    config,
  );
});

it('is the default where nothing, or nonsense, was stored', () => {
  expect(referralConfigFrom(null)).toEqual(DEFAULT_REFERRAL_CONFIG);
  expect(
    referralConfigFrom({
      advocate: { kind: 'points', points: -5 },
      friend: { kind: 'discount', value: 'much' },
      review: { hold_from: 90, refuse_from: 20 },
      tiers: 'all',
      channels: ['pigeon', 'sms'],
    }),
  ).toEqual({ ...DEFAULT_REFERRAL_CONFIG, channels: ['sms'] });
});

it('gives the advocate more from the referrals that the merchant named', () => {
  expect([1, 2, 4, 5, 50].map((nth) => pointsAtLevel(config, nth))).toEqual([
    100, 200, 200, 500, 500,
  ]);
});
