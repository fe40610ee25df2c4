import { describe, expect, it } from 'vitest';
import { CampaignDraft } from '#proto/points/v1/campaigns.ts';
import { campaignFromRow, type Campaign } from '../program/campaign-conditions.rules.ts';
import { campaignRevision } from './campaign-message.rules.ts';
import {
  conditionsIntoJson,
  planFromDraft,
  rewardIntoJson,
  statusAt,
  type CampaignPlan,
} from './campaign.rules.ts';
import { localOf } from '../shared/local-time.rules.ts';

const now = new Date('2026-11-25T15:00:00Z');
const timezone = 'Europe/Madrid';

const draft = (changes: Parameters<typeof CampaignDraft.fromPartial>[0] = {}): CampaignDraft =>
  CampaignDraft.fromPartial({
    name: 'Double week',
    type: 'double_points',
    published: true,
    multiplier: '2',
    startLocal: '2026-12-01T00:00',
    endLocal: '2026-12-08T00:00',
    ...changes,
  });

const plan = (changes: Parameters<typeof draft>[0] = {}, before?: Campaign) =>
  planFromDraft(draft(changes), { timezone, currency: 'USD', now, ...(before && { before }) });

function planned(changes: Parameters<typeof draft>[0] = {}, before?: Campaign): CampaignPlan {
  const result = plan(changes, before);
  if ('field' in result) throw new Error(`${result.field}: ${result.message}`);
  return result;
}

const refused = (changes: Parameters<typeof draft>[0], before?: Campaign) => {
  const result = plan(changes, before);
  return 'field' in result ? result.field : undefined;
};

describe('a campaign', () => {
  it('begins and ends in the shop’s local time', () => {
    expect(planned()).toMatchObject({
      startsAt: new Date('2026-11-30T23:00:00Z'),
      endsAt: new Date('2026-12-07T23:00:00Z'),
      multiplier: 20_000n,
      status: 'scheduled',
    });
  });

  it('that runs over the night in which clocks go back is an hour longer', () => {
    const autumn = planFromDraft(
      draft({ startLocal: '2026-10-24T00:00', endLocal: '2026-10-26T00:00' }),
      { timezone, currency: 'USD', now: new Date('2026-10-01T00:00:00Z') },
    ) as CampaignPlan;
    expect(Number(autumn.endsAt) - Number(autumn.startsAt)).toBe(49 * 3_600_000);
  });

  it('without a start begins when it is published, and a draft does not begin', () => {
    expect(planned({ startLocal: '' })).toMatchObject({ startsAt: now, status: 'active' });
    expect(planned({ startLocal: '', published: false })).toMatchObject({
      startsAt: null,
      status: 'draft',
    });
  });

  it('changes status only with time', () => {
    const { startsAt, endsAt } = planned();
    const at = (status: Campaign['status'], time: string) =>
      statusAt({ status, startsAt, endsAt }, new Date(time));
    expect(at('scheduled', '2026-11-30T22:59:59Z')).toBe('scheduled');
    expect(at('scheduled', '2026-11-30T23:00:00Z')).toBe('active');
    expect(at('scheduled', '2026-12-07T23:00:00Z')).toBe('ended');
    expect(at('active', '2026-12-07T22:59:59Z')).toBe('active');
    expect(at('draft', '2026-12-03T00:00:00Z')).toBe('draft');
    expect(at('cancelled', '2026-12-03T00:00:00Z')).toBe('cancelled');
  });

  it.each([
    ['a name', { name: '  ' }, 'campaign.name'],
    ['a short name', { translations: { fr: 'x'.repeat(101) } }, 'campaign.translations.fr'],
    ['a type', { type: 'lottery' }, 'campaign.type'],
    ['a multiplier that gives something', { multiplier: '1' }, 'campaign.multiplier'],
    ['a multiplier that is no slip', { multiplier: '101' }, 'campaign.multiplier'],
    ['two decimals at most', { multiplier: '1.005' }, 'campaign.multiplier'],
    ['a start that is a time', { startLocal: '2026-02-30T00:00' }, 'campaign.start_local'],
    ['a start to come', { startLocal: '2026-11-25T15:49' }, 'campaign.start_local'],
    ['an end after the start', { endLocal: '2026-12-01T00:00' }, 'campaign.end_local'],
    ['points for a goal', { type: 'goal_spend' }, 'campaign.reward_points'],
    ['a trigger', { type: 'lifecycle', rewardPoints: 5 }, 'campaign.conditions.trigger'],
    [
      'the segment of its trigger',
      { type: 'lifecycle', rewardPoints: 5, conditions: { trigger: 'segment_entered' } },
      'campaign.conditions.segment',
    ],
    [
      'a region that there is',
      { conditions: { regions: ['ATLANTIS'] } },
      'campaign.conditions.regions',
    ],
    ['money that is money', { conditions: { minSpend: 'ten' } }, 'campaign.conditions.min_spend'],
  ])('needs %s', (_what, changes, field) => {
    expect(refused(changes)).toBe(field);
  });

  it('takes the minutes that a form was filled in for', () => {
    expect(planned({ startLocal: '2026-11-25T15:55' }).status).toBe('active');
  });

  it('keeps only the conditions of its type', () => {
    const conditions = { goalAmount: '100', trigger: 'tier_up', minSpend: '20', segments: ['vip'] };
    expect(planned({ conditions }).conditions).toMatchObject({
      goalAmount: 0n,
      trigger: undefined,
      minSpend: 200_000n,
      segments: ['vip'],
    });
  });
});

