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

  it('is saved with all that was typed, and with nothing that its kind has no use for', () => {
    const typed = {
      name: ' Double week ',
      published: false,
      startLocal: '2026-12-01T00:00',
      endLocal: '2026-12-08T00:00',
    };
    expect(draft({ ...typed, multiplier: '3' })).toEqual({
      name: 'Double week',
      translations: {},
      type: 'double_points',
      published: false,
      multiplier: '3',
      startLocal: '2026-12-01T00:00',
      endLocal: '2026-12-08T00:00',
      rewardPoints: 0,
      discount: undefined,
      conditions: {
        segments: [],
        tierIds: [],
        countries: [],
        regions: [],
        minSpend: '',
        goalAmount: '',
        trigger: '',
        segment: '',
        cooldownDays: 0,
      },
    });
    expect(draft({ kind: 'goal', goalAmount: '250', points: '75' })).toMatchObject({
      type: 'goal_spend',
      multiplier: '',
      rewardPoints: 75,
      conditions: { goalAmount: '250' },
    });
  });

  it.each([
    ['segment_entered', 'vip', 9],
    ['segment_left', 'vip', 9],
    ['rfm_drop', '', 9],
    ['tier_up', '', 9],
    ['first_order', '', 0],
  ] as const)(
    'of a life’s %s waits for the segment "%s" and rests %i days',
    (trigger, segment, days) => {
      expect(
        draft({ kind: 'lifecycle', trigger, segment: 'vip', cooldownDays: '9' }),
      ).toMatchObject({
        type: 'lifecycle',
        rewardPoints: 200,
        conditions: { trigger, segment, cooldownDays: days },
      });
    },
  );

  it.each([
    ['multiplier', { multiplier: '1.01' }],
    ['multiplier', { multiplier: '100' }],
    ['multiplier', { name: 'x'.repeat(100), nameEs: 'x'.repeat(100) }],
    ['bonus', { points: '1' }],
    ['bonus', { points: '1000000' }],
    ['goal', { goalAmount: '0.01' }],
    ['discount', { discountValue: '100' }],
    ['discount', { discountValue: '100.0' }],
    ['discount', { discountValue: '0.01' }],
    ['discount', { expiryDays: '0' }],
    ['discount', { expiryDays: '3650' }],
    ['discount', { discount: 'amount_off', discountValue: '0.01' }],
    ['lifecycle', { cooldownDays: '0', trigger: 'tier_up' }],
    ['lifecycle', { cooldownDays: '3650', trigger: 'tier_up' }],
    ['multiplier', { startLocal: '2026-01-01T00:00', endLocal: '2026-01-01T00:01' }],
    ['multiplier', { startLocal: '2026-01-01T00:00', endLocal: '' }],
    ['multiplier', { startLocal: '', endLocal: '2026-01-01T00:00' }],
    ['multiplier', { minSpend: '' }],
    ['multiplier', { minSpend: '0.01' }],
  ] as [CampaignForm['kind'], Partial<CampaignForm>][])(
    'of the kind %s may have %o',
    (kind, changes) => {
      expect(parseCampaignForm(form({ kind, ...changes }))).toHaveProperty('draft');
    },
  );

  it.each([
    [{ name: 'x'.repeat(101) }, { name: 'campaign_name' }],
    [{ nameEs: 'x'.repeat(101) }, { nameEs: 'campaign_translation' }],
    [{ kind: 'of tomorrow' as never }, { kind: 'choice' }],
    [{ published: 'perhaps' as never }, { published: 'choice' }],
    [{ multiplier: '100.01' }, { multiplier: 'campaign_multiplier' }],
    [{ multiplier: '' }, { multiplier: 'campaign_multiplier' }],
    [{ kind: 'bonus', points: '1000001' }, { points: 'campaign_points' }],
    [{ kind: 'goal', points: 'x' }, { points: 'campaign_points' }],
    [{ kind: 'goal', goalAmount: '' }, { goalAmount: 'campaign_amount' }],
    [{ kind: 'discount', discount: '' as never }, { discount: 'choice' }],
    [{ kind: 'discount', discountValue: '100.01' }, { discountValue: 'percent' }],
    [{ kind: 'discount', discountValue: '12.345' }, { discountValue: 'percent' }],
    [{ kind: 'discount', discountValue: '' }, { discountValue: 'campaign_amount' }],
    [
      { kind: 'discount', discount: 'amount_off', discountValue: 'x' },
      { discountValue: 'campaign_amount' },
    ],
    [
      { kind: 'discount', discount: 'amount_off', discountValue: '0' },
      { discountValue: 'campaign_goal' },
    ],
    [{ kind: 'discount', endsWithCampaign: '' as never }, { endsWithCampaign: 'choice' }],
    [{ kind: 'discount', expiryDays: '3651' }, { expiryDays: 'campaign_cooldown' }],
    [{ kind: 'lifecycle', cooldownDays: '3651' }, { cooldownDays: 'campaign_cooldown' }],
    [{ kind: 'lifecycle', trigger: 'full_moon' as never }, { trigger: 'choice' }],
    [{ kind: 'lifecycle', segment: 'everybody' as never }, { segment: 'choice' }],
    [{ segments: ['everybody'] }, { segments: 'choice' }],
    [{ tierIds: ['7'] }, { tierIds: 'choice' }],
    [{ countries: ['fr'] }, { countries: 'choice' }],
    [{ countries: ['FRA'] }, { countries: 'choice' }],
    [{ regions: ['MOON'] }, { regions: 'choice' }],
    [{ countries: Array.from({ length: 251 }, () => 'FR') }, { countries: 'choice' }],
    [{ endLocal: '2026-01-01 00:00' }, { endLocal: 'campaign_time' }],
    [{ startLocal: 'x2026-01-01T00:00' }, { startLocal: 'campaign_time' }],
    [
      { startLocal: '2026-01-02T00:00', endLocal: '2026-01-01T00:00', multiplier: '1' },
      { endLocal: 'campaign_end', multiplier: 'campaign_multiplier' },
    ],
  ] as [Partial<CampaignForm>, Record<string, string>][])(
    'with %o is refused: %o',
    (changes, fields) => {
      expect(parseCampaignForm(form(changes))).toEqual({ fields });
    },
  );

  it('without a kind, or without a name to translate, says what is missing', () => {
    const entries = form();
    entries.delete('kind');
    entries.delete('nameEs');
    expect(parseCampaignForm(entries)).toEqual({ fields: { kind: 'choice' } });
    const unnamed = form();
    unnamed.delete('nameEs');
    unnamed.delete('nameFr');
    expect(parseCampaignForm(unnamed)).toMatchObject({ draft: { translations: {} } });
  });

  it('reads a least amount and money off as its currency groups them, and percentages as decimals', () => {
    const typed = (changes: Partial<CampaignForm>) => {
      const entries = form(changes);
      entries.set('currency', 'VND');
      return parseCampaignForm(entries);
    };
    expect(typed({ minSpend: '2.600.000' })).toMatchObject({
      draft: { conditions: { minSpend: '2600000' } },
    });
    const off = { kind: 'discount', discount: 'amount_off', discountValue: '260.000' } as const;
    expect(typed(off)).toMatchObject({ draft: { discount: { value: '260000' } } });
    const percent = { kind: 'discount', discountValue: '12.500', endsWithCampaign: true } as const;
    expect(typed({ ...percent, discountValue: '12.5' })).toMatchObject({
      draft: { discount: { value: '12.5', endsWithCampaign: true } },
    });
  });

  it.each([
    ['campaign.name', 'name', 'campaign_name'],
    ['campaign.translations.es', 'nameEs', 'campaign_translation'],
    ['campaign.translations.fr', 'nameFr', 'campaign_translation'],
    ['campaign.multiplier', 'multiplier', 'campaign_multiplier'],
    ['campaign.reward_points', 'points', 'campaign_points'],
    ['campaign.discount.value', 'discountValue', 'campaign_amount'],
    ['campaign.discount.expires_after_days', 'expiryDays', 'campaign_cooldown'],
    ['campaign.start_local', 'startLocal', 'campaign_start'],
    ['campaign.end_local', 'endLocal', 'campaign_end'],
    ['campaign.published', 'published', 'campaign_open'],
    ['campaign.conditions.min_spend', 'minSpend', 'campaign_amount'],
    ['campaign.conditions.goal_amount', 'goalAmount', 'campaign_amount'],
    ['campaign.conditions.cooldown_days', 'cooldownDays', 'campaign_cooldown'],
  ])('what core refuses of %s stands beside %s, as %s', (refused, field, message) => {
    expect(fieldsOfRefusal(refused)).toEqual({ [field]: message });
  });
});
