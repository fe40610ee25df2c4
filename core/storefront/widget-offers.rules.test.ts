import { describe, expect, it } from 'vitest';
import { offersOf } from './widget-offers.rules.ts';

const now = new Date('2026-11-25T12:00:00Z');
const row = {
  campaign_id: 'c',
  name: 'Ten off',
  translations: { fr: 'Dix de moins' },
  type: 'discount',
  status: 'scheduled',
  start_date: '2026-11-25T00:00:00Z',
  end_date: '2026-11-26T00:00:00Z',
  multiplier: '1',
  conditions: {},
  reward: { discount: { kind: 'percent_off', value: '10', expires_after_days: 7 } },
  taken: false,
  country: 'FR',
};
const member = { segments: ['vip'], tierId: 's' };
const guest = { segments: [], tierId: null };
const offers = (changes: object = {}, who: typeof member | typeof guest = member) =>
  offersOf([{ ...row, ...changes }], who, now, 'fr');

describe('the code of a campaign', () => {
  it('is offered for nothing, in the reader’s language, with all that it takes off', () => {
    expect(offers()).toEqual([
      {
        rewardId: 'c',
        kind: 'percent_off',
        title: 'Dix de moins',
        pointsCost: 0,
        value: '10',
        incremental: false,
        minPoints: 0,
        maxPoints: 0,
        minPurchase: '',
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
  });

  it('of money says how much, and what must be bought for it', () => {
    const reward = { discount: { kind: 'amount_off', value: '5.50' } };
    const [offer] = offers({ reward, conditions: { min_spend: '20.00' }, end_date: null });
    expect(offer).toMatchObject({
      kind: 'amount_off',
      value: '5.50',
      minPurchase: '20',
      expiresAfterDays: 0,
      endsAt: '',
    });
  });

  it.each([
    ['who has it already', { taken: true }, member],
    ['while it has not begun', { start_date: '2026-11-25T12:00:01Z' }, member],
    ['once it is over', { end_date: '2026-11-25T12:00:00Z' }, member],
    ['of a draft', { status: 'draft' }, member],
    ['of a campaign of another type', { type: 'goal_spend' }, member],
    ['that takes nothing off', { reward: { points: 5 } }, member],
    ['of another tier', { conditions: { tier_ids: ['g'] } }, member],
    ['of another segment', { conditions: { segments: ['new'] } }, member],
    ['of another country', { conditions: { countries: ['DE'] } }, member],
    ['who is a guest, where it is for a tier', { conditions: { tier_ids: ['s'] } }, guest],
  ])('is not offered to one %s', (_who, changes, who) => {
    expect(offers(changes, who)).toEqual([]);
  });

  it('is offered to those it is for, and to guests where it is for all', () => {
    const conditions = { tier_ids: ['s'], segments: ['vip'], countries: ['FR'] };
    expect(offers({ conditions })).toHaveLength(1);
    expect(offers({}, guest)).toHaveLength(1);
  });

  it('is not offered while the shop does not let the app make codes', () => {
    const allowed = (granted: string | null) => offersOf([row], member, now, 'en', granted).length;
    expect(allowed('read_orders')).toBe(0);
    expect(allowed('read_orders,write_discounts')).toBe(1);
    expect(allowed(null)).toBe(1);
  });
});