describe('a campaign that has begun', () => {
  const startsAt = new Date('2026-11-20T09:12:34.567Z');
  const begun: Campaign = {
    ...planned({ conditions: { segments: ['vip'] } }),
    campaignId: 'c1',
    status: 'active',
    startsAt,
  };
  const shown = {
    startLocal: localOf(startsAt, timezone),
    endLocal: '2026-12-08T00:00',
    conditions: { segments: ['vip'] },
  };

  it('can get another name and another end, and keeps the second it began at', () => {
    const changed = planned({ ...shown, name: 'Longer', endLocal: '2026-12-20T00:00' }, begun);
    expect(changed).toMatchObject({ name: 'Longer', startsAt, status: 'active' });
    expect(changed.endsAt).toEqual(new Date('2026-12-19T23:00:00Z'));
    expect(planned({ ...shown, startLocal: '' }, begun).startsAt).toBe(startsAt);
  });

  it('can get names in other languages, or lose them', () => {
    const named = planned({ ...shown, translations: { es: ' Semana doble ', fr: ' ' } }, begun);
    expect(named.translations).toEqual({ es: 'Semana doble' });
    expect(campaignRevision(named)).not.toBe(campaignRevision(begun));
    expect(planned(shown, { ...begun, ...named }).translations).toEqual({});
  });

  it('keeps an instant of an hour that the clock shows twice', () => {
    const secondTime = new Date('2026-10-25T01:30:00Z');
    const shownTwice = localOf(secondTime, timezone);
    const changed = planned(
      { ...shown, startLocal: shownTwice, name: 'Longer' },
      { ...begun, startsAt: secondTime },
    );
    expect([shownTwice, changed.startsAt]).toEqual(['2026-10-25T02:30', secondTime]);
  });

  it.each([
    ['less', { multiplier: '1.5' }, 'campaign.multiplier'],
    ['other members', { conditions: { segments: ['new'] } }, 'campaign.conditions'],
    ['another start', { startLocal: '2026-12-01T00:00' }, 'campaign.start_local'],
    ['an end that is past', { endLocal: '2026-11-24T00:00' }, 'campaign.end_local'],
    ['drafting', { published: false }, 'campaign.published'],
  ])('refuses %s', (_what, changes, field) => {
    expect(refused({ ...shown, ...changes }, begun)).toBe(field);
  });

  it('is not changed any more once it is over', () => {
    expect(refused(shown, { ...begun, endsAt: new Date('2026-11-24T00:00:00Z') })).toBe(
      'campaign_id',
    );
    expect(refused(shown, { ...begun, status: 'cancelled' })).toBe('campaign_id');
  });
});

