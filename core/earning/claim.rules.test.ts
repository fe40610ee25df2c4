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
  it('earns once where the merchant allows one', () => {
    const program = programWith('review', { limit: 1 });
    const first = claimReview(program, actor, { provider: 'yotpo', reviewId: '1' });
    expect(first.status).toBe('granted');
    const member = after(actor, 'review', first);
    expect(claimReview(program, member, { provider: 'yotpo', reviewId: '2' })).toEqual({
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
    expect(claimBirthday(program, actor, undefined, '02-30')).toEqual({
      status: 'refused',
      field: 'birthday',
      message: 'must be a day of the year as MM-DD',
    });
  });
  it.each([
    ['01-31', '01-32'],
    ['02-29', '02-30'],
    ['03-31', '03-32'],
    ['04-30', '04-31'],
    ['05-31', '05-32'],
    ['06-30', '06-31'],
    ['07-31', '07-32'],
    ['08-31', '08-32'],
    ['09-30', '09-31'],
    ['10-31', '10-32'],
    ['11-30', '11-31'],
    ['12-31', '12-32'],
  ])('can be %s, the last day of its month, and not %s', (last, beyond) => {
    expect(isBirthday(last)).toBe(true);
    expect(isBirthday(beyond)).toBe(false);
  });
  it.each(['', '00-10', '13-10', '05-00', '5-17', '05-7', '1990-05-17', '05-17 '])(
    'cannot be %j',
    (text) => {
      expect(isBirthday(text)).toBe(false);
    },
  );
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
  });
  it.each([
    [2000, true],
    [2024, true],
    [2026, false],
    [2028, true],
    [2100, false],
    [2400, true],
  ])('of 29 February has a day of its own in %i: %s', (year, hasOwnDay) => {
    const due = birthdaysDue({ year, monthDay: '02-28' }, 0).map(({ monthDay }) => monthDay);
    expect(due).toEqual(hasOwnDay ? ['02-28'] : ['02-28', '02-29']);
  });
  it.each([
    [2027, '02-28', '2027-02-28T12:00:00Z', 'granted'],
    [2027, '02-28', '2027-03-01T12:00:00Z', 'off'],
    [2028, '02-29', '2028-02-29T12:00:00Z', 'granted'],
    [2028, '02-29', '2028-03-01T12:00:00Z', 'off'],
  ])(
    'of 29 February may be entered until its day in %i, %s, ends: at %s it is %s',
    (year, monthDay, at, status) => {
      const late = programWith('birthday', { daysBefore: 0 });
      const gift = awardBirthday(late, actor, told('02-29', at), { year, monthDay }, 'UTC');
      expect(gift.status).toBe(status);
    },
  );
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
  it.each([
    [1, 'limit_reached'],
    [0, 'granted'],
  ])('a second time where the limit is %i, 0 being none: %s', (limit, status) => {
    const member = { ...actor, times: { social_share: 1 } };
    expect(claimShare(programWith('social_share', { limit }), member, 'x').status).toBe(status);
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
    expect(claimGoals(program, actor, spent(350))).toEqual(
      [1, 2, 3].map((nth) => ({
        status: 'granted',
        points: 200,
        key: `goal_spend/1793491200000/${nth}/ada`,
      })),
    );
    const [first] = claimGoals(program, actor, spent(199));
    const member = after(actor, 'goal_spend', first ?? { status: 'off' });
    expect(claimGoals(program, member, spent(350))).toHaveLength(2);
  });
  it('can be reached anew after the rule was switched on again', () => {
    const [before] = claimGoals(programWith('goal_spend', { since }), actor, spent(100));
    const member = after(actor, 'goal_spend', before ?? { status: 'off' });
    const again = programWith('goal_spend', { since: '2026-12-01T00:00:00.000Z' });
    expect(claimGoals(again, member, spent(100))).toHaveLength(1);
  });
  it('is given at most a thousand times at once', () => {
    const program = programWith('goal_spend', { since, repeats: true });
    expect(claimGoals(program, actor, spent(100_000))).toHaveLength(1_000);
    expect(claimGoals(program, actor, spent(250_000))).toHaveLength(1_000);
  });
  it('goes on after the first thousand at the next look, until every goal is given', () => {
    const program = programWith('goal_spend', { since, repeats: true });
    let member = actor;
    const looks = Array.from({ length: 4 }, () => {
      const goals = claimGoals(program, member, spent(250_000));
      member = { ...member, keys: new Set([...member.keys, ...goals.map(({ key }) => key)]) };
      return goals.length;
    });
    expect(looks).toEqual([1_000, 1_000, 500, 0]);
  });
  it.each([
    ['of the smallest amount is a goal', { amount: 1n }, 10_000, 1],
    ['of no amount is none', { amount: 0n }, 10_000, 0],
    ['of less than nothing is none', { amount: -1n }, 10_000, 0],
    ['is not reached by nothing', {}, 0, 0],
    ['is not reached where more was refunded than spent', {}, -350, 0],
    ['counts no spending before the rule was ever on', { since: '' }, 350, 0],
    ['counts no spending once the rule is off', { isEnabled: false }, 350, 0],
  ])('%s', (_, rule, amount, times) => {
    const program = programWith('goal_spend', { since, ...rule });
    expect(claimGoals(program, actor, spent(amount))).toHaveLength(times);
  });
});

describe('every action', () => {
  const all = (program: Program, member: Actor): Claim[] => [
    claimNewsletter(program, member, true),
    claimReview(program, member, { provider: 'yotpo', reviewId: '1' }),
    claimBirthday(program, member, undefined, '05-17'),
    claimFollow(program, member, 'x'),
    claimShare(program, member, 'x'),
    awardBirthday(
      program,
      member,
      { monthDay: '05-17', toldAt: new Date('2026-01-01T00:00:00Z') },
      { year: 2026, monthDay: '05-17' },
      'UTC',
    ),
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
