import { describe, expect, it } from 'vitest';
import type { CampaignRow } from '../program/campaign-conditions.rules.ts';
import { offersOf } from './widget-offers.rules.ts';

const now = new Date('2026-11-25T12:00:00Z');
type Row = CampaignRow & { readonly taken: boolean; readonly country: string | null };
const row = (changes: Partial<Row> = {}): Row => ({
  campaign_id: 'week',
  name: 'A week of mugs',
  translations: { es: 'Semana de tazas' },
  type: 'discount',
  status: 'active',
  start_date: '2026-11-25T00:00:00Z',
  end_date: '2026-11-26T00:00:00Z',
  multiplier: '1',
  conditions: { min_spend: '50.00' },
  reward: { discount: { kind: 'percent_off', value: '12.5', expires_after_days: 7 } },
  taken: false,
  country: null,
  ...changes,
});
const guest = { segments: [], tierId: null };
const idsOf = (changes: Partial<Row>, shopper: Parameters<typeof offersOf>[1] = guest) =>
  offersOf([row(changes)], shopper, now, 'en').map(({ rewardId }) => rewardId);

describe('codes that campaigns give for nothing', () => {
  it('are offered as rewards without a price, in the shopper’s language', () => {
    expect(offersOf([row()], guest, now, 'es')).toEqual([
      {
        rewardId: 'week',
        kind: 'percent_off',
        title: 'Semana de tazas',
        pointsCost: 0,
        value: '12.5',
        incremental: false,
        minPoints: 0,
        maxPoints: 0,
        minPurchase: '50',
        maxShipping: '',
        expiresAfterDays: 7,
        iconUrl: '',
        tierNames: [],
        isEligible: true,
        isOffer: true,
        endsAt: '2026-11-26T00:00:00.000Z',
        description: '',
      },
    ]);
    const plain = row({ conditions: {}, end_date: null });
    expect(offersOf([plain], guest, now, 'en')[0]).toMatchObject({
      title: 'A week of mugs',
      minPurchase: '',
      endsAt: '',
    });
  });

  it('are not offered to whoever has one', () => {
    expect(idsOf({ taken: true })).toEqual([]);
  });

  it('are offered to those they are meant for: segment, tier and country', () => {
    expect(idsOf({ conditions: { segments: ['vip'] } })).toEqual([]);
    expect(idsOf({ conditions: { segments: ['vip'] } }, { ...guest, segments: ['vip'] })).toEqual([
      'week',
    ]);
    expect(idsOf({ conditions: { tier_ids: ['gold'] } })).toEqual([]);
    expect(idsOf({ conditions: { tier_ids: ['gold'] } }, { ...guest, tierId: 'gold' })).toEqual([
      'week',
    ]);
    expect(idsOf({ conditions: { countries: ['FR'] } })).toEqual([]);
    expect(idsOf({ conditions: { countries: ['FR'] }, country: 'FR' })).toEqual(['week']);
  });

  it.each<[string, Partial<Row>]>([
    ['before they begin', { start_date: '2026-11-25T12:00:01Z' }],
    ['once they are over', { end_date: '2026-11-25T12:00:00Z' }],
    ['while they are a draft', { status: 'draft' }],
    ['when the campaign gives something else', { type: 'goal_spend' }],
    ['when there is no discount', { reward: {} }],
  ])('are not offered %s', (_when, changes) => {
    expect(idsOf(changes)).toEqual([]);
  });

  it('are not offered where the shop has not allowed to give discounts', () => {
    expect(offersOf([row()], guest, now, 'en', 'read_products')).toEqual([]);
    expect(offersOf([row()], guest, now, 'en', 'write_discounts')).toHaveLength(1);
  });
});
