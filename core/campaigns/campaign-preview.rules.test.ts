import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignFromRow, type CampaignRow } from '../program/campaign-conditions.rules.ts';
import { previewCampaign, type Past, type PastOrder } from './campaign-preview.rules.ts';
import { floorPoints, parseAmount } from '../shared/money.rules.ts';
import { worthOfPoints } from '../program/point-value.rules.ts';

const amount = (text: string) => parseAmount(text) ?? 0n;
const from = new Date('2026-10-26T00:00:00Z');
const to = new Date('2026-11-25T00:00:00Z');

const draft = (changes: Partial<CampaignRow> = {}) =>
  campaignFromRow({
    campaign_id: '',
    name: 'A campaign',
    type: 'double_points',
    status: 'draft',
    start_date: null,
    end_date: null,
    multiplier: '2',
    conditions: {},
    reward: {},
    ...changes,
  });

let ids = 0;
const order = (net: string, changes: Partial<PastOrder> = {}): PastOrder => ({
  customerId: 'm1',
  orderId: String(++ids),
  orderedAt: new Date('2026-11-01T00:00:00Z'),
  country: 'US',
  net: amount(net),
  rate: amount('10'),
  multiplier: amount('1'),
  segments: [],
  tierId: null,
  ...changes,
});

const past = (orders: readonly PastOrder[], changes: Partial<Past> = {}): Past => ({
  from,
  to,
  orders,
  firstOrders: new Map(),
  segmentChanges: [],
  tierChanges: [],
  tierPositions: new Map(),
  changedMembers: [],
  stacking: 'highest',
  ...changes,
});

