import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';
import { randomOf, type Random } from '../testing/order-history-truth.ts';

/**
 * Random histories of friends who came by a link: their account, their order with the link's name, refunds of it, and
 * ratings by Shopify, each told once or often and in any order, with reviews in between. Whatever the order, both end with
 * what the facts alone give.
 */

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

let core: TestCore;
let shop: Shop;
beforeAll(async () => {
  core = await startTestCore();
  shop = await core.installShop();
  const { program } = await shop.points.getPointsProgram({});
  await shop.points.updatePointsProgram({
    program: {
      ...program,
      active: true,
      purchase: { ...program?.purchase, enabled: false },
      signup: { ...program?.signup, enabled: false },
    },
  });
  const { config } = await shop.referrals.getReferralConfig({});
  await shop.referrals.updateReferralConfig({
    config: { ...config, active: true, completeOn: 'first_order', minOrder: MIN_ORDER },
  });
});
afterAll(() => core.stop());

const RUNS = Math.ceil(Number(process.env['HISTORIES'] ?? 100) / 25);
const FIRST_SEED = Number(process.env['HISTORIES_SEED'] ?? Math.floor(Math.random() * 1e9));
const SIDE_BY_SIDE = 5;
const MIN_ORDER = '50.00';
const EACH = 50;

interface Step {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}
interface Friend {
  readonly id: string;
  readonly steps: readonly Step[];
  /** What the facts give each of the two. */
  readonly expected: number;
}

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
/** No one's address is like another's. */
const emailOf = (id: string) =>
  `${[...id].map((digit) => 'abcdefghij'[Number(digit)]).join('')}mail@example.com`;
const money = (cents: number) => (cents / 100).toFixed(2);

const join = (id: string) =>
  shop.admin.upsertCustomer({
    customer: { shopifyCustomerId: id, email: emailOf(id), state: 'enabled' },
    trigger: 'created',
    updatedAt: secondsAgo(50),
  });

function friendOf(random: Random, id: string, code: string): Friend {
  const goods = random.chance(0.2) ? 3_000 : 8_000;
  const returned = random.chance(0.5) ? 0 : random.chance(0.5) ? 2_000 : 4_000;
  const orderId = `${id}7`;
  const orderedAt = secondsAgo(40);
  const order = {
    orderId,
    name: `#${orderId}`,
    customer: { shopifyCustomerId: id, email: emailOf(id) },
    currency: 'USD',
    subtotal: money(goods),
    total: money(goods),
    financialStatus: 'paid',
    orderedAt,
    updatedAt: orderedAt,
  };
  const record = () => shop.points.recordOrder({ order, trigger: 'paid' });
  const refund = {
    refundId: `${id}8`,
    subtotal: money(returned),
    linesSubtotal: money(returned),
    refundedAt: secondsAgo(20),
  };
  const steps: Step[] = [
    { name: 'order', run: record },
    {
      name: 'order by the link',
      run: async () => {
        await record();
        await shop.referrals.completeReferral({
          referralCode: code,
          shopifyCustomerId: id,
          channel: 'copy',
          orderedAt,
        });
      },
    },
    {
      name: 'rating',
      run: () => shop.referrals.reportOrderRisk({ orderId, risk: 'low', ratedAt: secondsAgo(10) }),
    },
    ...(random.chance(0.5) ? [{ name: 'account', run: () => join(id) }] : []),
    ...(returned === 0
      ? []
      : [
          {
            name: 'refund',
            run: () =>
              shop.points.recordOrder({
                refund: { orderId, currency: 'USD', refund },
                trigger: 'refunded',
              }),
          },
        ]),
  ];
  return { id, steps, expected: goods - returned >= 5_000 ? EACH : 0 };
}

const review = () => core.clients().admin.reviewMembers({ limit: 1_000 });
const balanceOf = async (id: string) =>
  (await shop.admin.getCustomer({ shopifyCustomerId: id })).customer?.balance?.balance ?? 0;

interface Played {
  readonly seed: number;
  readonly advocate: string;
  readonly friends: readonly Friend[];
  readonly names: readonly string[];
}

async function play(seed: number, place: number): Promise<Played> {
  const random = randomOf(seed);
  const advocate = String(100_000 + place * 100);
  const { customerId } = await join(advocate);
  const { referralCode } = await shop.referrals.createReferral({ advocateCustomerId: customerId });
  const friends = [1, 2, 3].map((nth) =>
    friendOf(random, String(100_000 + place * 100 + nth), referralCode),
  );
  const told = random.shuffle(
    friends.flatMap(({ id, steps }) =>
      [...steps, ...steps.filter(() => random.chance(0.4))].map(({ name, run }) => ({
        name: `${id}: ${name}`,
        run,
      })),
    ),
  );
  const names: string[] = [];
  for (const { name, run } of told) {
    names.push(name);
    await run();
    if (random.chance(0.3)) await review();
  }
  return { seed, advocate, friends, names };
}

/** @returns what is not as it should be */
async function problemsOf({ seed, advocate, friends, names }: Played): Promise<string[]> {
  const wrong: string[] = [];
  const compare = async (who: string, expected: number) => {
    const balance = await balanceOf(who);
    if (balance !== expected) wrong.push(`${who} has ${balance} and not ${expected}`);
  };
  for (const { id, expected } of friends) await compare(id, expected);
  await compare(
    advocate,
    friends.reduce((sum, { expected }) => sum + expected, 0),
  );
  return wrong.length === 0 ? [] : [`seed ${seed}: ${wrong.join('; ')}\n  ${names.join('\n  ')}`];
}

it(
  'friends and advocates end with what the facts give, however these are permuted, repeated and delayed',
  async () => {
    const problems: string[] = [];
    for (let nth = 0; nth < RUNS; nth += SIDE_BY_SIDE) {
      const places = Array.from(
        { length: Math.min(SIDE_BY_SIDE, RUNS - nth) },
        (_, at) => nth + at,
      );
      const played = await Promise.all(places.map((place) => play(FIRST_SEED + place, place)));
      // None is under way any more: what is due now is looked at by this one.
      await review();
      for (const one of played) problems.push(...(await problemsOf(one)));
    }
    expect(problems.join('\n'), `first seed ${FIRST_SEED}`).toBe('');
    const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants()');
    expect(rows).toEqual([]);
  },
  60_000 + RUNS * 3_000,
);
