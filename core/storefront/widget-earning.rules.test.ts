import { describe, expect, it } from 'vitest';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { DEFAULT_PROGRAM, programFromConfig } from '../program/program.rules.ts';
import {
  campaignsOf,
  earnActionsOf,
  quoteOf,
  type Deeds,
  type Shopper,
} from './widget-earning.rules.ts';

const now = new Date('2026-11-25T12:00:00Z');
const member: Shopper = {
  tierId: null,
  segments: [],
  hasAccount: true,
  totalSpend: 0n,
  isFirstPurchase: false,
};
const deeds: Deeds = { customerId: 'ada', done: new Set(), year: 2026, hasBirthday: false };

describe('a campaign that is on', () => {
  const campaign = campaignFromRow({
    campaign_id: 'goal',
    type: 'goal_spend',
    name: 'Spend a hundred',
    translations: { fr: 'Dépensez cent' },
    status: 'active',
    start_date: null,
    end_date: '2026-11-26T00:00:00Z',
    multiplier: '1',
    conditions: { min_spend: '12.50', goal_amount: '100.00' },
    reward: { points: 300 },
  });

  it('says what it takes, what it gives and how far the member is', () => {
    const standing = {
      campaigns: new Map([['goal', { spent: 405_000n, isReached: true }]]),
      program: null,
    };
    expect(campaignsOf([campaign], member, now, 'fr', standing)).toEqual([
      {
        campaignId: 'goal',
        type: 'goal_spend',
        name: 'Dépensez cent',
        multiplier: '1',
        endsAt: '2026-11-26T00:00:00.000Z',
        minSpend: '12.5',
        goalAmount: '100',
        rewardPoints: 300,
        spent: '40.5',
        isReached: true,
      },
    ]);
  });

  it('says nothing of what it does not ask for, nor of a guest’s standing', () => {
    const plain = campaignFromRow({
      campaign_id: 'plain',
      type: 'double_points',
      name: 'Double',
      status: 'active',
      start_date: null,
      end_date: null,
      multiplier: '2.50',
      conditions: {},
      reward: {},
    });
    expect(campaignsOf([plain], member, now, 'en')).toEqual([
      {
        campaignId: 'plain',
        type: 'double_points',
        name: 'Double',
        multiplier: '2.5',
        endsAt: '',
        minSpend: '',
        goalAmount: '',
        rewardPoints: 0,
        spent: '',
        isReached: false,
      },
    ]);
  });

  it('is not promised where the order’s country or region decides', () => {
    for (const limit of [
      { countries: ['FR'], regions: [] },
      { countries: [], regions: ['EU'] },
    ]) {
      const limited = { ...campaign, conditions: { ...campaign.conditions, ...limit } };
      expect(campaignsOf([limited], member, now, 'en')).toEqual([]);
    }
  });
});

const programWith = (actions: object) => programFromConfig({ earning: { actions } });
const actionOf = (name: string, rule: object, did: Partial<Deeds> = {}) =>
  earnActionsOf(programWith({ [name]: { enabled: true, points: 50, ...rule } }), member, {
    ...deeds,
    ...did,
  }).find(({ action }) => action === name);

describe('a goal of spending', () => {
  const goal = (spent: bigint, isReached: boolean, rule: object = {}) =>
    actionOf('goal_spend', { amount: '100.00', ...rule }, { goal: { spent, isReached } });

  it('says how far the member is, and that it is done once it is reached', () => {
    expect(goal(405_000n, false)).toMatchObject({ amount: '100', spent: '40.5', isDone: false });
    expect(goal(1_000_000n, true)).toMatchObject({ spent: '100', isDone: true });
    expect(goal(2_500_000n, true)).toMatchObject({ spent: '100', isDone: true });
    expect(goal(-1n, false)).toMatchObject({ spent: '0' });
    expect(goal(0n, false)).toMatchObject({ spent: '0' });
  });

  it('that repeats begins anew, and is never done', () => {
    expect(goal(2_405_000n, true, { repeats: true })).toMatchObject({
      spent: '40.5',
      isDone: false,
    });
    expect(goal(1_000_000n, true, { repeats: true })).toMatchObject({ spent: '0' });
  });

  it('of nothing shows no progress', () => {
    expect(goal(500_000n, false, { amount: '0' })).toMatchObject({ amount: '0', spent: '0' });
  });

  it('says no more than the goal to a guest', () => {
    expect(actionOf('goal_spend', { amount: '100.00' })).toMatchObject({
      amount: '100',
      spent: '',
      isDone: false,
      isClaimable: false,
    });
  });
});

