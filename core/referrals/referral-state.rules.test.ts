import { describe, expect, it } from 'vitest';
import { nextState, type ReferralFacts } from './referral-state.rules.ts';
import { REFERRAL_STATUSES } from '#vocabulary/referrals.ts';

const day = 86_400_000;
const claimedAt = Date.parse('2026-03-01T12:00:00Z');
const terms = { review: { holdFrom: 40, refuseFrom: 85 }, refundWindowDays: 30 };
const facts = (changes: Partial<ReferralFacts> = {}): ReferralFacts => ({
  status: 'pending',
  claimedAt,
  expiresAt: claimedAt + 30 * day,
  completedAt: null,
  goalAt: null,
  undoneAt: null,
  refusal: null,
  isFriendNew: true,
  score: 0,
  lateScore: null,
  isCodeAhead: false,
  decision: null,
  isAtLimit: false,
  ...changes,
});
const reached = { goalAt: claimedAt + day };
const next = (changes: Partial<ReferralFacts>, now = claimedAt + 2 * day) =>
  nextState(facts(changes), terms, now);

describe('a code to buy with', () => {
  const ahead = { isCodeAhead: true, score: 50 };

  it('waits for a person where something speaks against the friend, and not otherwise', () => {
    expect(next(ahead)).toEqual({ status: 'held' });
    expect(next({ ...ahead, score: 10 })).toEqual({ status: 'pending' });
    const held = { ...ahead, status: 'held' } as const;
    expect(next(held)).toEqual({ status: 'held' });
    expect(next({ ...held, decision: 'approved' })).toEqual({ status: 'pending' });
    expect(next({ ...held, decision: 'denied' })).toEqual({ status: 'refused', reason: 'denied' });
    expect(next(held, claimedAt + 31 * day)).toEqual({ status: 'expired' });
  });

  it('does not keep what was reached and undone from being refused', () => {
    expect(next({ ...ahead, status: 'held', undoneAt: claimedAt + day })).toEqual({
      status: 'refused',
      reason: 'goal_undone',
    });
  });
});

describe('what becomes known after both were paid', () => {
  const paid = { ...reached, status: 'completed', completedAt: claimedAt + day } as const;

  it('takes both back where it would have been refused, unless a person approved', () => {
    expect(next({ ...paid, lateScore: 90 })).toEqual({ status: 'reversed' });
    expect(next({ ...paid, lateScore: 60 })).toEqual({ status: 'completed' });
    expect(next({ ...paid, lateScore: 90, decision: 'approved' })).toEqual({
      status: 'completed',
    });
  });
});

describe('a referral that waits for the friend', () => {
  it('waits until its last moment, and expires after it', () => {
    expect(next({}, claimedAt + 30 * day)).toEqual({ status: 'pending' });
    expect(next({}, claimedAt + 30 * day + 1)).toEqual({ status: 'expired' });
  });

  it('is completed once the friend did what is asked, even if that is heard of after the deadline', () => {
    expect(next(reached)).toEqual({ status: 'completed' });
    expect(next(reached, claimedAt + 90 * day)).toEqual({ status: 'completed' });
  });

  it('expires when the friend did it too late', () => {
    expect(next({ goalAt: claimedAt + 31 * day }, claimedAt + 31 * day)).toEqual({
      status: 'expired',
    });
  });

  it('is refused for a friend who was a customer before', () => {
    expect(next({ ...reached, isFriendNew: false })).toEqual({
      status: 'refused',
      reason: 'existing_customer',
    });
  });

  it.each([
    [39, { status: 'completed' }],
    [40, { status: 'held' }],
    [84, { status: 'held' }],
    [85, { status: 'refused', reason: 'suspicious' }],
  ])('with a score of %i becomes %o', (score, expected) => {
    expect(next({ ...reached, score })).toEqual(expected);
  });

  it('is refused when the advocate has had the most that the merchant allows', () => {
    expect(next({ ...reached, isAtLimit: true })).toEqual({
      status: 'refused',
      reason: 'limit_reached',
    });
  });

  it('is what a person says, whatever its score', () => {
    expect(next({ ...reached, score: 99, decision: 'approved' })).toEqual({ status: 'completed' });
    expect(next({ ...reached, score: 0, decision: 'denied' })).toEqual({
      status: 'refused',
      reason: 'denied',
    });
  });
});

