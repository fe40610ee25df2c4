import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallFailure, startTestCore, type TestCore } from '../testing/core.ts';
import { rankOf, type TierSet } from '../tiers/tiers.rules.ts';

/**
 * Whole histories of a member, by the calls that shops and workers make: orders whose facts come in any order and twice,
 * redemptions that are completed, refused, returned and used at any moment, points that expire, tiers that are reached
 * and lost, gifts of tiers and campaigns. After every step:
 *  (a) the ledger's own invariants hold: balance = sum of entries = lots left - debt, no lot below nothing
 *  (b) every exchange is explained by its entries, and no point of it is spent twice
 *  (c) what is held is what is under way
 * and after each review:
 *  (d) the tier is what the pure rule makes of the facts that are known
 *  (e) the tier's perks and the campaign's goal and code are there exactly as long as they are due, once
 */

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const HOUR = 3_600_000;

/** What the orders of a history come to, in cents, and what their two refunds refund. */
const ORDERS = [
  { cents: 6_000, refunds: [3_000, 1_000] },
  { cents: 12_000, refunds: [12_000, 0] },
  { cents: 30_000, refunds: [15_000, 15_000] },
  { cents: 4_500, refunds: [500, 4_000] },
] as const;
const facts = ['paid', 'refund0', 'refund1', 'cancelled'] as const;
type Fact = (typeof facts)[number];
const GOAL = 15_000;

/** Silver from $100 with free shipping, Gold from $400 with a reward for entering; lost at once. */
const thresholds = [10_000, 40_000] as const;
const pureTierSet: TierSet = {
  basis: 'spend',
  period: 'lifetime',
  graceDays: 0,
  tiers: thresholds.map((cents, index) => ({
    tierId: String(index),
    spend: BigInt(cents) * 100n,
    points: null,
  })),
};

type Step =
  | { do: 'tell'; order: number; fact: Fact }
  | { do: 'redeem'; key: number }
  | { do: 'complete' | 'fail' | 'return' | 'finishReturn' | 'use'; nth: number }
  | { do: 'lapsing' }
  | { do: 'expire' }
  | { do: 'takeCode' }
  | { do: 'review' };

const nth = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('tell' as const),
      order: fc.nat(ORDERS.length - 1),
      fact: fc.constantFrom(...facts, 'paid' as const, 'paid' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('redeem' as const), key: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('complete' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'fail' as const,
        'return' as const,
        'finishReturn' as const,
        'use' as const,
      ),
      nth,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('lapsing' as const, 'expire' as const, 'takeCode' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('review' as const) }) },
);

interface Scene {
  readonly shop: Shop;
  readonly shopper: ReturnType<TestCore['clients']>;
  readonly customerId: string;
  readonly rewardId: string;
  readonly campaignId: string;
  readonly goalId: string;
  readonly tierIds: readonly string[];
}

let shoppers = 60_000_000;
let orderIds = 90_000_000;

async function newScene(): Promise<Scene> {
  const shop = await core.installShop();
  const shopifyCustomerId = String(++shoppers);
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId, email: `${shopifyCustomerId}@example.com` },
    trigger: 'updated',
  });
  const { reward } = await shop.points.upsertReward({
    reward: { kind: 'amount_off', title: { en: '$5 off' }, pointsCost: 500, value: '5.00' },
  });
  const rewardId = reward?.rewardId ?? '';
  const { tierSet } = await shop.points.configureVipTiers({
    tierSet: {
      basis: 'spend',
      period: 'lifetime',
      graceDays: 0,
      tiers: [
        { names: { en: 'Silver' }, spendThreshold: '100', benefits: { freeShipping: true } },
        {
          names: { en: 'Gold' },
          spendThreshold: '400',
          benefits: { freeShipping: true, entryRewardId: rewardId, entryPoints: 70 },
        },
      ],
    },
    publish: true,
  });
  const campaign = async (draft: object) =>
    (
      await shop.points.createCampaign({
        campaign: { name: 'One', published: true, ...draft },
        idempotencyKey: JSON.stringify(draft),
      })
    ).campaign?.campaignId ?? '';
  return {
    shop,
    shopper: core.clients({
      merchant: shop.merchantId,
      actor: `customer:${shopifyCustomerId}`,
      scopes: ['customer:points'],
    }),
    customerId,
    rewardId,
    campaignId: await campaign({
      type: 'discount',
      discount: { kind: 'percent_off', value: '10' },
    }),
    goalId: await campaign({
      type: 'goal_spend',
      rewardPoints: 40,
      conditions: { goalAmount: '150.00' },
    }),
    tierIds: (tierSet?.tiers ?? []).map(({ tierId }) => tierId),
  };
}