describe('what a member can still do', () => {
  it('is open to those without an account who were not given its points', () => {
    const signUp = (shopper: Partial<Shopper>, done: string[] = []) =>
      earnActionsOf(DEFAULT_PROGRAM, { ...member, ...shopper }, { ...deeds, done: new Set(done) });
    expect(signUp({ hasAccount: false })).toEqual([
      {
        action: 'signup',
        points: 200,
        isDone: false,
        remaining: 0,
        isClaimable: false,
        networks: [],
        amount: '',
        spent: '',
      },
    ]);
    expect(signUp({ hasAccount: false }, ['signup/ada'])[0]?.isDone).toBe(true);
    expect(signUp({ hasAccount: false }, ['signup/bob'])[0]?.isDone).toBe(false);
    expect(signUp({})[0]?.isDone).toBe(true);
    const off = { ...DEFAULT_PROGRAM, isSignupEnabled: false };
    expect(earnActionsOf(off, member, deeds)).toEqual([]);
  });

  it('is subscribed to once, and a birthday is told once', () => {
    expect(actionOf('newsletter', {})).toMatchObject({ isDone: false, isClaimable: true });
    expect(actionOf('newsletter', {}, { done: new Set(['newsletter/ada']) })?.isDone).toBe(true);
    expect(actionOf('newsletter', {}, { customerId: null })?.isDone).toBe(false);
    expect(actionOf('birthday', {})).toMatchObject({ isDone: false, isClaimable: true });
    expect(actionOf('birthday', {}, { done: new Set(['birthday/ada/2026']) })?.isDone).toBe(true);
    expect(actionOf('birthday', {}, { hasBirthday: true })?.isClaimable).toBe(false);
    expect(actionOf('birthday', {}, { customerId: null })?.isDone).toBe(false);
  });

  it('is reviewed where the shop takes the member’s word for it', () => {
    expect(actionOf('review', { on_trust: true })?.isClaimable).toBe(true);
    expect(actionOf('review', {})?.isClaimable).toBe(false);
  });

  it('is nothing where it gives nothing', () => {
    expect(actionOf('review', { points: 0 })).toBeUndefined();
    expect(actionOf('review', { points: 1 })).toBeDefined();
    expect(actionOf('review', { enabled: false })).toBeUndefined();
  });

  it('is followed in every network, by its page there', () => {
    const networks = {
      facebook: '@mugs',
      instagram: '@mugs',
      x: '@mugs',
      tiktok: 'https://www.tiktok.com/@mugs',
    };
    const follow = (...done: string[]) =>
      actionOf('social_follow', { networks }, { done: new Set(done) });
    expect(follow()?.networks.map(({ url }) => url)).toEqual([
      'https://www.facebook.com/mugs',
      'https://www.instagram.com/mugs',
      'https://x.com/mugs',
      'https://www.tiktok.com/@mugs',
    ]);
    const names = ['facebook', 'instagram', 'x', 'tiktok'].map(
      (name) => `social_follow/${name}/ada`,
    );
    expect(follow()).toMatchObject({ isDone: false, isClaimable: true });
    expect(follow(...names.slice(1))?.isDone).toBe(false);
    expect(follow(...names)?.isDone).toBe(true);
    expect(actionOf('social_follow', { networks: { tiktok: '@mugs' } })?.networks[0]?.url).toBe(
      'https://www.tiktok.com/@mugs',
    );
    expect(actionOf('social_follow', { networks: { x: 'javascript:1' } })).toBeUndefined();
  });

  it('is shared as often as the shop allows', () => {
    const share = (limit: number, ...done: string[]) =>
      actionOf(
        'social_share',
        { limit, networks: { facebook: '', x: '' } },
        { done: new Set(['newsletter/ada', ...done]) },
      );
    expect(share(2)).toMatchObject({ remaining: 2, isDone: false, isClaimable: true });
    expect(share(2)?.networks).toEqual([
      { network: 'facebook', url: '', isDone: false },
      { network: 'x', url: '', isDone: false },
    ]);
    expect(share(2, 'social_share/1')).toMatchObject({ remaining: 1, isDone: false });
    expect(share(1, 'social_share/1')).toMatchObject({ remaining: 0, isDone: true });
    expect(share(1, 'social_share/1', 'social_share/2')).toMatchObject({
      remaining: 0,
      isDone: true,
    });
    expect(share(0, 'social_share/1')).toMatchObject({ remaining: 0, isDone: false });
  });
});

describe('what a purchase would earn', () => {
  const context = { tierFactor: null, campaigns: [] };
  const quote = (changes: object, shopper: Shopper | null = member) =>
    quoteOf({ ...DEFAULT_PROGRAM, ...changes }, shopper, context, now);

  it('is the rate, as a decimal where it is one, and in whole numbers', () => {
    expect(quote({ rate: 10_000n, per: 15n })).toMatchObject({
      pointsPerUnit: '',
      points: 1,
      per: 15,
    });
    expect(quote({ rate: 30_000n, per: 2n })).toMatchObject({
      pointsPerUnit: '1.5',
      points: 3,
      per: 2,
    });
  });

  it.each([{ isActive: false }, { isPurchaseEnabled: false }, { rate: 0n }])(
    'is nothing where the shop gives nothing: %o',
    (off) => {
      expect(quote(off)).toMatchObject({ pointsPerUnit: '', points: 0 });
    },
  );

  it('is for a guest what it is for a member with an account', () => {
    const earning = { ...DEFAULT_PROGRAM.earning, participants: 'accounts' };
    expect(quote({ earning }, null)).toMatchObject({ points: 10 });
    expect(quote({ earning }, { ...member, hasAccount: false })).toMatchObject({ points: 0 });
  });

  it('is more for those a rule is made for', () => {
    const earning = {
      ...DEFAULT_PROGRAM.earning,
      champions: { isEnabled: true, factor: 15_000n },
      firstPurchase: { isEnabled: true, factor: 20_000n },
    };
    expect(quote({ earning }, null).multiplier).toBe('1');
    expect(quote({ earning }, { ...member, segments: ['champions'] }).multiplier).toBe('1.5');
    expect(quote({ earning }, { ...member, isFirstPurchase: true }).multiplier).toBe('2');
  });
});

it('a member who is excluded from the program is shown nothing to earn', () => {
  const program = programFromConfig({
    earning: { actions: { newsletter: { enabled: true, points: 100 } } },
  });
  const excluded = { ...member, isExcluded: true };
  expect(earnActionsOf(program, member, deeds).length).toBeGreaterThan(0);
  expect(earnActionsOf(program, excluded, deeds)).toEqual([]);
  const terms = { tierFactor: null, campaigns: [] };
  expect(quoteOf(DEFAULT_PROGRAM, excluded, terms, now)).toMatchObject({
    points: 0,
    pointsPerUnit: '',
  });
});
