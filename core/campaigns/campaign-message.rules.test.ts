import { describe, expect, it } from 'vitest';
import type { Campaign } from '../program/campaign-conditions.rules.ts';
import { campaignRevision, toCampaignMessage } from './campaign-message.rules.ts';

const time = (text: string) => new Date(`2026-${text}:00Z`);
const campaign: Campaign = {
  campaignId: 'week',
  name: 'A week',
  translations: { es: 'Una semana' },
  type: 'discount',
  status: 'scheduled',
  startsAt: time('11-25T00:00'),
  endsAt: time('12-02T00:00'),
  multiplier: 15_000n,
  conditions: {
    segments: ['vip'],
    tierIds: ['gold'],
    countries: ['FR'],
    regions: ['EU'],
    minSpend: 125_000n,
    goalAmount: 1_000_000n,
    trigger: 'segment_entered',
    segment: 'at_risk',
    cooldownDays: 30,
  },
  reward: {
    points: 300,
    discount: { kind: 'percent_off', value: 125_000n, expiresAfterDays: 7, endsWithCampaign: true },
  },
};
const context = {
  timezone: 'Europe/Madrid',
  currency: 'EUR',
  now: time('11-30T12:00'),
  createdAt: time('11-01T00:00'),
  updatedAt: time('11-02T00:00'),
  results: { orders: 5, members: 4, points: 900, spend: '1234.5', codes: 2 },
};

describe('what an editor is shown of a campaign', () => {
  it('is all of it, with the clock of the shop and what came of it', () => {
    expect(toCampaignMessage(campaign, context)).toEqual({
      revision: campaignRevision(campaign),
      campaignId: 'week',
      name: 'A week',
      translations: { es: 'Una semana' },
      type: 'discount',
      status: 'active',
      multiplier: '1.5',
      startsAt: '2026-11-25T00:00:00.000Z',
      endsAt: '2026-12-02T00:00:00.000Z',
      startLocal: '2026-11-25T01:00',
      endLocal: '2026-12-02T01:00',
      conditions: {
        segments: ['vip'],
        tierIds: ['gold'],
        countries: ['FR'],
        regions: ['EU'],
        minSpend: '12.50',
        goalAmount: '100.00',
        trigger: 'segment_entered',
        segment: 'at_risk',
        cooldownDays: 30,
      },
      rewardPoints: 300,
      results: {
        orders: 5,
        members: 4,
        points: 900,
        sales: { amount: '1234.50', currency: 'EUR' },
        codes: 2,
      },
      createdAt: '2026-11-01T00:00:00.000Z',
      updatedAt: '2026-11-02T00:00:00.000Z',
      discount: {
        kind: 'percent_off',
        value: '12.5',
        expiresAfterDays: 7,
        endsWithCampaign: true,
      },
    });
  });

  it('says nothing of what is not there', () => {
    const bare: Campaign = {
      ...campaign,
      startsAt: null,
      endsAt: null,
      conditions: { ...campaign.conditions, minSpend: 0n, goalAmount: 0n, trigger: undefined },
      reward: { points: 0, discount: undefined },
    };
    expect(toCampaignMessage(bare, { ...context, results: undefined })).toMatchObject({
      startsAt: '',
      endsAt: '',
      startLocal: '',
      endLocal: '',
      conditions: { minSpend: '', goalAmount: '', trigger: '' },
      results: {
        orders: 0,
        members: 0,
        points: 0,
        sales: { amount: '0.00', currency: 'EUR' },
        codes: 0,
      },
      discount: undefined,
    });
  });
});

describe('the revision of a campaign', () => {
  const open = campaignRevision(campaign);

  it('stays when the campaign begins or ends by itself', () => {
    for (const status of ['active', 'ended'] as const)
      expect(campaignRevision({ ...campaign, status })).toBe(open);
  });

  it.each<Partial<Campaign>>([
    { name: 'Another' },
    { translations: {} },
    { type: 'goal_spend' },
    { status: 'draft' },
    { status: 'cancelled' },
    { multiplier: 20_000n },
    { startsAt: null },
    { endsAt: null },
    { conditions: { ...campaign.conditions, segments: [] } },
    { reward: { points: 0, discount: undefined } },
  ])('is another once it says something else: %o', (change) => {
    expect(campaignRevision({ ...campaign, ...change })).not.toBe(open);
  });

  it('tells a draft from a campaign that was withdrawn', () => {
    expect(campaignRevision({ ...campaign, status: 'draft' })).not.toBe(
      campaignRevision({ ...campaign, status: 'cancelled' }),
    );
  });
});