const money = (cents: number) => (cents / 100).toFixed(2);

/** An order's facts as they have been reported. */
class Told {
  readonly orderId = String(++orderIds);
  readonly facts = new Set<Fact>();
  readonly cents: number;
  readonly refunds: readonly number[];
  constructor(cents: number, refunds: readonly number[]) {
    this.cents = cents;
    this.refunds = refunds;
  }
  /** What counts of it for tiers and goals. */
  get net(): number {
    if (!this.facts.has('paid') || this.facts.has('cancelled')) return 0;
    return this.refunds.reduce(
      (left, cents, index) => (this.facts.has(`refund${index}` as Fact) ? left - cents : left),
      this.cents,
    );
  }
}

async function tell({ shop }: Scene, customer: string, told: Told, fact: Fact, codes: string[]) {
  const at = now.toISOString();
  told.facts.add(fact);
  if (fact === 'refund0' || fact === 'refund1') {
    const cents = told.refunds[fact === 'refund0' ? 0 : 1] ?? 0;
    await shop.points.recordOrder({
      refund: {
        orderId: told.orderId,
        currency: 'USD',
        refund: {
          refundId: `${told.orderId}${fact === 'refund0' ? 1 : 2}`,
          subtotal: money(cents),
          linesSubtotal: money(cents),
          refundedAt: at,
        },
      },
      trigger: 'refunded',
    });
    return;
  }
  await shop.points.recordOrder({
    order: {
      orderId: told.orderId,
      name: `#${told.orderId}`,
      customer: { shopifyCustomerId: customer },
      currency: 'USD',
      subtotal: money(told.cents),
      total: money(told.cents),
      financialStatus: 'paid',
      orderedAt: at,
      updatedAt: at,
      cancelledAt: told.facts.has('cancelled') ? at : '',
      discountCodes: codes,
    },
    trigger: fact,
  });
  // Shopify says of a cancelled order in the same breath that it was paid.
  told.facts.add('paid');
}

/** A call that the state may refuse; anything but a refusal is a failure of the test. */
async function attempt<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (
      error instanceof CallFailure &&
      ['insufficient_points', 'reward_unavailable'].includes(error.code)
    )
      return undefined;
    throw error;
  }
}

interface Row {
  redemption_id: string;
  gift: string | null;
  status: string;
  points: number;
  is_used: boolean;
  is_returning: boolean;
  hold: string | null;
  held: number;
  debit: number | null;
  given_back: number | null;
  used_anyway: number | null;
}

async function rowsOf({ shop, customerId }: Scene): Promise<Row[]> {
  const { rows } = await core.outside.query<Row>(
    `SELECT r.redemption_id, r.gift, r.status, r.points_spent::integer AS points, r.used_at IS NOT NULL AS is_used,
            r.return_requested_at IS NOT NULL AS is_returning, h.status AS hold, coalesce(h.points, 0)::integer AS held,
            (SELECT t.points::integer FROM points_transactions t
             WHERE t.merchant_id = r.merchant_id AND t.transaction_id = r.transaction_id) AS debit,
            (SELECT t.points::integer FROM points_transactions t
             WHERE t.merchant_id = r.merchant_id AND t.idempotency_key = 'reversal/' || r.transaction_id) AS given_back,
            (SELECT t.points::integer FROM points_transactions t
             WHERE t.merchant_id = r.merchant_id AND t.idempotency_key = 'redemption/' || r.redemption_id || '/used')
              AS used_anyway
     FROM reward_redemptions r
     LEFT JOIN point_holds h ON h.merchant_id = r.merchant_id AND h.hold_id = r.hold_id
     WHERE r.merchant_id = $1 AND r.customer_id = $2 ORDER BY r.created_at, r.redemption_id`,
    [shop.merchantId, customerId],
  );
  return rows;
}

