import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  campaignFromRow,
  type Campaign,
  type CampaignRow,
} from '../program/campaign-conditions.rules.ts';
import {
  CLOSED_AFTER_DAYS,
  giftKey,
  goalStandingOf,
  planGrants,
  planTriggers,
  type CountedOrder,
  type Grant,
} from './campaign-grants.rules.ts';

const START = new Date('2026-11-01T00:00:00Z');
const unit = (amount: number) => BigInt(Math.round(amount * 100)) * 100n;

function campaign(changes: Partial<CampaignRow> = {}): Campaign {
  return campaignFromRow({
    campaign_id: 'c1',
    name: 'A goal',
    type: 'goal_spend',
    status: 'active',
    start_date: START,
    end_date: '2026-12-01T00:00:00Z',
    multiplier: '1',
    conditions: { goal_amount: '100.00' },
    reward: { points: 200 },
    ...changes,
  });
}

const order = (
  orderId: string,
  net: number,
  changes: Partial<CountedOrder> = {},
): CountedOrder => ({
  customerId: 'm1',
  orderId,
  orderedAt: new Date('2026-11-05T00:00:00Z'),
  country: 'US',
  net: unit(net),
  ...changes,
});

const member = { customerId: 'm1', segments: ['new'], tierId: null };
let ids = 0;

/** What is written down after a review: gifts become grants, what is deducted is marked. */
function review(
  grants: readonly Grant[],
  orders: readonly CountedOrder[],
  campaigns = [campaign()],
  changes: Partial<Parameters<typeof planGrants>[0]> = {},
) {
  const plan = planGrants({
    campaigns,
    members: [member],
    orders,
    firstOrders: new Map(),
    grants,
    isProgramActive: true,
    ...changes,
  });
  const taken = new Set(plan.deduct.map(({ grant }) => grant.grantId));
  const told = new Map(plan.recount.map((entry) => [entry.grant.grantId, entry]));
  const kept = grants.map((grant): Grant => {
    const { orders: count, spend } = told.get(grant.grantId) ?? grant;
    return {
      ...grant,
      orders: count,
      spend,
      isTakenBack: grant.isTakenBack || taken.has(grant.grantId),
    };
  });
  const given = plan.give.map((gift): Grant => ({
    ...gift,
    grantId: `g${++ids}`,
    campaignId: gift.campaign.campaignId,
    points: gift.campaign.reward.points,
    transactionId: giftKey(gift),
    grantedAt: START,
    isTakenBack: false,
  }));
  return { grants: [...kept, ...given], plan };
}
const live = (grants: readonly Grant[]) => grants.filter((grant) => !grant.isTakenBack);

it('a campaign stays open for a year after its end, also where that year is a leap year', () => {
  const end = new Date('2027-03-01T00:00:00Z');
  end.setUTCDate(end.getUTCDate() + CLOSED_AFTER_DAYS);
  expect(end).toEqual(new Date('2028-03-01T00:00:00Z'));
});

