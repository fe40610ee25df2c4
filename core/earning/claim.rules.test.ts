import { describe, expect, it } from 'vitest';
import {
  awardBirthday,
  birthdaysDue,
  claimBirthday,
  claimFollow,
  claimGoals,
  claimNewsletter,
  claimReview,
  claimShare,
  isBirthday,
  type Actor,
  type Claim,
} from './claim.rules.ts';
import { DEFAULT_EARNING, type ActionRule } from '../program/earning.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import type { ActionName } from '#vocabulary/earning.ts';

const actor: Actor = {
  customerId: 'ada',
  tierId: null,
  segments: [],
  totalSpend: 0n,
  times: {},
  keys: new Set(),
};
function programWith(action: ActionName, rule: Partial<ActionRule> = {}): Program {
  const { actions } = DEFAULT_EARNING;
  return {
    ...DEFAULT_PROGRAM,
    earning: {
      ...DEFAULT_EARNING,
      actions: { ...actions, [action]: { ...actions[action], isEnabled: true, ...rule } },
    },
  };
}
/** The member after a grant. */
function after(one: Actor, action: ActionName, claim: Claim): Actor {
  if (claim.status !== 'granted') return one;
  return {
    ...one,
    times: { ...one.times, [action]: (one.times[action] ?? 0) + 1 },
    keys: new Set([...one.keys, claim.key]),
  };
}

describe('newsletter', () => {
  const program = programWith('newsletter');
  it('gives 100 points once Shopify says that they subscribed', () => {
    expect(claimNewsletter(program, actor, true)).toEqual({
      status: 'granted',
      points: 100,
      key: 'newsletter/ada',
    });
  });
  it('only records the claim until then', () => {
    expect(claimNewsletter(program, actor, false)).toEqual({ status: 'recorded' });
  });
  it('gives nothing for subscribing again', () => {
    const member = after(actor, 'newsletter', claimNewsletter(program, actor, true));
    expect(claimNewsletter(program, member, true)).toEqual({ status: 'already_done' });
  });
});

describe('review', () => {
  it('gives 100 points for each review that its provider verified, each once', () => {
    const program = programWith('review');
    const first = claimReview(program, actor, { provider: 'judgeme', reviewId: '7' });
    expect(first).toEqual({ status: 'granted', points: 100, key: 'review/judgeme/7' });
    const member = after(actor, 'review', first);
    expect(claimReview(program, member, { provider: 'judgeme', reviewId: '7' })).toEqual({
      status: 'already_done',
    });
    expect(claimReview(program, member, { provider: 'yotpo', reviewId: '7' })).toMatchObject({
      status: 'granted',
    });
  });
  it('accepts a review without verification only where the merchant allows it', () => {
    expect(claimReview(programWith('review'), actor, undefined)).toEqual({ status: 'off' });
    expect(claimReview(programWith('review', { isOnTrust: true }), actor, undefined)).toMatchObject(
      { status: 'granted', key: 'review/trust/1/ada' },
    );
  });
  it('stops at the limit that the merchant set', () => {
    const program = programWith('review', { limit: 2 });
    const member = { ...actor, times: { review: 2 } };
    expect(claimReview(program, member, { provider: 'yotpo', reviewId: '9' })).toEqual({
      status: 'limit_reached',
    });
  });
});

describe('birthday', () => {
  const program = programWith('birthday');
  const told = (monthDay: string, at: string) => ({ monthDay, toldAt: new Date(at) });
  it('is stored when it is entered, and earns nothing by that', () => {
    expect(claimBirthday(program, actor, undefined, '05-17')).toEqual({ status: 'recorded' });
    const known = told('05-17', '2026-01-01T00:00:00Z');
    expect(claimBirthday(program, actor, known, '05-17')).toEqual({ status: 'already_done' });
    expect(claimBirthday(program, actor, known, '05-18')).toEqual({ status: 'recorded' });
    expect(claimBirthday(program, actor, undefined, '02-30')).toMatchObject({ field: 'birthday' });
  });
  it('gives 200 points once a year', () => {
    const known = told('05-17', '2026-01-01T00:00:00Z');
    const gift = awardBirthday(program, actor, known, { year: 2026, monthDay: '05-17' }, 'UTC');
    expect(gift).toEqual({ status: 'granted', points: 200, key: 'birthday/ada/2026' });
    const member = after(actor, 'birthday', gift);
    expect(awardBirthday(program, member, known, { year: 2026, monthDay: '05-17' }, 'UTC')).toEqual(
      {
        status: 'already_done',
      },
    );
    expect(
      awardBirthday(program, member, known, { year: 2027, monthDay: '05-17' }, 'UTC'),
    ).toMatchObject({
      status: 'granted',
    });
  });
  const day = { year: 2026, monthDay: '05-17' };
  const giftOf = (at: string, timezone: string, daysBefore = 30) =>
    awardBirthday(programWith('birthday', { daysBefore }), actor, told('05-17', at), day, timezone)
      .status;
  it('must have been entered 30 days before', () => {
    expect(giftOf('2026-05-01T00:00:00Z', 'UTC')).toBe('off');
    expect(giftOf('2026-04-18T00:00:00Z', 'UTC')).toBe('off');
    expect(giftOf('2026-04-17T23:59:00Z', 'UTC')).toBe('granted');
  });
  it('may be entered until the day ends in the shop’s time zone, whatever day it is elsewhere', () => {
    expect(giftOf('2026-05-18T03:59:00Z', 'America/New_York', 0)).toBe('granted');
    expect(giftOf('2026-05-18T04:00:00Z', 'America/New_York', 0)).toBe('off');
    expect(giftOf('2026-05-17T14:59:00Z', 'Asia/Tokyo', 0)).toBe('granted');
    expect(giftOf('2026-05-17T15:00:00Z', 'Asia/Tokyo', 0)).toBe('off');
  });
  it('of 29 February is on the 28th in years without one', () => {
    expect(birthdaysDue({ year: 2027, monthDay: '02-28' }, 0)).toEqual([
      { year: 2027, monthDay: '02-28' },
      { year: 2027, monthDay: '02-29' },
    ]);
    expect(birthdaysDue({ year: 2028, monthDay: '02-28' }, 0)).toEqual([
      { year: 2028, monthDay: '02-28' },
    ]);
    expect(isBirthday('02-29')).toBe(true);
  });
  it('is given later when nights were missed, also across the new year', () => {
    expect(birthdaysDue({ year: 2027, monthDay: '01-01' }, 2)).toEqual([
      { year: 2027, monthDay: '01-01' },
      { year: 2026, monthDay: '12-31' },
      { year: 2026, monthDay: '12-30' },
    ]);
  });
});