describe('the bounds of a campaign', () => {
  const discount = (changes: object) => ({
    type: 'discount',
    discount: { kind: 'percent_off', value: '10', ...changes },
  });
  const goal = { type: 'goal_spend', rewardPoints: 5 };
  const cycle = (conditions: object) => ({ type: 'lifecycle', rewardPoints: 5, conditions });

  it.each<[string | undefined, Parameters<typeof draft>[0]]>([
    [undefined, { name: 'x'.repeat(100) }],
    ['campaign.name', { name: 'x'.repeat(101) }],
    [undefined, { translations: { es: 'x'.repeat(100) } }],
    ['campaign.translations.es', { translations: { es: 'x'.repeat(101) } }],
    [undefined, { multiplier: '1.01' }],
    [undefined, { multiplier: '100' }],
    ['campaign.multiplier', { multiplier: '100.01' }],
    ['campaign.multiplier', { multiplier: '' }],
    [undefined, { type: 'goal_spend', rewardPoints: 1 }],
    [undefined, { type: 'goal_spend', rewardPoints: 1_000_000 }],
    ['campaign.reward_points', { type: 'goal_spend', rewardPoints: 1_000_001 }],
    ['campaign.reward_points', { type: 'goal_spend', rewardPoints: 0.5 }],
    ['campaign.conditions.goal_amount', { ...goal, conditions: { goalAmount: '-1' } }],
    ['campaign.conditions.goal_amount', { ...goal, conditions: { goalAmount: 'x' } }],
    ['campaign.conditions.min_spend', { conditions: { minSpend: '-0.0001' } }],
    [undefined, { conditions: { regions: ['EU', 'EEA'] } }],
    [undefined, cycle({ trigger: 'tier_up' })],
    [undefined, cycle({ trigger: 'segment_left', segment: 'vip' })],
    ['campaign.conditions.segment', cycle({ trigger: 'tier_up', segment: 'vip' })],
    [undefined, cycle({ trigger: 'tier_up', cooldownDays: 3_650 })],
    ['campaign.conditions.cooldown_days', cycle({ trigger: 'tier_up', cooldownDays: 3_651 })],
    ['campaign.conditions.cooldown_days', cycle({ trigger: 'tier_up', cooldownDays: -1 })],
    ['campaign.reward_points', { ...cycle({ trigger: 'tier_up' }), rewardPoints: 0 }],
    [undefined, discount({ value: '0.01' })],
    [undefined, discount({ value: '100' })],
    ['campaign.discount.value', discount({ value: '100.01' })],
    ['campaign.discount.value', discount({ value: '12.345' })],
    ['campaign.discount.value', discount({ value: '0' })],
    ['campaign.discount.value', discount({ value: '' })],
    ['campaign.discount.kind', discount({ kind: 'free_shipping' })],
    ['campaign.discount.kind', { type: 'discount' }],
    [undefined, discount({ kind: 'amount_off', value: '1000000' })],
    ['campaign.discount.value', discount({ kind: 'amount_off', value: '1000000.01' })],
    ['campaign.discount.value', discount({ kind: 'amount_off', value: '1.005' })],
    [undefined, discount({ expiresAfterDays: 3_650 })],
    ['campaign.discount.expires_after_days', discount({ expiresAfterDays: 3_651 })],
    ['campaign.discount.expires_after_days', discount({ expiresAfterDays: -1 })],
    ['campaign.end_local', { endLocal: '2026-13-01T00:00' }],
    [undefined, { startLocal: '2026-11-25T15:50' }],
    [undefined, { startLocal: '2026-01-01T00:00', endLocal: '', published: false }],
    [undefined, { startLocal: '', endLocal: '2026-01-01T00:00', published: false }],
    ['campaign.end_local', { startLocal: '', endLocal: '2026-11-25T16:00' }],
    [undefined, { startLocal: '', endLocal: '2026-11-25T16:01' }],
  ])('are kept, naming %s: %j', (field, changes) => {
    const result = plan(changes);
    expect('field' in result ? result.field : undefined).toBe(field);
    if ('field' in result) expect(result.message).toMatch(/\w/);
  });
});