describe('a spending goal', () => {
  it('is given once when the orders of its time reach it, and records their total', () => {
    const below = review([], [order('1', 60)]);
    expect(below.grants).toEqual([]);
    const reached = review(below.grants, [order('1', 60), order('2', 40)]);
    expect(reached.grants).toMatchObject([{ kind: 'goal', occurrence: 1, orders: 2, points: 200 }]);
    expect(reached.grants[0]?.spend).toBe(unit(100));
    const beyond = review(reached.grants, [order('1', 60), order('2', 40), order('3', 500)]);
    expect(beyond.plan.give).toEqual([]);
    expect(live(beyond.grants)).toMatchObject([{ orders: 3 }]);
  });

  it.each([
    ['as much in more orders', [order('1', 60), order('2', 60)], 2, 120],
    ['less in as many orders', [order('1', 110)], 1, 110],
  ])('stays given for %s, and records what it is given for now', (_, orders, count, spend) => {
    const reached = review([], [order('1', 120)]);
    const changed = review(reached.grants, orders);
    expect(changed.plan).toMatchObject({ give: [], deduct: [] });
    expect(live(changed.grants)).toMatchObject([{ orders: count, spend: unit(spend) }]);
  });

  it.each([
    ['below it', '100.00', 99.99, { spent: unit(99.99), isReached: false }],
    ['at it', '100.00', 100, { spent: unit(100), isReached: true }],
    ['at the smallest there is', '0.0001', 1, { spent: unit(1), isReached: true }],
    ['without any', '0', 100, { spent: 0n, isReached: false }],
  ])('shows the member how far they are: %s', (_, goal, spent, standing) => {
    const one = campaign({ conditions: { goal_amount: goal } });
    expect(goalStandingOf(one, [order('1', spent)])).toEqual(standing);
  });

  it('is deducted by a refund that undercuts it, and can be reached again under another key', () => {
    const reached = review([], [order('1', 100)]);
    const undercut = review(reached.grants, [order('1', 99.99)]);
    expect(live(undercut.grants)).toEqual([]);
    const again = review(undercut.grants, [order('1', 99.99), order('2', 1)]);
    expect(again.plan.give.map(giftKey)).toEqual(['campaign/c1/goal/m1/2']);
    expect(live(again.grants)).toHaveLength(1);
  });

  it('counts only orders of its time, its countries and its minimum', () => {
    const european = campaign({
      conditions: { goal_amount: '100.00', regions: ['EU'], min_spend: '20.00' },
    });
    const orders = [
      order('1', 90, { country: 'FR' }),
      order('2', 90, { country: 'US' }),
      order('3', 19, { country: 'FR' }),
      order('4', 90, { country: 'FR', orderedAt: new Date('2026-10-31T23:59:59Z') }),
      order('5', 90, { country: 'FR', orderedAt: new Date('2026-12-01T00:00:00Z') }),
    ];
    expect(review([], orders, [european]).grants).toEqual([]);
    const reached = review([], [...orders, order('6', 20, { country: 'ES' })], [european]);
    expect(reached.grants).toMatchObject([{ orders: 2 }]);
  });

  it('is for the segment’s members when it is given, and is kept by a member who leaves the segment', () => {
    const forNew = campaign({ conditions: { goal_amount: '100.00', segments: ['new'] } });
    const others = { members: [{ ...member, segments: ['loyal'] }] };
    expect(review([], [order('1', 100)], [forNew], others).grants).toEqual([]);
    const reached = review([], [order('1', 100)], [forNew]);
    expect(review(reached.grants, [order('1', 100)], [forNew], others).plan.deduct).toEqual([]);
  });

  it('gives nothing while the program is off, and still deducts', () => {
    const off = { isProgramActive: false };
    expect(review([], [order('1', 100)], undefined, off).grants).toEqual([]);
    const reached = review([], [order('1', 100)]);
    expect(live(review(reached.grants, [], undefined, off).grants)).toEqual([]);
  });

  it('that two customers reached before they were merged is deducted from the merged member in full', () => {
    const two = [...review([], [order('1', 100)]).grants, ...review([], [order('2', 100)]).grants];
    const together = review(two, [order('1', 100), order('2', 100)]);
    expect(live(together.grants).map(({ orders }) => orders)).toEqual([1, 1]);
    const spentMore = review(together.grants, [order('1', 100), order('2', 100), order('3', 5)]);
    expect(live(spentMore.grants)).toMatchObject([
      { orders: 3, spend: unit(205) },
      { orders: 0, spend: 0n },
    ]);
    expect(live(review(together.grants, [order('1', 10)]).grants)).toEqual([]);
    const again = review(review(two, []).grants, [order('3', 100)]);
    expect(again.plan.give.map(giftKey)).toEqual(['campaign/c1/goal/m1/2']);
  });
});

