import { describe, expect, it } from 'vitest';
import {
  campaignApplies,
  campaignFromRow,
  campaignNameIn,
  campaignSubject,
  isDiscountFor,
  multiplyingCampaigns,
  type CampaignOrder,
  type CampaignRow,
} from './campaign-conditions.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { COUNTRIES_OF } from '../shared/regions.rules.ts';

const money = (text: string): bigint => parseAmount(text) ?? 0n;

function campaign(changes: Partial<CampaignRow> = {}) {
  return campaignFromRow({
    campaign_id: 'c1',
    name: 'Double week',
    type: 'double_points',
    status: 'active',
    start_date: '2026-11-01T00:00:00Z',
    end_date: '2026-11-08T00:00:00Z',
    multiplier: '2.00',
    conditions: {},
    reward: {},
    ...changes,
  });
}

const order = (changes: Partial<CampaignOrder> = {}): CampaignOrder => ({
  segments: [],
  tierId: null,
  country: 'US',
  orderedAt: '2026-11-03T12:00:00Z',
  subtotal: money('50.00'),
  ...changes,
});

describe('a campaign applies to an order', () => {
  it('that was placed from its start on and before its end', () => {
    const applies = (orderedAt: string) => campaignApplies(campaign(), order({ orderedAt }));
    expect(applies('2026-10-31T23:59:59.999Z')).toBe(false);
    expect(applies('2026-11-01T00:00:00Z')).toBe(true);
    expect(applies('2026-11-07T23:59:59.999Z')).toBe(true);
    expect(applies('2026-11-08T00:00:00Z')).toBe(false);
  });

  it('whatever its stored status says of the clock, but never as a draft or cancelled', () => {
    const applies = (status: string) => campaignApplies(campaign({ status }), order());
    expect(['scheduled', 'active', 'ended'].map(applies)).toEqual([true, true, true]);
    expect(['draft', 'cancelled', 'something new'].map(applies)).toEqual([false, false, false]);
  });

  it('without a bound where it has none', () => {
    const open = campaign({ start_date: null, end_date: null });
    expect(campaignApplies(open, order({ orderedAt: '2000-01-01T00:00:00Z' }))).toBe(true);
  });

  it('of a member in any of its segments', () => {
    const forChampions = campaign({ conditions: { segments: ['champions', 'vip'] } });
    expect(campaignApplies(forChampions, order({ segments: ['loyal', 'vip'] }))).toBe(true);
    expect(campaignApplies(forChampions, order({ segments: ['loyal'] }))).toBe(false);
    expect(campaignApplies(forChampions, order())).toBe(false);
  });

  it('of a member in any of its tiers', () => {
    const forGold = campaign({ conditions: { tier_ids: ['gold'] } });
    expect(campaignApplies(forGold, order({ tierId: 'gold' }))).toBe(true);
    expect(campaignApplies(forGold, order({ tierId: 'silver' }))).toBe(false);
    expect(campaignApplies(forGold, order())).toBe(false);
  });

  it('to any of its countries or regions, and to none when the order names no country', () => {
    const european = campaign({ conditions: { countries: ['CH'], regions: ['EU'] } });
    const applies = (country: string | null) => campaignApplies(european, order({ country }));
    expect(['FR', 'CH', 'GB', 'NO', null].map(applies)).toEqual([true, true, false, false, false]);
    expect(campaignApplies(campaign(), order({ country: null }))).toBe(true);
    expect(campaignApplies(campaign({ conditions: { regions: ['ATLANTIS'] } }), order())).toBe(
      false,
    );
  });

  it('from its minimum on', () => {
    const fromFifty = campaign({ conditions: { min_spend: '50.00' } });
    expect(campaignApplies(fromFifty, order({ subtotal: money('49.9999') }))).toBe(false);
    expect(campaignApplies(fromFifty, order({ subtotal: money('50') }))).toBe(true);
  });

  it('only when every one of its conditions holds', () => {
    const strict = campaign({
      conditions: { segments: ['champions'], countries: ['US'], min_spend: '10.00' },
    });
    expect(campaignApplies(strict, order({ segments: ['champions'] }))).toBe(true);
    expect(campaignApplies(strict, order({ segments: ['champions'], country: 'CA' }))).toBe(false);
  });
});

describe('the campaigns that multiply an order', () => {
  it('come with the highest first, without those of another kind or of no effect', () => {
    const campaigns = [
      campaign({ campaign_id: 'b', multiplier: '1.50' }),
      campaign({ campaign_id: 'z', multiplier: 3 }),
      campaign({ campaign_id: 'a', multiplier: '1.5' }),
      campaign({ campaign_id: 'one', multiplier: '1' }),
      campaign({ campaign_id: 'hardly', multiplier: '1.0001' }),
      campaign({ campaign_id: 'goal', type: 'goal_spend', multiplier: '5' }),
      campaign({ campaign_id: 'over', end_date: '2026-11-02T00:00:00Z' }),
    ];
    expect(
      multiplyingCampaigns(campaigns, order()).map(({ campaignId, multiplier }) => [
        campaignId,
        multiplier,
      ]),
    ).toEqual([
      ['z', 30_000n],
      ['a', 15_000n],
      ['b', 15_000n],
      ['hardly', 10_001n],
    ]);
  });
});