describe('the preview of a campaign', () => {
  it('counts the extra points of a multiplier, each order rounded down on its own', () => {
    const orders = [order('10.05'), order('0.19'), order('5', { customerId: 'm2' })];
    // 200 rather than 100 (201 and 100.5), 3 rather than 1, 100 rather than 50.
    expect(previewCampaign(draft(), past(orders))).toMatchObject({
      matchingOrders: 3,
      members: 2,
      points: 101n + 2n + 50n,
      discount: 0n,
    });
  });

  it('checks orders against the conditions', () => {
    const orders = [order('50', { country: 'FR' }), order('50'), order('10', { country: 'FR' })];
    const conditions = { regions: ['EU'], min_spend: '20' };
    expect(previewCampaign(draft({ conditions }), past(orders))).toMatchObject({
      matchingOrders: 1,
      points: 500n,
    });
  });

  it('gives less where another multiplier had counted, unless they multiply each other', () => {
    const orders = [order('10', { multiplier: amount('1.5') })];
    expect(previewCampaign(draft(), past(orders)).points).toBe(50n);
    expect(previewCampaign(draft(), past(orders, { stacking: 'multiply' })).points).toBe(150n);
    const more = [order('10', { multiplier: amount('3') })];
    expect(previewCampaign(draft(), past(more)).points).toBe(0n);
  });

  it('counts exactly by what orders earned, also where it takes more than four places', () => {
    // Multiplied by 1.5000001, of 10 points for each unit, and of 10 for every 10 units.
    const exact = { multiplier: 15_000_001n, multiplierOver: 1_000n };
    const orders = [order('1000', exact), order('1000', { ...exact, per: 10n })];
    expect(previewCampaign(draft(), past(orders)).points).toBe(5_000n + 500n);
    expect(previewCampaign(draft(), past(orders, { stacking: 'multiply' })).points).toBe(
      15_000n + 1_500n,
    );
  });

  it('counts the members who would have reached a goal, and each order where there is none', () => {
    const orders = [order('60'), order('40'), order('90', { customerId: 'm2' })];
    const goal = { type: 'goal_spend', reward: { points: 200 } };
    const conditions = { goal_amount: '100' };
    expect(previewCampaign(draft({ ...goal, conditions }), past(orders))).toMatchObject({
      matchingOrders: 2,
      members: 1,
      points: 200n,
      discount: 0n,
    });
    expect(previewCampaign(draft(goal), past(orders))).toMatchObject({
      matchingOrders: 3,
      members: 2,
      points: 600n,
    });
  });

  it('counts the grants for changes of segment, also of members who bought nothing', () => {
    const lifecycle = draft({
      type: 'lifecycle',
      conditions: { trigger: 'segment_entered', segment: 'at_risk' },
      reward: { points: 100 },
    });
    const segmentChanges = ['m1', 'm2', 'm2'].map((customerId) => ({
      customerId,
      from: ['loyal'],
      to: ['at_risk'],
    }));
    const changedMembers = ['m1', 'm2'].map((customerId) => ({
      customerId,
      segments: ['at_risk'],
      tierId: null,
    }));
    expect(previewCampaign(lifecycle, past([], { segmentChanges, changedMembers }))).toMatchObject({
      matchingOrders: 0,
      members: 2,
      points: 200n,
    });
  });

  describe('with a discount', () => {
    const discountOf = (kind: string, value: string) =>
      draft({
        type: 'discount',
        conditions: { min_spend: '20' },
        reward: { discount: { kind, value } },
      });
    const placed = (day: number) => ({ orderedAt: new Date(Date.UTC(2026, 10, day)) });

    it('takes it off each customer’s first order that qualifies, whatever order they come in', () => {
      const orders = [
        order('80', placed(5)),
        order('50', placed(2)),
        order('60', placed(3)),
        order('19.99', placed(1)),
        order('2000', { customerId: 'm2' }),
      ];
      expect(previewCampaign(discountOf('percent_off', '10'), past(orders))).toEqual({
        matchingOrders: 2,
        members: 2,
        points: 0n,
        discount: amount('205'),
      });
    });

    it('takes off an amount, and never more than the order costs', () => {
      const orders = [order('20'), order('80', { customerId: 'm2' })];
      expect(previewCampaign(discountOf('amount_off', '30'), past(orders)).discount).toBe(
        amount('50'),
      );
    });

    it('takes off nothing until the merchant has said how much', () => {
      const undecided = draft({ type: 'discount' });
      expect(previewCampaign(undecided, past([order('20')]))).toMatchObject({
        matchingOrders: 1,
        discount: 0n,
      });
    });
  });

  it('of a multiplier never counts more than all multipliers together, nor less than nothing', () => {
    const orders = fc.array(
      fc.record({
        cents: fc.integer({ min: 1, max: 1_000_000 }),
        multiplier: fc.integer({ min: 100, max: 500 }),
      }),
    );
    fc.assert(
      fc.property(
        orders,
        fc.integer({ min: 101, max: 1_000 }),
        fc.constantFrom('highest' as const, 'multiply' as const),
        (lines, hundredths, stacking) => {
          const multiplier = BigInt(hundredths) * 100n;
          const bought = lines.map((line) =>
            order('1', {
              net: BigInt(line.cents) * 100n,
              multiplier: BigInt(line.multiplier) * 100n,
            }),
          );
          const campaign = { ...draft(), multiplier };
          const { points } = previewCampaign(campaign, past(bought, { stacking }));
          const without = bought.reduce((s, o) => s + floorPoints(o.net, o.rate, o.multiplier), 0n);
          const most = bought.reduce((sum, o) => {
            const factor =
              stacking === 'multiply'
                ? (o.multiplier * multiplier) / 10_000n
                : [o.multiplier, multiplier].reduce((a, b) => (a > b ? a : b));
            return sum + floorPoints(o.net, o.rate, factor);
          }, 0n);
          expect(points).toBe(most - without);
          expect(points >= 0n).toBe(true);
        },
      ),
    );
  });
});

describe('what points are worth', () => {
  it('goes by the reward that gives most for them, rounded up', () => {
    const rewards = [
      { pointsCost: 500, value: '5.00' },
      { pointsCost: 300, value: '4.0000' },
    ];
    expect(worthOfPoints(600n, rewards)).toBe(amount('8.00'));
    expect(worthOfPoints(1n, rewards)).toBe(134n);
  });
  it('is not known without a reward that gives money', () => {
    expect(worthOfPoints(600n, [])).toBeUndefined();
    expect(worthOfPoints(600n, [{ pointsCost: 100, value: '0' }])).toBeUndefined();
  });
});