describe('a bonus on each order', () => {
  const bonus = [campaign({ conditions: { min_spend: '50.00' }, reward: { points: 30 } })];

  it('is given with each order from its minimum on, and is deducted with the order', () => {
    const given = review([], [order('1', 50), order('2', 49.99), order('3', 80)], bonus);
    expect(given.plan.give.map(giftKey)).toEqual([
      'campaign/c1/order/1/1',
      'campaign/c1/order/3/1',
    ]);
    const refunded = review(given.grants, [order('1', 40), order('3', 80)], bonus);
    expect(live(refunded.grants).map(({ orderId }) => orderId)).toEqual(['3']);
    const cancelled = review(refunded.grants, [order('1', 40)], bonus);
    expect(live(cancelled.grants)).toEqual([]);
  });

  it('is for orders of which anything is left to pay, however little', () => {
    const onEach = [campaign({ conditions: {}, reward: { points: 30 } })];
    const orders = [order('1', 10, { net: 1n }), order('2', 0), order('3', 10, { net: -1n })];
    expect(review([], orders, onEach).plan.give.map(giftKey)).toEqual(['campaign/c1/order/1/1']);
  });
});

describe('a first order', () => {
  const welcome = [
    campaign({ type: 'lifecycle', conditions: { trigger: 'first_order' }, reward: { points: 50 } }),
  ];
  const first = (one: CountedOrder) => ({ firstOrders: new Map([['m1', one]]) });

  it('is rewarded when it was placed in the campaign’s time, once', () => {
    const one = order('1', 10);
    const given = review([], [one], welcome, first(one));
    expect(given.plan.give.map(giftKey)).toEqual(['campaign/c1/first_order/m1/1']);
    expect(given.grants).toMatchObject([{ orders: 1, spend: unit(10) }]);
    expect(review(given.grants, [one, order('2', 10)], welcome, first(one)).plan.give).toEqual([]);
  });

  it('is not that of a customer who bought before', () => {
    const before = order('0', 10, { orderedAt: new Date('2026-01-01T00:00:00Z') });
    expect(review([], [order('1', 10)], welcome, first(before)).grants).toEqual([]);
  });

  it('is deducted when it is refunded in full', () => {
    const given = review([], [order('1', 10)], welcome, first(order('1', 10)));
    const refunded = review(given.grants, [], welcome, first(order('1', 0)));
    expect(live(refunded.grants)).toEqual([]);
  });

  it('earns nothing by a campaign for something else', () => {
    const others = [
      campaign({ type: 'lifecycle', conditions: { trigger: 'tier_up' } }),
      campaign({ type: 'discount', conditions: { trigger: 'first_order' } }),
    ];
    const one = order('1', 10);
    expect(review([], [one], others, first(one)).grants).toEqual([]);
  });
});