describe('a stored campaign', () => {
  it('is read with what is missing as no condition', () => {
    expect(campaign({ conditions: null, reward: [] })).toMatchObject({
      multiplier: 20_000n,
      conditions: { segments: [], minSpend: 0n, goalAmount: 0n, trigger: undefined },
      reward: { points: 0, discount: undefined },
    });
  });

  it('is a draft when its kind is not one that this release knows', () => {
    expect(campaign({ type: 'quest' })).toMatchObject({ type: 'double_points', status: 'draft' });
    expect(campaign({ type: 'lifecycle' })).toMatchObject({ type: 'lifecycle', status: 'active' });
  });

  it.each([
    ['0', 10_000n],
    ['-2', 10_000n],
    ['0.9999', 10_000n],
    ['1', 10_000n],
    ['1.0001', 10_001n],
    [2.5, 25_000n],
    ['twice', 10_000n],
  ])('never multiplies by less than one: %s', (multiplier, read) => {
    expect(campaign({ multiplier }).multiplier).toBe(read);
  });

  it('is read with all that sets it off', () => {
    const conditions = {
      trigger: 'segment_entered',
      segment: 'vip',
      cooldown_days: 30,
      min_spend: 12.5,
    };
    expect(campaign({ conditions, reward: { points: 200 } })).toMatchObject({
      conditions: {
        trigger: 'segment_entered',
        segment: 'vip',
        cooldownDays: 30,
        minSpend: 125_000n,
      },
      reward: { points: 200, discount: undefined },
    });
  });

  it('is read without what this release cannot make sense of', () => {
    const conditions = { trigger: 'full_moon', segment: 7, cooldown_days: '30', min_spend: ['5'] };
    const reward = { points: '200', discount: { kind: 'two_for_one', value: '1' } };
    expect(campaign({ conditions, reward })).toMatchObject({
      conditions: { trigger: undefined, segment: '', cooldownDays: 0, minSpend: 0n },
      reward: { points: 0, discount: undefined },
    });
  });

  it('has no minimum and no goal where what is stored is no amount', () => {
    const conditions = { min_spend: 'fifty', goal_amount: null };
    expect(campaign({ conditions }).conditions).toMatchObject({ minSpend: 0n, goalAmount: 0n });
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
    ['yes', false],
  ])('lets its codes end with it where that is stored as %s: %s', (stored, ends) => {
    const discount = { kind: 'amount_off', value: '5', ends_with_campaign: stored };
    expect(campaign({ reward: { discount } }).reward.discount?.endsWithCampaign).toBe(ends);
  });

  it('keeps money exact', () => {
    const read = campaign({
      type: 'discount',
      conditions: { goal_amount: '100.10' },
      reward: { discount: { kind: 'percent_off', value: '12.5', expires_after_days: 30 } },
    });
    expect(read.conditions.goalAmount).toBe(1_001_000n);
    expect(read.reward.discount).toMatchObject({
      kind: 'percent_off',
      value: 125_000n,
      expiresAfterDays: 30,
    });
  });
});

describe('the name of a campaign', () => {
  const translations = { fr: ' Semaine double ', es: ' ', de: 'Doppelwoche' };

  it('is read in the language of the shopper where it has one there', () => {
    const named = campaign({ translations });
    expect(campaignNameIn(named, 'fr')).toBe('Semaine double');
    for (const language of ['en', 'es', 'de'])
      expect(campaignNameIn(named, language), language).toBe('Double week');
  });

  it('is kept in the ledger in each of its languages, and once for all others', () => {
    expect(campaignSubject(campaign({ translations }))).toEqual({
      '': 'Double week',
      fr: 'Semaine double',
    });
    expect(campaignSubject(campaign())).toEqual({ '': 'Double week' });
  });
});

describe('the code of a discount campaign', () => {
  const discount = { kind: 'amount_off', value: '5' };
  const conditions = { tier_ids: ['gold'], countries: ['CH'], min_spend: '50.00' };
  const member = { segments: [], tierId: 'gold', country: 'CH' };
  const now = new Date('2026-11-03T12:00:00Z');
  const row: Partial<CampaignRow> = { type: 'discount', conditions, reward: { discount } };

  it('may be taken by the members that the campaign is for, whatever they will spend', () => {
    expect(isDiscountFor(campaign(row), member, now)).toBe(true);
    expect(
      isDiscountFor(campaign({ ...row, conditions: {} }), { ...member, country: null }, now),
    ).toBe(true);
  });

  it.each<[string, Partial<CampaignRow>, Partial<typeof member>]>([
    ['a campaign of points', { type: 'goal_spend' }, {}],
    ['a campaign without a discount', { reward: {} }, {}],
    ['a draft', { status: 'draft' }, {}],
    ['a campaign that was cancelled', { status: 'cancelled' }, {}],
    ['a campaign to come', { start_date: '2026-11-04T00:00:00Z' }, {}],
    ['a campaign that is over', { end_date: '2026-11-03T12:00:00Z' }, {}],
    ['a campaign for another tier', {}, { tierId: 'silver' }],
    ['a campaign for another country', {}, { country: 'FR' }],
  ])('may not be taken from %s', (_what, changes, of) => {
    expect(isDiscountFor(campaign({ ...row, ...changes }), { ...member, ...of }, now)).toBe(false);
  });
});

it('the European Union has 27 members', () => {
  expect(COUNTRIES_OF.EU.size).toBe(27);
});
