import { describe, expect, it } from 'vitest';
import {
  copyOf,
  fieldsOf,
  formOf,
  isSameForm,
  newCampaign,
  startingDiscount,
  type CampaignForm,
} from './campaign-form.ts';
import { fieldsOfRefusal, parseCampaignForm } from './campaign.schema.ts';

const tierId = '00000000-0000-4000-8000-000000000001';
const form = (changes: Partial<CampaignForm> = {}) =>
  new URLSearchParams(fieldsOf({ ...newCampaign('USD'), name: 'Double week', ...changes }));
const draft = (changes: Partial<CampaignForm> = {}) => {
  const parsed = parseCampaignForm(form(changes));
  if ('fields' in parsed) throw new Error(JSON.stringify(parsed.fields));
  return parsed.draft;
};

describe('the form of a campaign', () => {
  it('is parsed as typed, with lists and a decimal comma', () => {
    const typed = {
      multiplier: ' 1,5 ',
      segments: ['vip', 'new'],
      countries: ['FR'],
      tierIds: [tierId],
    };
    expect(draft({ ...typed, regions: ['EU'], minSpend: '20' })).toMatchObject({
      name: 'Double week',
      type: 'double_points',
      published: true,
      multiplier: '1.5',
      rewardPoints: 0,
      conditions: {
        segments: ['vip', 'new'],
        countries: ['FR'],
        regions: ['EU'],
        tierIds: [tierId],
        minSpend: '20',
        goalAmount: '',
        trigger: '',
      },
    });
  });

  it('has a name in each translated language', () => {
    expect(draft().translations).toEqual({});
    expect(draft({ nameEs: ' Semana doble ', nameFr: ' ' }).translations).toEqual({
      es: 'Semana doble',
    });
    expect(parseCampaignForm(form({ nameFr: 'x'.repeat(101) }))).toEqual({
      fields: { nameFr: 'campaign_translation' },
    });
    expect(fieldsOfRefusal('campaign.translations.fr')).toEqual({
      nameFr: 'campaign_translation',
    });
  });

  it('requires what its kind needs, and nothing else', () => {
    const useless = { multiplier: 'x', goalAmount: 'x', cooldownDays: 'x' };
    expect(draft({ ...useless, kind: 'bonus' })).toMatchObject({
      type: 'goal_spend',
      rewardPoints: 200,
      conditions: { goalAmount: '' },
    });
    expect(draft({ kind: 'goal' }).conditions?.goalAmount).toBe('100');
    const entered = draft({ kind: 'lifecycle', trigger: 'segment_entered', segment: 'vip' });
    expect(entered.conditions).toMatchObject({ segment: 'vip', cooldownDays: 30 });
    const first = draft({ kind: 'lifecycle', trigger: 'first_order' });
    expect(first.conditions).toMatchObject({ segment: '', cooldownDays: 0 });
  });

  it('of a discount has a code and no points', () => {
    const discount = { kind: 'discount', discountValue: '12,5', endsWithCampaign: false } as const;
    expect(draft(discount)).toMatchObject({
      type: 'discount',
      rewardPoints: 0,
      discount: {
        kind: 'percent_off',
        value: '12.5',
        expiresAfterDays: 30,
        endsWithCampaign: false,
      },
    });
    expect(draft({ ...discount, discount: 'amount_off', discountValue: '150' })).toMatchObject({
      discount: { kind: 'amount_off', value: '150' },
    });
    expect(draft({ kind: 'bonus' }).discount).toBeUndefined();
  });

  it.each([
    ['name', ' ', {}, 'campaign_name'],
    ['discountValue', '101', { kind: 'discount' }, 'percent'],
    ['discountValue', '0', { kind: 'discount' }, 'campaign_goal'],
    ['expiryDays', '4000', { kind: 'discount' }, 'campaign_cooldown'],
    ['multiplier', '1', {}, 'campaign_multiplier'],
    ['multiplier', '1.005', {}, 'campaign_multiplier'],
    ['multiplier', '2,000', {}, 'campaign_multiplier'],
    ['points', '1,5', { kind: 'bonus' }, 'campaign_points'],
    ['goalAmount', '0.500', { kind: 'goal' }, 'campaign_amount'],
    ['points', '0', { kind: 'bonus' }, 'campaign_points'],
    ['goalAmount', '0.00', { kind: 'goal' }, 'campaign_goal'],
    ['cooldownDays', '-1', { kind: 'lifecycle' }, 'campaign_cooldown'],
    ['minSpend', 'ten', {}, 'campaign_amount'],
    ['startLocal', 'tomorrow', {}, 'campaign_time'],
    ['endLocal', '2026-01-01T00:00', { startLocal: '2026-01-01T00:00' }, 'campaign_end'],
  ] as const)('refuses %s "%s" beside that field', (name, value, changes, message) => {
    expect(parseCampaignForm(form({ ...changes, [name]: value }))).toEqual({
      fields: { [name]: message },
    });
  });

  it.each([
    ['JPY', '15000', '1500'],
    ['VND', '2600000', '260000'],
    ['KWD', '30', '3'],
  ])('starts in %s with a goal of %s and a discount of %s', (currency, goal, discount) => {
    expect(newCampaign(currency).goalAmount).toBe(goal);
    expect(startingDiscount('amount_off', currency)).toBe(discount);
    expect(startingDiscount('percent_off', currency)).toBe('10');
    const proposed = fieldsOf({ ...newCampaign(currency), name: 'A', kind: 'goal' });
    expect(parseCampaignForm(new URLSearchParams({ ...proposed, currency }))).toMatchObject({
      draft: { conditions: { goalAmount: goal } },
    });
  });

  it('reads amounts grouped as in the currency, and refuses decimals it does not have', () => {
    const typed = (goalAmount: string, currency: string) =>
      parseCampaignForm(
        new URLSearchParams({
          ...fieldsOf({ ...newCampaign(currency), name: 'A', kind: 'goal', goalAmount }),
          currency,
        }),
      );
    expect(typed('2.600.000', 'VND')).toMatchObject({
      draft: { conditions: { goalAmount: '2600000' } },
    });
    expect(draft({ kind: 'bonus', points: '1,000' }).rewardPoints).toBe(1_000);
    expect(typed('1,000', 'USD')).toMatchObject({ draft: { conditions: { goalAmount: '1000' } } });
    expect(typed('100.50', 'JPY')).toEqual({ fields: { goalAmount: 'campaign_amount' } });
  });

  it('shows core’s refusals beside the field', () => {
    expect(fieldsOfRefusal('campaign.start_local')).toEqual({ startLocal: 'campaign_start' });
    expect(fieldsOfRefusal('campaign_id')).toEqual({});
  });

  it('shows a saved campaign unchanged, and a copy without dates', () => {
    const saved = {
      campaignId: tierId,
      revision: '',
      name: 'Goal',
      translations: { fr: 'Objectif' },
      type: 'goal_spend',
      status: 'ended',
      multiplier: '1',
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '',
      startLocal: '2026-01-01T01:00',
      endLocal: '',
      conditions: {
        segments: ['vip'],
        tierIds: [],
        countries: [],
        regions: [],
        minSpend: '',
        goalAmount: '100.00',
        trigger: '',
        segment: '',
        cooldownDays: 0,
      },
      rewardPoints: 300,
      results: undefined,
      createdAt: '',
      updatedAt: '',
      discount: undefined,
    };
    const shown = formOf(saved, 'USD');
    expect(shown).toMatchObject({
      kind: 'goal',
      nameEs: '',
      nameFr: 'Objectif',
      goalAmount: '100',
      points: '300',
      published: true,
    });
    expect(copyOf(saved, 'Goal again', 'USD')).toEqual({
      ...shown,
      name: 'Goal again',
      startLocal: '',
    });
    expect(isSameForm(shown, { ...shown, segments: ['vip'] })).toBe(true);
    expect(isSameForm(shown, { ...shown, segments: [] })).toBe(false);
  });
});