describe('a change of segment or tier', () => {
  const lifecycle = (conditions: object, changes: Partial<CampaignRow> = {}) =>
    campaign({ type: 'lifecycle', conditions, reward: { points: 100 }, ...changes });
  const now = new Date('2026-11-10T00:00:00Z');
  const tierPositions = new Map([
    ['bronze', 0],
    ['silver', 1],
    ['gold', 2],
  ]);
  const giftsOf = (one: Campaign, changes: Partial<Parameters<typeof planTriggers>[0]>) =>
    planTriggers({
      campaigns: [one],
      members: [member],
      segmentChanges: [],
      tierChanges: [],
      tierPositions,
      grants: [],
      isProgramActive: true,
      now,
      ...changes,
    });
  const setOff = (...given: Parameters<typeof giftsOf>) => giftsOf(...given).map(giftKey);
  const segments = (from: string[], to: string[]) => ({
    segmentChanges: [{ customerId: 'm1', from, to }],
  });
  const tiers = (from: string | null, to: string | null) => ({
    tierChanges: [{ customerId: 'm1', from, to }],
  });

  it('starts the campaigns for that segment', () => {
    const entered = lifecycle({ trigger: 'segment_entered', segment: 'vip' });
    expect(setOff(entered, segments(['loyal'], ['loyal', 'vip']))).toEqual([
      'campaign/c1/segment_entered/m1/1',
    ]);
    expect(setOff(entered, segments(['vip'], ['vip', 'loyal']))).toEqual([]);
    const left = lifecycle({ trigger: 'segment_left', segment: 'vip' });
    expect(setOff(left, segments(['vip'], ['loyal']))).toHaveLength(1);
    expect(setOff(left, segments(['loyal'], ['other']))).toEqual([]);
  });

  it('gives for the change alone: no order and no spending is recorded', () => {
    const up = lifecycle({ trigger: 'tier_up' });
    expect(giftsOf(up, tiers('bronze', 'gold'))).toEqual([
      {
        campaign: up,
        customerId: 'm1',
        kind: 'tier_up',
        orderId: null,
        occurrence: 1,
        orders: 0,
        spend: 0n,
      },
    ]);
  });

  it('starts only campaigns of that kind, by what sets them off', () => {
    const conditions = { trigger: 'tier_up' };
    const both = { ...tiers('bronze', 'gold'), ...segments(['loyal'], ['vip']) };
    expect(setOff(lifecycle(conditions), both)).toHaveLength(1);
    expect(setOff(lifecycle(conditions), segments(['loyal'], ['vip']))).toEqual([]);
    for (const type of ['goal_spend', 'double_points', 'discount'])
      expect(setOff(lifecycle(conditions, { type }), both)).toEqual([]);
    for (const trigger of ['first_order', undefined])
      expect(setOff(lifecycle({ trigger }), both)).toEqual([]);
  });

  it('starts the campaign for a drop when a member’s score was good before and is not now', () => {
    const drop = lifecycle({ trigger: 'rfm_drop' });
    expect(setOff(drop, segments(['loyal'], ['at_risk']))).toHaveLength(1);
    expect(setOff(drop, segments(['at_risk'], ['at_risk', 'inactive']))).toEqual([]);
    expect(setOff(drop, segments([], ['at_risk']))).toEqual([]);
  });

  it.each(['at_risk', 'at_risk_high_value', 'inactive'])(
    'has dropped who is %s now, and not who was before',
    (fallen) => {
      const drop = lifecycle({ trigger: 'rfm_drop' });
      expect(setOff(drop, segments(['loyal'], [fallen]))).toHaveLength(1);
      expect(setOff(drop, segments([fallen], ['at_risk']))).toEqual([]);
      expect(setOff(drop, segments([fallen], ['loyal']))).toEqual([]);
    },
  );

  it('starts the campaigns for a rise or a fall; joining the lowest tier is neither', () => {
    const up = lifecycle({ trigger: 'tier_up' });
    const down = lifecycle({ trigger: 'tier_down' });
    expect(setOff(up, tiers('bronze', 'gold'))).toHaveLength(1);
    expect(setOff(up, tiers(null, 'silver'))).toHaveLength(1);
    expect(setOff(up, tiers(null, 'bronze'))).toEqual([]);
    expect(setOff(up, tiers('gold', 'silver'))).toEqual([]);
    expect(setOff(down, tiers('gold', 'silver'))).toHaveLength(1);
    expect(setOff(down, tiers('silver', null))).toHaveLength(1);
    expect(setOff(down, tiers('bronze', 'silver'))).toEqual([]);
    expect(setOff(down, tiers(null, 'bronze'))).toEqual([]);
    expect(setOff(down, tiers(null, null))).toEqual([]);
    expect(setOff(down, tiers('bronze', null))).toHaveLength(1);
  });

  it('takes a tier that was deleted for the lowest', () => {
    const up = lifecycle({ trigger: 'tier_up' });
    const down = lifecycle({ trigger: 'tier_down' });
    expect(setOff(up, tiers('deleted', 'silver'))).toHaveLength(1);
    expect(setOff(up, tiers('deleted', 'bronze'))).toEqual([]);
    expect(setOff(down, tiers('silver', 'deleted'))).toHaveLength(1);
  });

  const granted = (grantedAt: string, changes: Partial<Grant> = {}): Grant => ({
    grantId: 'g',
    campaignId: 'c1',
    customerId: 'm1',
    kind: 'segment_entered',
    orderId: null,
    occurrence: 1,
    points: 100,
    orders: 0,
    spend: 0n,
    transactionId: 't',
    grantedAt: new Date(grantedAt),
    isTakenBack: false,
    ...changes,
  });

  it('gives again by the next occurrence, but not before the member’s waiting period has passed', () => {
    const entered = lifecycle({ trigger: 'segment_entered', segment: 'vip', cooldown_days: 30 });
    const change = segments([], ['vip']);
    const early = granted('2026-10-11T00:00:00.001Z');
    expect(setOff(entered, { ...change, grants: [early] })).toEqual([]);
    expect(setOff(entered, { ...change, grants: [granted('2026-10-11T00:00:00Z')] })).toEqual([
      'campaign/c1/segment_entered/m1/2',
    ]);
  });

  it('waits from the latest time that the member was given it', () => {
    const entered = lifecycle({ trigger: 'segment_entered', segment: 'vip', cooldown_days: 30 });
    const change = segments([], ['vip']);
    const given = (latest: string) => [
      granted('2026-08-01T00:00:00Z'),
      granted(latest, { occurrence: 2 }),
    ];
    expect(setOff(entered, { ...change, grants: given('2026-11-05T00:00:00Z') })).toEqual([]);
    expect(setOff(entered, { ...change, grants: given('2026-09-01T00:00:00Z') })).toEqual([
      'campaign/c1/segment_entered/m1/3',
    ]);
  });

  it.each([
    ['to another member', { customerId: 'm2' }],
    ['by another campaign', { campaignId: 'c2' }],
    ['by the campaign for something else', { kind: 'segment_left' as const }],
  ])('does not wait for what was given %s', (_, other) => {
    const entered = lifecycle({ trigger: 'segment_entered', segment: 'vip', cooldown_days: 30 });
    const grants = [granted('2026-11-09T00:00:00Z', other)];
    expect(setOff(entered, { ...segments([], ['vip']), grants })).toEqual([
      'campaign/c1/segment_entered/m1/1',
    ]);
  });

  it('gives nothing outside of the campaign’s time, to others, or while the program is off', () => {
    const entered = lifecycle({ trigger: 'segment_entered', segment: 'vip' });
    const change = segments([], ['vip']);
    expect(setOff(entered, { ...change, now: new Date('2026-12-01T00:00:00Z') })).toEqual([]);
    expect(setOff(entered, { ...change, isProgramActive: false })).toEqual([]);
    const forGold = lifecycle({ trigger: 'segment_entered', segment: 'vip', tier_ids: ['gold'] });
    expect(setOff(forGold, change)).toEqual([]);
  });
});