/** (a) to (c) */
async function expectSound(scene: Scene): Promise<void> {
  const { merchantId } = scene.shop;
  const broken = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    merchantId,
  ]);
  expect(broken.rows).toEqual([]);
  const lots = await core.outside.query(
    'SELECT 1 FROM point_lots WHERE merchant_id = $1 AND (remaining < 0 OR remaining > points)',
    [merchantId],
  );
  expect(lots.rowCount).toBe(0);
  const rows = await rowsOf(scene);
  let explained = 0;
  let held = 0;
  for (const row of rows) {
    const { points, status } = row;
    const cost = points === 0 ? null : -points;
    const back = points === 0 ? null : points;
    switch (status) {
      case 'pending':
        expect(row).toMatchObject({ debit: null, given_back: null, used_anyway: null });
        expect(row.hold).toBe(points === 0 ? null : 'active');
        held += row.held;
        break;
      case 'completed':
        expect(row).toMatchObject({ debit: cost, given_back: null, used_anyway: null });
        break;
      case 'returned':
        // What was used after it had gone back is paid for once more, and only then.
        expect(row).toMatchObject({ debit: cost, given_back: back });
        expect(row.used_anyway).toBe(row.is_used ? cost : null);
        break;
      case 'failed':
        expect(row).toMatchObject({ debit: null, given_back: null });
        expect(row.hold).toBe(points === 0 ? null : 'released');
        expect(row.used_anyway).toBe(row.is_used ? cost : null);
        break;
      default:
        throw new Error(status);
    }
    if (row.gift !== null) expect(points).toBe(0);
    explained += (row.debit ?? 0) + (row.given_back ?? 0) + (row.used_anyway ?? 0);
  }
  const { rows: sums } = await core.outside.query<{ points: number; held: number }>(
    `SELECT coalesce(sum(t.points) FILTER (WHERE t.source = 'redemption'), 0)::integer AS points,
            (SELECT b.held::integer FROM points_balances b WHERE b.merchant_id = $1 AND b.customer_id = $2) AS held
     FROM points_transactions t WHERE t.merchant_id = $1`,
    [merchantId, scene.customerId],
  );
  expect(sums[0]).toMatchObject({ points: explained });
  expect(sums[0]?.held ?? 0).toBe(held);
}

/** (d) and (e), once all members have been reviewed. */
async function expectDue(scene: Scene, told: readonly Told[], wasGold: boolean): Promise<void> {
  const { merchantId } = scene.shop;
  const cents = told.reduce((sum, order) => sum + order.net, 0);
  const rank = rankOf(pureTierSet, { spend: BigInt(cents) * 100n, points: 0 });
  const { rows } = await core.outside.query<{
    tier: string | null;
    goals: number;
    entries: number;
  }>(
    `SELECT c.vip_tier_id AS tier,
            (SELECT count(*)::integer FROM campaign_grants g WHERE g.merchant_id = $1 AND g.campaign_id = $3
               AND g.taken_back_at IS NULL) AS goals,
            (SELECT count(*)::integer FROM points_transactions t WHERE t.merchant_id = $1 AND t.source = 'tier') AS entries
     FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = $2`,
    [merchantId, scene.customerId, scene.goalId],
  );
  expect(rows[0]).toEqual({
    tier: rank < 0 ? null : scene.tierIds[rank],
    goals: cents >= GOAL ? 1 : 0,
    entries: wasGold ? 1 : 0,
  });
  const gifts = await rowsOf(scene);
  const live = (gift: string) =>
    gifts.filter(
      (row) =>
        row.gift === gift &&
        (row.status === 'pending' || row.status === 'completed') &&
        !row.is_used &&
        !row.is_returning,
    ).length;
  const refused = gifts.some((row) => row.gift === 'tier_shipping' && row.status === 'failed');
  // A refused one is not tried again within the day.
  if (!refused || live('tier_shipping') > 0) expect(live('tier_shipping')).toBe(rank < 0 ? 0 : 1);
  const given = gifts.filter((row) => row.gift === 'tier_entry' && row.status !== 'failed');
  expect(given.length).toBeLessThanOrEqual(wasGold ? 1 : 0);
  if (wasGold) expect(gifts.some((row) => row.gift === 'tier_entry')).toBe(true);
  const codes = gifts.filter((row) => row.gift === 'campaign' && row.status !== 'failed');
  expect(codes.length).toBeLessThanOrEqual(1);
}

