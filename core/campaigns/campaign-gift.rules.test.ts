import { describe, expect, it } from 'vitest';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { campaignGift } from './campaign-gift.rules.ts';

describe('the code of a campaign', () => {
  const row = {
    campaign_id: 'c',
    name: 'Black Friday',
    type: 'discount',
    status: 'active',
    start_date: null,
    end_date: null,
    multiplier: '1',
    conditions: { min_spend: '50.00' },
    reward: { discount: { kind: 'percent_off', value: '12.5', expires_after_days: 7 } },
  };
  it('has the name and the conditions of the campaign', () => {
    expect(campaignGift(campaignFromRow(row), 'EUR')).toMatchObject({
      kind: 'percent_off',
      discount: 'percent',
      title: { en: 'Black Friday' },
      value: 125_000n,
      minPurchase: 500_000n,
      expiresAfterDays: 7,
      pointsCost: 0,
    });
  });
  it('is not given by a campaign that gives points', () => {
    expect(campaignGift(campaignFromRow({ ...row, type: 'goal_spend' }), 'EUR')).toBeUndefined();
    expect(campaignGift(campaignFromRow({ ...row, reward: {} }), 'EUR')).toBeUndefined();
  });
});
