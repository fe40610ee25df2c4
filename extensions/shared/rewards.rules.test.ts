import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Redemption, Reward, TierStanding } from './contract.ts';
import { earnedOf } from './order.rules.ts';
import { newAttempt, offerOf, openCodes, tierViewOf } from './rewards.rules.ts';

const reward = (changes: Partial<Reward> = {}): Reward => ({
  id: 'r',
  kind: 'amount_off',
  title: '$5 off',
  points_cost: 500,
  eligible: true,
  ...changes,
});

describe('what a reward shows', () => {
  test('is available, or says how many points are missing, or for which tiers it is', () => {
    expect(offerOf(reward(), 500)).toEqual({ kind: 'ready', choices: [500] });
    expect(offerOf(reward(), 380)).toEqual({ kind: 'missing', points: 120 });
    expect(offerOf(reward({ eligible: false, tiers: ['Gold'] }), 9_999)).toEqual({
      kind: 'tier',
      names: ['Gold'],
    });
  });

  test('in steps it offers what the points allow, within its bounds', () => {
    const steps = { min: 200, max: 500 };
    expect(offerOf(reward({ points_cost: 100, steps }), 450)).toEqual({
      kind: 'ready',
      choices: [200, 300, 400],
    });
    expect(offerOf(reward({ points_cost: 100, steps }), 150)).toEqual({
      kind: 'missing',
      points: 50,
    });
  });

  test('that is given for nothing is to be had with a debt, too, by those it is for', () => {
    expect(offerOf(reward({ offer: true }), -50)).toEqual({ kind: 'ready', choices: [0] });
    expect(offerOf(reward({ offer: true, eligible: false }), 50)).toEqual({
      kind: 'tier',
      names: [],
    });
  });

  test('in steps is to be had from the least on, up to the most', () => {
    const steps = { min: 200, max: 500 };
    const choices = (available: number, bounds = steps) => {
      const offer = offerOf(reward({ points_cost: 100, steps: bounds }), available);
      return offer.kind === 'ready' ? offer.choices : offer;
    };
    expect(choices(200)).toEqual([200]);
    expect(choices(199)).toEqual({ kind: 'missing', points: 1 });
    expect(choices(500)).toEqual([200, 300, 400, 500]);
    expect(choices(9_999)).toEqual([200, 300, 400, 500]);
    // Ten choices are read through; of more, every second or third is shown, and the last one.
    expect(choices(1_000, { min: 100, max: 1_000 })).toHaveLength(10);
    expect(choices(1_100, { min: 100, max: 1_100 })).toEqual([100, 300, 500, 700, 900, 1_100]);
    expect(choices(1_200, { min: 100, max: 1_200 })).toEqual([
      100, 300, 500, 700, 900, 1_100, 1_200,
    ]);
  });

  test('never offers what is unavailable, and always the minimum and maximum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 500_000 }),
        (cost, first, more, available) => {
          const steps = { min: cost * first, max: cost * (first + more) };
          const offer = offerOf(reward({ points_cost: cost, steps }), available);
          if (offer.kind !== 'ready') return available < steps.min;
          const most = Math.min(steps.max, Math.floor(available / cost) * cost);
          return (
            offer.choices.length <= 12 &&
            offer.choices[0] === steps.min &&
            offer.choices.at(-1) === most &&
            offer.choices.every((choice) => choice % cost === 0 && choice <= most)
          );
        },
      ),
    );
  });
});

test('codes that were used, returned or have expired are left out', () => {
  const redemption = (id: string, changes: Partial<Redemption> = {}): Redemption => ({
    id,
    kind: 'amount_off',
    title: '$5 off',
    status: 'completed',
    code: `LN-${id}`,
    points_spent: 500,
    used: false,
    returnable: true,
    at: '2026-11-01T00:00:00Z',
    ...changes,
  });
  const codes = openCodes(
    [
      redemption('waiting', { status: 'pending' }),
      { ...redemption('paid out'), code: undefined },
      redemption('just expired', { expires_at: '2026-11-25T12:00:00Z' }),
      redemption('good'),
      redemption('used', { used: true }),
      redemption('back', { status: 'returned' }),
      redemption('expired', { expires_at: '2026-11-24T00:00:00Z' }),
      redemption('later', { expires_at: '2026-11-26T00:00:00Z' }),
    ],
    new Date('2026-11-25T12:00:00Z'),
  );
  expect(codes.map(({ id }) => id)).toEqual(['good', 'later']);
});

test('a tier has its name and the next one', () => {
  const tier: TierStanding = {
    tiers: [
      { id: 's', name: 'Silver', perks: 'Early sale' },
      { id: 'g', name: 'Gold' },
    ],
    takes: 'either',
    current: 's',
    next: 'g',
    progress: { percent: 40, points: { missing: 600 } },
  };
  expect(tierViewOf(tier)).toEqual({
    current: 'Silver',
    next: 'Gold',
    percent: 40,
    perks: 'Early sale',
  });
  expect(tierViewOf({ ...tier, current: null })).toMatchObject({ current: null, next: 'Gold' });
  expect(tierViewOf({ ...tier, current: null })?.perks).toBeNull();
  expect(tierViewOf({ ...tier, current: 'g', next: null, progress: null })).toEqual({
    current: 'Gold',
    next: null,
    percent: 100,
    perks: null,
  });
  expect(tierViewOf({ ...tier, current: 'gone', next: 'gone' })).toMatchObject({
    current: null,
    next: null,
  });
  expect(tierViewOf(null)).toBeNull();
});

test('an order earned the sum of its entries', () => {
  const line = (points: number) => ({ id: String(points), points, at: '', explanation: '' });
  expect(earnedOf([line(-50), line(200)])).toBe(150);
  expect(earnedOf([])).toBeNull();
});

test('each attempt has its own key', () => {
  const names = new Set(Array.from({ length: 1_000 }, newAttempt));
  expect(names.size).toBe(1_000);
  expect([...names].every((name) => /^[\w-]{8,100}$/.test(name))).toBe(true);
});