describe('a referral that is held', () => {
  it('stays so until a person decides, beyond any deadline', () => {
    expect(next({ ...reached, status: 'held', score: 50 }, claimedAt + 300 * day)).toEqual({
      status: 'held',
    });
  });

  it('is refused when the order is refunded meanwhile', () => {
    expect(next({ status: 'held', score: 50, undoneAt: claimedAt + 2 * day })).toEqual({
      status: 'refused',
      reason: 'goal_undone',
    });
  });

  it('is completed, or refused, as the merchant says', () => {
    const held = { ...reached, status: 'held', score: 50 } as const;
    expect(next({ ...held, decision: 'approved' })).toEqual({ status: 'completed' });
    expect(next({ ...held, decision: 'denied' })).toEqual({ status: 'refused', reason: 'denied' });
  });
});

describe('a referral that was completed', () => {
  const completed = { status: 'completed', completedAt: claimedAt + day } as const;

  it('is reversed by a refund within the window, also when that is heard of later', () => {
    const undoneAt = claimedAt + 31 * day;
    expect(next({ ...completed, undoneAt }, claimedAt + 60 * day)).toEqual({ status: 'reversed' });
  });

  it('stays when the refund comes after the window', () => {
    const undoneAt = claimedAt + 31 * day + 1;
    expect(next({ ...completed, undoneAt }, undoneAt)).toEqual({ status: 'completed' });
  });

  it('stays while its order stands, whatever is learned of the friend', () => {
    expect(next({ ...completed, ...reached, score: 100, isFriendNew: false })).toEqual({
      status: 'completed',
    });
  });
});

describe('a referral that was refused', () => {
  const refused = { status: 'refused', refusal: 'suspicious' } as const;

  it('keeps its reason', () => {
    expect(next({ ...refused, ...reached, score: 0 })).toEqual({
      status: 'refused',
      reason: 'suspicious',
    });
  });

  it('is paid when the merchant changes their mind, while the order stands', () => {
    expect(next({ ...refused, ...reached, decision: 'approved' })).toEqual({ status: 'completed' });
    expect(next({ ...refused, decision: 'approved' })).toEqual({
      status: 'refused',
      reason: 'suspicious',
    });
  });
});

it('never leaves a final status', () => {
  for (const status of ['expired', 'reversed'] as const)
    expect(next({ ...reached, status, decision: 'approved' })).toEqual({ status });
});

it('comes to rest: deciding again from the same facts changes nothing', () => {
  for (const status of REFERRAL_STATUSES)
    for (const goalAt of [null, claimedAt + day, claimedAt + 40 * day])
      for (const score of [0, 50, 90])
        for (const decision of [null, 'approved', 'denied'] as const)
          for (const [isFriendNew, isCodeAhead] of [
            [true, false],
            [false, false],
            [true, true],
          ] as const) {
            const given = facts({
              status,
              goalAt,
              score,
              decision,
              isFriendNew,
              isCodeAhead,
              completedAt: status === 'completed' ? claimedAt + day : null,
              refusal: status === 'refused' ? 'denied' : null,
            });
            const now = claimedAt + 50 * day;
            const first = nextState(given, terms, now);
            const again = nextState(
              {
                ...given,
                status: first.status,
                completedAt: given.completedAt ?? (first.status === 'completed' ? now : null),
                refusal: first.status === 'refused' ? first.reason : given.refusal,
              },
              terms,
              now,
            );
            expect(again).toEqual(first);
          }
});