describe('what a campaign gives and asks for', () => {
  const lists = {
    segments: ['vip', 'new', 'vip'],
    tierIds: ['b', 'a'],
    countries: ['FR', 'DE'],
    regions: ['EU'],
  };
  const sorted = {
    segments: ['new', 'vip'],
    tierIds: ['a', 'b'],
    countries: ['DE', 'FR'],
    regions: ['EU'],
  };
  const none = { goalAmount: 0n, trigger: undefined, segment: '', cooldownDays: 0 };
  const conditions = {
    ...lists,
    minSpend: '12.50',
    goalAmount: '100',
    trigger: 'segment_entered',
    segment: 'vip',
    cooldownDays: 30,
  };

  it('is what its type has a use for', () => {
    const forWhom = { ...sorted, minSpend: 125_000n };
    expect(planned({ conditions, rewardPoints: 5 })).toMatchObject({
      type: 'double_points',
      multiplier: 20_000n,
      conditions: { ...forWhom, ...none },
      reward: { points: 0, discount: undefined },
    });
    expect(planned({ type: 'goal_spend', rewardPoints: 5, conditions })).toMatchObject({
      type: 'goal_spend',
      multiplier: 10_000n,
      conditions: { ...forWhom, ...none, goalAmount: 1_000_000n },
      reward: { points: 5, discount: undefined },
    });
    expect(planned({ type: 'lifecycle', rewardPoints: 5, conditions })).toMatchObject({
      type: 'lifecycle',
      multiplier: 10_000n,
      conditions: {
        ...forWhom,
        goalAmount: 0n,
        trigger: 'segment_entered',
        segment: 'vip',
        cooldownDays: 30,
      },
      reward: { points: 5, discount: undefined },
    });
    const discount = {
      kind: 'amount_off',
      value: '5',
      expiresAfterDays: 7,
      endsWithCampaign: true,
    };
    expect(planned({ type: 'discount', rewardPoints: 5, conditions, discount })).toMatchObject({
      type: 'discount',
      multiplier: 10_000n,
      conditions: { ...forWhom, ...none },
      reward: { points: 0, discount: { ...discount, value: 50_000n } },
    });
  });

  it('is read from the database as it was written', () => {
    for (const changes of [
      { type: 'lifecycle', rewardPoints: 5, conditions },
      { type: 'goal_spend', rewardPoints: 5, conditions },
      { type: 'discount', discount: { kind: 'percent_off', value: '12.5' } },
      {
        type: 'discount',
        discount: { kind: 'amount_off', value: '5', expiresAfterDays: 7, endsWithCampaign: true },
      },
    ]) {
      const made = planned(changes);
      const row = campaignFromRow({
        campaign_id: 'c1',
        name: made.name,
        translations: made.translations,
        type: made.type,
        status: made.status,
        start_date: made.startsAt,
        end_date: made.endsAt,
        multiplier: '1',
        conditions: conditionsIntoJson(made.conditions),
        reward: rewardIntoJson(made.reward),
      });
      expect(row).toEqual({ ...made, campaignId: 'c1' });
    }
  });

  it('stores nothing of what is not set', () => {
    const made = planned();
    expect(conditionsIntoJson(made.conditions)).toEqual({});
    expect(rewardIntoJson(made.reward)).toEqual({});
    expect(
      rewardIntoJson(
        planned({ type: 'discount', discount: { kind: 'percent_off', value: '12.50' } }).reward,
      ),
    ).toEqual({ discount: { kind: 'percent_off', value: '12.5' } });
  });
});

describe('a campaign that has begun with a reward', () => {
  const startsAt = new Date('2026-11-20T09:00:00Z');
  const begun = (changes: Parameters<typeof draft>[0]): Campaign => ({
    ...planned(changes),
    campaignId: 'c1',
    status: 'active',
    startsAt,
  });
  const goal = { type: 'goal_spend', rewardPoints: 5 };
  const code = { type: 'discount', discount: { kind: 'percent_off', value: '10' } };

  it('gives what it promised', () => {
    const start = { startLocal: localOf(startsAt, timezone) };
    expect(refused({ ...start, ...goal }, begun(goal))).toBeUndefined();
    expect(refused({ ...start, ...goal, rewardPoints: 6 }, begun(goal))).toBe(
      'campaign.reward_points',
    );
    expect(refused({ ...start, ...code }, begun(code))).toBeUndefined();
    const less = { ...code, discount: { kind: 'percent_off', value: '9' } };
    expect(refused({ ...start, ...less }, begun(code))).toBe('campaign.discount');
    expect(refused({ ...start, ...code }, begun(goal))).toBe('campaign.type');
    expect(plan({ ...start, ...goal, published: false }, begun(goal))).toMatchObject({
      message: 'has begun: it can only be ended',
    });
  });
});