describe('whatever happens to the orders', () => {
  const happening = fc.record({
    orderId: fc.constantFrom('1', '2', '3', '4'),
    /** What is left of the order in whole units; 0 is cancelled or refunded. */
    net: fc.integer({ min: 0, max: 120 }),
    day: fc.integer({ min: -3, max: 33 }),
  });

  it('a goal is given exactly as long as it holds, at most once at a time, never twice by one key', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 25 }),
        fc.integer({ min: 1, max: 200 }),
        (happenings, goal) => {
          const one = campaign({ conditions: { goal_amount: `${goal}.00` } });
          const days = new Map<string, Date>();
          const orders = new Map<string, CountedOrder>();
          let grants: readonly Grant[] = [];
          for (const { orderId, net, day } of happenings) {
            // An order is placed once, whatever becomes of it.
            const orderedAt = days.get(orderId) ?? new Date(START.getTime() + day * 86_400_000);
            days.set(orderId, orderedAt);
            if (net === 0) orders.delete(orderId);
            else orders.set(orderId, order(orderId, net, { orderedAt }));
            grants = review(grants, [...orders.values()], [one]).grants;
            const repeated = review(grants, [...orders.values()], [one]).plan;
            expect([repeated.give, repeated.deduct, repeated.recount]).toEqual([[], [], []]);

            const spent = [...orders.values()]
              .filter(({ orderedAt: at }) => at >= START && at < new Date('2026-12-01T00:00:00Z'))
              .reduce((sum, { net: left }) => sum + left, 0n);
            expect(live(grants)).toHaveLength(spent >= unit(goal) ? 1 : 0);
            expect(new Set(grants.map(({ transactionId }) => transactionId)).size).toBe(
              grants.length,
            );
          }
        },
      ),
    );
  });
});