async function play(steps: readonly Step[]): Promise<void> {
  const scene = await newScene();
  const { shop, shopper, customerId } = scene;
  const { points } = shop;
  const { customer } = await shop.admin.getCustomer({ customerId });
  const shopifyCustomerId = customer?.shopifyCustomerId ?? '';
  const orders = ORDERS.map(({ cents, refunds }) => new Told(cents, refunds));
  const told: Told[] = [...orders];
  let wasGold = false;
  const review = async () => {
    await core.clients().admin.reviewMembers({ limit: 1_000 });
    const cents = told.reduce((sum, order) => sum + order.net, 0);
    wasGold ||= cents >= thresholds[1];
    await expectDue(scene, told, wasGold);
  };
  for (const one of [...steps, { do: 'review' } as const]) {
    now = new Date(now.getTime() + 1_000);
    const target = 'nth' in one ? (await rowsOf(scene))[one.nth] : undefined;
    const redemptionId = target?.redemption_id ?? '';
    switch (one.do) {
      case 'tell': {
        const order = orders[one.order];
        if (order) await tell(scene, shopifyCustomerId, order, one.fact, []);
        break;
      }
      case 'redeem':
        await attempt(
          shopper.points.startRedemption({
            rewardId: scene.rewardId,
            idempotencyKey: `key/${one.key}`,
          }),
        );
        break;
      case 'complete':
        if (target)
          await points.completeRedemption({ redemptionId, shopifyId: `gid/${redemptionId}` });
        break;
      case 'fail':
        if (target) await points.failRedemption({ redemptionId, failureCode: 'refused' });
        break;
      case 'return':
        if (target) await attempt(points.startReturn({ redemptionId }));
        break;
      case 'finishReturn':
        if (target) await points.finishReturn({ redemptionId });
        break;
      case 'use': {
        if (!target) break;
        const { code } = await points.beginFulfillment({ redemptionId });
        const order = new Told(100, []);
        told.push(order);
        await tell(scene, shopifyCustomerId, order, 'paid', [code]);
        break;
      }
      case 'lapsing':
        await points.earnPoints({
          award: {
            customerId,
            points: 600,
            idempotencyKey: `lapsing/${now.getTime()}`,
            expiresAt: new Date(now.getTime() + HOUR).toISOString(),
          },
        });
        break;
      case 'expire':
        now = new Date(now.getTime() + 2 * HOUR);
        await points.expirePoints({});
        break;
      case 'takeCode':
        await attempt(shopper.points.redeemCampaignDiscount({ campaignId: scene.campaignId }));
        break;
      case 'review':
        await review();
        break;
    }
    await expectSound(scene);
  }
  // What was reported twice and late ends as what was reported once.
  for (const order of orders)
    for (const fact of order.facts) await tell(scene, shopifyCustomerId, order, fact, []);
  await review();
  await expectSound(scene);
}

describe('whatever happens to a member of a shop', () => {
  it('every point, code, tier and gift is explained by the facts, in whatever order they come', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), play), {
      numRuns: 12,
      endOnFailure: true,
    });
  }, 120_000);
});