describe('social_follow', () => {
  const program = programWith('social_follow', { networks: { instagram: '@shop', x: '@shop' } });
  it('gives 50 points once for each network', () => {
    const first = claimFollow(program, actor, 'instagram');
    expect(first).toEqual({ status: 'granted', points: 50, key: 'social_follow/instagram/ada' });
    const member = after(actor, 'social_follow', first);
    expect(claimFollow(program, member, 'instagram')).toEqual({ status: 'already_done' });
    expect(claimFollow(program, member, 'x')).toMatchObject({ status: 'granted' });
  });
  it('is not offered where the shop has no page', () => {
    expect(claimFollow(program, actor, 'tiktok')).toEqual({ status: 'off' });
  });
});

describe('social_share', () => {
  it('gives 50 points, 5 times unless the merchant says otherwise', () => {
    for (const [program, times] of [
      [programWith('social_share'), 5],
      [programWith('social_share', { limit: 2 }), 2],
    ] as const) {
      let member = actor;
      for (let nth = 1; nth <= times; nth++) {
        const claim = claimShare(program, member, 'facebook');
        expect(claim).toEqual({ status: 'granted', points: 50, key: `social_share/${nth}/ada` });
        member = after(member, 'social_share', claim);
      }
      expect(claimShare(program, member, 'x')).toEqual({ status: 'limit_reached' });
    }
  });
});

describe('goal_spend', () => {
  const since = '2026-11-01T00:00:00.000Z';
  const spent = (amount: number) => BigInt(amount) * 10_000n;
  it('gives 200 points for $100 spent since the rule was switched on, once', () => {
    const program = programWith('goal_spend', { since });
    expect(claimGoals(program, actor, spent(99))).toEqual([]);
    const [goal, ...more] = claimGoals(program, actor, spent(350));
    expect(goal).toMatchObject({ points: 200 });
    expect(more).toEqual([]);
    const member = after(actor, 'goal_spend', goal ?? { status: 'off' });
    expect(claimGoals(program, member, spent(500))).toEqual([]);
  });
  it('gives them for every $100 where it repeats', () => {
    const program = programWith('goal_spend', { since, repeats: true });
    expect(claimGoals(program, actor, spent(350))).toHaveLength(3);
  });
});

describe('every action', () => {
  const all = (program: Program, member: Actor): Claim[] => [
    claimNewsletter(program, member, true),
    claimReview(program, member, { provider: 'yotpo', reviewId: '1' }),
    claimBirthday(program, member, undefined, '05-17'),
    claimFollow(program, member, 'x'),
    claimShare(program, member, 'x'),
  ];
  it('gives nothing until the merchant switches it on', () => {
    for (const claim of all(DEFAULT_PROGRAM, actor)) expect(claim).toEqual({ status: 'off' });
  });
  it('gives nothing while the program is off', () => {
    const program = { ...programWith('newsletter'), isActive: false };
    expect(claimNewsletter(program, actor, true)).toEqual({ status: 'off' });
  });
  it('can be for some tiers, some segments, or those who spent so much', () => {
    for (const [conditions, member] of [
      [{ tierIds: ['gold'] }, { tierId: 'gold' }],
      [{ segments: ['champions', 'loyal'] }, { segments: ['loyal'] }],
      [{ minSpend: 1_000_000n }, { totalSpend: 1_000_000n }],
    ] as const) {
      const nothing = DEFAULT_EARNING.actions.newsletter.conditions;
      const program = programWith('newsletter', { conditions: { ...nothing, ...conditions } });
      expect(claimNewsletter(program, actor, true)).toEqual({ status: 'off' });
      expect(claimNewsletter(program, { ...actor, ...member }, true)).toMatchObject({
        status: 'granted',
      });
    }
  });
});
