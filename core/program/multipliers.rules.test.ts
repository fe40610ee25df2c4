import { describe, expect, it } from 'vitest';
import { campaignFromRow } from './campaign-conditions.rules.ts';
import { DEFAULT_EARNING, type EarningRules } from './earning.rules.ts';
import { multiply, NO_CONTEXT, type EarningContext } from './multipliers.rules.ts';

const rules = (changes: Partial<EarningRules> = {}): EarningRules => ({
  ...DEFAULT_EARNING,
  firstPurchase: { isEnabled: true, factor: 20_000n },
  champions: { isEnabled: true, factor: 15_000n },
  ...changes,
});
const purchase = { orderedAt: '2026-11-20T12:00:00Z', country: 'FR', base: 500_000n };
const campaign = (multiplier: string, conditions: unknown = {}) =>
  campaignFromRow({
    campaign_id: `campaign-${multiplier}`,
    name: 'A week of it',
    type: 'double_points',
    status: 'active',
    start_date: '2026-11-16T00:00:00Z',
    end_date: '2026-11-23T00:00:00Z',
    multiplier,
    conditions,
    reward: {},
  });
const everything: EarningContext = {
  ...NO_CONTEXT,
  segments: ['champions'],
  tierId: 'gold',
  tierFactor: 12_500n,
  isFirstPurchase: true,
  campaigns: [campaign('3'), campaign('2')],
};

describe('of the multipliers that apply', () => {
  it('only the largest counts', () => {
    expect(multiply(rules(), everything, purchase)).toMatchObject({
      factor: 30_000n,
      source: 'campaign',
    });
    expect(multiply(rules(), { ...everything, campaigns: [] }, purchase)).toMatchObject({
      factor: 20_000n,
      source: 'first_purchase_24h',
    });
  });
  it('all count where the merchant lets them multiply, of several campaigns the largest', () => {
    expect(multiply(rules({ stacking: 'multiply' }), everything, purchase)).toMatchObject({
      factor: 112_500n,
      source: 'first_purchase_24h+rfm_champion+tier+campaign',
    });
  });
  it('none counts that the merchant has not switched on', () => {
    const context = { ...everything, tierFactor: null, campaigns: [] };
    expect(multiply(DEFAULT_EARNING, context, purchase)).toMatchObject({
      factor: 10_000n,
      source: '',
    });
  });
  it('a campaign is kept with the award also when another one counts', () => {
    const { campaigns } = multiply(rules(), everything, purchase);
    expect(campaigns.map(({ campaignId }) => campaignId)).toEqual(['campaign-3', 'campaign-2']);
  });
  it('a campaign that is for others does not apply', () => {
    for (const conditions of [
      { countries: ['US'] },
      { segments: ['new'] },
      { tier_ids: ['silver'] },
      { min_spend: '50.01' },
    ]) {
      const context = { ...everything, campaigns: [campaign('3', conditions)] };
      expect(multiply(DEFAULT_EARNING, context, purchase)).toMatchObject({ source: 'tier' });
    }
  });
});
