import { describe, expect, it } from 'vitest';
import { campaignFromRow, type CampaignRow } from '../program/campaign-conditions.rules.ts';
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
  const gift = (changes: Partial<CampaignRow>) =>
    campaignGift(campaignFromRow({ ...row, ...changes }), 'EUR');

  it('has the name and the conditions of the campaign', () => {
    expect(campaignGift(campaignFromRow(row), 'EUR')).toMatchObject({
      kind: 'percent_off',
      discount: 'percent',
      currency: 'EUR',
      title: { en: 'Black Friday' },
      value: 125_000n,
      minPurchase: 500_000n,
      expiresAfterDays: 7,
      pointsCost: 0,
    });
  });

  it('is named in every language: as the campaign is there, or else by the name it has', () => {
    expect(gift({ translations: { fr: 'Vendredi noir' } })?.title).toEqual({
      en: 'Black Friday',
      es: 'Black Friday',
      fr: 'Vendredi noir',
    });
  });

  it('may take off an amount instead of a part', () => {
    const reward = { discount: { kind: 'amount_off', value: '5.00' } };
    expect(gift({ reward })).toMatchObject({
      kind: 'amount_off',
      discount: 'amount',
      value: 50_000n,
      expiresAfterDays: 0,
    });
  });

  it.each([
    [{}, null],
    [{ min_spend: '0' }, null],
    [{ min_spend: '0.0001' }, 1n],
  ])('is good for a purchase from the campaign’s minimum on: %j', (conditions, minPurchase) => {
    expect(gift({ conditions })?.minPurchase).toBe(minPurchase);
  });

  it('goes together with free shipping, and with no other discount', () => {
    expect(gift({})?.combinesWith).toEqual({ order: false, product: false, shipping: true });
  });

  it('is not given by a campaign that gives points', () => {
    expect(gift({ type: 'goal_spend' })).toBeUndefined();
    expect(gift({ reward: {} })).toBeUndefined();
  });
});
