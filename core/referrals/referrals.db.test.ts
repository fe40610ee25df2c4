import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReferralConfig } from '#proto/referrals/v1/referrals.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const hours = 3_600_000;
const at = (offset = 0) => new Date(now.getTime() + offset).toISOString();
let ids = 1_000;
const nextId = () => String(++ids);

/** Two people's addresses have nothing in common. */
const emailOf = (id: string) =>
  `${[...id].map((digit) => 'abcdefghij'[Number(digit)]).join('')}mail@example.com`;
const points = (amount: number) => ({ kind: 'points', points: amount });

async function shopWith(changes: Partial<ReferralConfig> = {}): Promise<Shop> {
  const shop = await core.installShop();
  const { program } = await shop.points.getPointsProgram({});
  // Purchases and joining earn nothing, so that balances are of referrals alone.
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
    config: { ...config, active: true, completeOn: 'first_order', ...changes },
  });
  return shop;
}

const join = (shop: Shop, id: string, changes: object = {}) =>
  shop.admin.upsertCustomer({
    customer: {
      shopifyCustomerId: id,
      email: emailOf(id),
      firstName: 'Ada',
      lastName: 'Lovelace',
      locale: 'en',
      state: 'enabled',
      ...changes,
    },
    trigger: 'created',
    updatedAt: at(),
  });

const shopper = (shop: Shop, id: string) =>
  core.clients({
    merchant: shop.merchantId,
    actor: `customer:${id}`,
    scopes: ['customer:referrals', 'customer:points'],
  }).referrals;

const review = () => core.clients().admin.reviewMembers({ limit: 1_000 });
const balanceOf = async (shop: Shop, id: string) =>
  (await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: id })).customer?.balance
    ?.balance;

async function buy(shop: Shop, id: string, subtotal = '80.00', changes: object = {}) {
  const orderId = nextId();
  await shop.points.recordOrder({
    order: {
      orderId,
      name: `#${orderId}`,
      customer: { shopifyCustomerId: id },
      currency: 'USD',
      subtotal,
      total: subtotal,
      financialStatus: 'paid',
      orderedAt: at(),
      updatedAt: at(),
      ...changes,
    },
    trigger: 'paid',
  });
  return orderId;
}

const refund = (shop: Shop, orderId: string, subtotal = '80.00') =>
  shop.points.recordOrder({
    refund: {
      orderId,
      currency: 'USD',
      refund: { refundId: nextId(), subtotal, linesSubtotal: subtotal, refundedAt: at() },
    },
    trigger: 'refunded',
  });

/** An advocate with a link. */
async function advocateIn(shop: Shop, traces = {}) {
  const id = nextId();
  await join(shop, id);
  const { referralCode } = await shopper(shop, id).createReferral({ traces });
  return { id, code: referralCode };
}

/** A visit by the link, then an account, then the claim. */
async function friendOf(shop: Shop, code: string, more: { traces?: object; join?: object } = {}) {
  const id = nextId();
  const clickId = randomUUID();
  await shop.referrals.trackClick({
    clickId,
    referralCode: code,
    channel: 'sms',
    clickedAt: at(-24 * hours),
  });
  await join(shop, id, more.join);
  const claimed = await shopper(shop, id).claimReferral({
    referralCode: code,
    clickId,
    channel: 'sms',
    traces: more.traces ?? {},
  });
  return { id, clickId, ...claimed };
}

describe('a link', () => {
  it('is the same however often it is asked for, and counts each visit once', async () => {
    const shop = await shopWith();
    const { id, code } = await advocateIn(shop);
    expect(code).toMatch(/^[A-Z2-9]{8}$/);
    expect((await shopper(shop, id).createReferral({})).referralCode).toBe(code);
    const click = { clickId: randomUUID(), referralCode: code, channel: 'email', clickedAt: at() };
    expect(await shop.referrals.trackClick(click)).toEqual({ status: 'counted' });
    expect(await shop.referrals.trackClick(click)).toEqual({ status: 'already_counted' });
    expect(await shop.referrals.trackClick({ ...click, referralCode: 'NOBODYS1' })).toEqual({
      status: 'unknown_code',
    });
    const { channels } = await shop.referrals.getReferralFunnel({ days: 7 });
    expect(channels).toMatchObject([{ channel: 'email', clicked: 1, claimed: 0 }]);
  });

  it('counts visits that come together once each, also when two calls at once have them in common', async () => {
    const shop = await shopWith();
    const links = [await advocateIn(shop), await advocateIn(shop), await advocateIn(shop)];
    const clicks = Array.from({ length: 60 }, (_, nth) => ({
      clickId: randomUUID(),
      referralCode: links[nth % 3]?.code ?? '',
      channel: nth % 2 === 0 ? 'sms' : 'email',
      clickedAt: at(),
    }));
    const unknown = { ...clicks[0], clickId: randomUUID(), referralCode: 'NOBODYS1' };
    const calls = Array.from({ length: 8 }, (_, nth) =>
      shop.referrals.trackClicks({
        clicks: [...(nth % 2 === 0 ? clicks : clicks.toReversed()), unknown, ...clicks.slice(0, 3)],
      }),
    );
    const counted = (await Promise.all(calls)).reduce((sum, answer) => sum + answer.counted, 0);
    expect(counted).toBe(60);
    const { channels, total } = await shop.referrals.getReferralFunnel({ days: 7 });
    expect(total?.clicked).toBe(60);
    expect(channels).toContainEqual(expect.objectContaining({ channel: 'sms', clicked: 30 }));
    await expect(
      shop.referrals.trackClicks({ clicks: [{ ...unknown, clickId: 'none' }] }),
    ).rejects.toMatchObject({ field: 'clicks[0].click_id' });
  });

  it('tells visitors what they get and from whom, and nothing once the program is off', async () => {
    const shop = await shopWith({ friend: { ...none, kind: 'points', points: 75 } });
    const { code } = await advocateIn(shop);
    const guest = core.clients({
      merchant: shop.merchantId,
      actor: 'guest',
      scopes: ['customer:frontend'],
    }).referrals;
    expect(await guest.getOffer({ referralCode: code })).toMatchObject({
      active: true,
      advocateFirstName: 'Ada',
      friend: points(75),
    });
    const { config } = await shop.referrals.getReferralConfig({});
    await shop.referrals.updateReferralConfig({ config: { ...config, active: false } });
    expect(await guest.getOffer({ referralCode: code })).toMatchObject({
      active: false,
      advocateFirstName: '',
    });
  });

  it('of another shop is unknown here', async () => {
    const [ours, theirs] = [await shopWith(), await shopWith()];
    const { code } = await advocateIn(theirs);
    expect(await friendOf(ours, code)).toMatchObject({ status: 'unknown_code' });
  });
});

const none = { discount: '', value: '', minPurchase: '', expiresAfterDays: 0 };

describe('a friend', () => {
  it('who buys brings both their points, once, and the advocate sees them by name', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    expect(friend).toMatchObject({ status: 'claimed', friend: points(50) });
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(0);
    const orderId = await buy(shop, friend.id);
    await review();
    await buy(shop, friend.id);
    await review();
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, friend.id)]).toEqual([
      50, 50,
    ]);
    expect(await shopper(shop, advocate.id).getReferralStatus({})).toMatchObject({
      completed: 1,
      referrals: [{ friend: 'Ada L.', status: 'completed', points: 50 }],
    });
    const { referrals } = await shop.referrals.listReferrals({ status: 'completed' });
    expect(referrals).toMatchObject([{ orderId, channel: 'sms', score: 0, signals: [] }]);
  });

  it('completes by an account alone where the merchant asks for no more', async () => {
    const shop = await shopWith({ completeOn: 'signup' });
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    await review();
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, friend.id)]).toEqual([
      50, 50,
    ]);
  });

  it('is one advocate’s for ever, however often they follow links', async () => {
    const shop = await shopWith();
    const [first, second] = [await advocateIn(shop), await advocateIn(shop)];
    const friend = await friendOf(shop, first.code);
    const claim = (referralCode: string) =>
      shopper(shop, friend.id).claimReferral({ referralCode });
    expect(await claim(second.code)).toMatchObject({
      status: 'already_claimed',
      referralId: friend.referralId,
    });
    await buy(shop, friend.id);
    await review();
    expect([await balanceOf(shop, first.id), await balanceOf(shop, second.id)]).toEqual([50, 0]);
  });

  it('is not the advocate, and no one who was a customer before', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    expect(
      await shopper(shop, advocate.id).claimReferral({ referralCode: advocate.code }),
    ).toMatchObject({ status: 'own_link' });
    const old = nextId();
    await join(shop, old, { state: 'disabled' });
    await buy(shop, old, '20.00', { orderedAt: at(-400 * hours), updatedAt: at(-400 * hours) });
    expect(await shopper(shop, old).claimReferral({ referralCode: advocate.code })).toMatchObject({
      status: 'existing_customer',
    });
  });

  it('who spends too little completes nothing, until they spend enough', async () => {
    const shop = await shopWith({ minOrder: '50.00' });
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    await buy(shop, friend.id, '49.99');
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(0);
    await buy(shop, friend.id, '50.00');
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(50);
  });

  it('who was named only by their order is rewarded all the same', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = nextId();
    await buy(shop, friend);
    const claim = { referralCode: advocate.code, shopifyCustomerId: friend, channel: 'copy' };
    expect(await shop.referrals.completeReferral(claim)).toMatchObject({ status: 'claimed' });
    expect(await shop.referrals.completeReferral(claim)).toMatchObject({
      status: 'already_claimed',
    });
    await review();
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, friend)]).toEqual([50, 50]);
  });

  it('who bought as a guest completes a sign-up when the account appears', async () => {
    const shop = await shopWith({ completeOn: 'signup' });
    const advocate = await advocateIn(shop);
    const friend = nextId();
    await buy(shop, friend);
    await shop.referrals.completeReferral({
      referralCode: advocate.code,
      shopifyCustomerId: friend,
      channel: 'copy',
    });
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(0);
    await join(shop, friend);
    await review();
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, friend)]).toEqual([50, 50]);
  });

  it('whose order was heard of days later is new all the same, and one who bought before is not', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const [late, old] = [nextId(), nextId()];
    const orderedAt = at(-60 * hours);
    const claim = (shopifyCustomerId: string) =>
      shop.referrals.completeReferral({
        referralCode: advocate.code,
        shopifyCustomerId,
        channel: 'copy',
        orderedAt,
      });
    await buy(shop, late, '80.00', { orderedAt, updatedAt: orderedAt });
    await buy(shop, old, '80.00', { orderedAt: at(-61 * hours), updatedAt: at(-61 * hours) });
    expect(await claim(late)).toMatchObject({ status: 'claimed' });
    expect(await claim(old)).toMatchObject({ status: 'existing_customer' });
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(50);
  });

  it('who comes back too late finds the referral expired', async () => {
    const shop = await shopWith({ expiresAfterDays: 10 });
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const before = now;
    now = new Date(now.getTime() + 11 * 24 * hours);
    try {
      expect(await shop.referrals.expireReferrals({ limit: 100 })).toEqual({
        expired: 1,
        more: false,
      });
      await buy(shop, friend.id);
      await review();
      expect(await balanceOf(shop, advocate.id)).toBe(0);
    } finally {
      now = before;
    }
  });
});

describe('rewards', () => {
  it('rise with the advocate’s friends, also of friends who buy in one moment', async () => {
    const shop = await shopWith({
      advocate: { ...none, ...points(100) },
      tiers: [{ level: 2, points: 200 }],
    });
    const advocate = await advocateIn(shop);
    const friends = [
      await friendOf(shop, advocate.code),
      await friendOf(shop, advocate.code),
      await friendOf(shop, advocate.code),
    ];
    for (const { id } of friends) await buy(shop, id);
    await Promise.all([review(), review()]);
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(500);
  });

  it('are codes where the merchant gives discounts: the friend’s before they buy', async () => {
    const discount = { ...none, kind: 'discount', points: 0, discount: 'percent', value: '10' };
    const shop = await shopWith({ advocate: discount, friend: discount });
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const codesOf = async (id: string) => {
      const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: id });
      return (await shop.points.listRedemptions({ customerId: customer?.customerId ?? '' }))
        .redemptions;
    };
    expect(await codesOf(friend.id)).toMatchObject([{ pointsSpent: 0, status: 'pending' }]);
    expect(await codesOf(advocate.id)).toEqual([]);
    await buy(shop, friend.id);
    await review();
    expect(await codesOf(friend.id)).toHaveLength(1);
    expect(await codesOf(advocate.id)).toHaveLength(1);
  });

  it('stay what was promised, whatever the merchant changes meanwhile', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const { config } = await shop.referrals.getReferralConfig({});
    await shop.referrals.updateReferralConfig({
      config: { ...config, advocate: { ...none, ...points(1) } },
    });
    await buy(shop, friend.id);
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(50);
  });

  it('are taken back when the order is refunded in time, and only once', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const orderId = await buy(shop, friend.id);
    await review();
    await refund(shop, orderId);
    await review();
    await buy(shop, friend.id);
    await review();
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, friend.id)]).toEqual([0, 0]);
    expect((await shop.referrals.listReferrals({ status: 'reversed' })).referrals).toHaveLength(1);
  });

  it('stay when only a part is refunded, or when the window has passed', async () => {
    const shop = await shopWith({ refundWindowDays: 1 });
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const orderId = await buy(shop, friend.id);
    await review();
    await refund(shop, orderId, '30.00');
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(50);
    const before = now;
    now = new Date(now.getTime() + 48 * hours);
    try {
      await refund(shop, orderId, '50.00');
      await review();
      expect(await balanceOf(shop, advocate.id)).toBe(50);
    } finally {
      now = before;
    }
  });
});

describe('abuse', () => {
  const device = { device: 'one-and-the-same', ip: '203.0.113.7' };

  it('is held, with what is shared, and paid when a person says so, once', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop, device);
    const friend = await friendOf(shop, advocate.code, { traces: device });
    await buy(shop, friend.id);
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(0);
    const { referrals, held } = await shop.referrals.listReferrals({ status: 'held' });
    expect(held).toBe(1);
    const referralId = referrals[0]?.referralId ?? '';
    const { referral, shared } = await shop.referrals.getReferral({ referralId });
    expect(referral?.signals.slice(0, 1)).toEqual(['same_device']);
    expect(shared.map(({ kind, role }) => [kind, role])).toEqual(
      expect.arrayContaining([
        ['device', 'advocate'],
        ['network', 'advocate'],
      ]),
    );
    const approve = { referralId, decision: 'approved' };
    await shop.referrals.decideReferral(approve);
    await shop.referrals.decideReferral(approve);
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, friend.id)]).toEqual([
      50, 50,
    ]);
    expect(
      (await failureOf(shop.referrals.decideReferral({ referralId, decision: 'denied' }))).code,
    ).toBe('edit_conflict');
  });

  it('gets no code to buy with before a person has looked', async () => {
    const shop = await shopWith({
      friend: { ...none, kind: 'discount', points: 0, discount: 'percent', value: '10' },
    });
    const advocate = await advocateIn(shop, device);
    const codesOf = async (id: string) => {
      const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: id });
      return (await shop.points.listRedemptions({ customerId: customer?.customerId ?? '' }))
        .redemptions;
    };
    const honest = await friendOf(shop, advocate.code, { traces: { device: 'theirs' } });
    expect([honest.friendCode, (await codesOf(honest.id)).length]).toEqual(['given', 1]);
    const friend = await friendOf(shop, advocate.code, { traces: device });
    expect([friend.friendCode, (await codesOf(friend.id)).length]).toEqual(['waiting', 0]);
    await review();
    const { referralId } = friend;
    expect((await shop.referrals.getReferral({ referralId })).referral?.status).toBe('held');
    await shop.referrals.decideReferral({ referralId, decision: 'approved' });
    expect(await codesOf(friend.id)).toHaveLength(1);
    await buy(shop, friend.id);
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(50);
  });

  it('is also what Shopify thinks of the order, told before the claim or after', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop, { device: 'one', ip: '203.0.113.7' });
    const rate = (orderId: string, risk: string, ratedAt = at()) =>
      shop.referrals.reportOrderRisk({ orderId, risk, ratedAt });
    const early = nextId();
    const orderId = await buy(shop, early);
    expect(await rate(orderId, 'high')).toEqual({ status: 'recorded' });
    expect(await rate(orderId, 'low', at(-hours))).toEqual({ status: 'outdated' });
    expect(await rate('999999', 'high')).toEqual({ status: 'unknown_order' });
    const { referralId } = await shop.referrals.completeReferral({
      referralCode: advocate.code,
      shopifyCustomerId: early,
      channel: 'copy',
    });
    await review();
    expect((await shop.referrals.getReferral({ referralId })).referral).toMatchObject({
      status: 'held',
      orderRisk: 'high',
      signals: ['order_risk_high'],
    });
    // Only doubtful, and known too late: both keep what they were given, and the merchant is told.
    const late = await friendOf(shop, advocate.code);
    const paid = await buy(shop, late.id);
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(50);
    await rate(paid, 'high');
    await review();
    expect(
      (await shop.referrals.getReferral({ referralId: late.referralId })).referral,
    ).toMatchObject({ status: 'completed', score: 60, signals: ['order_risk_high'] });
    // With what spoke against it already, it would never have been paid.
    await shop.referrals.updateReferralConfig({
      config: {
        ...(await shop.referrals.getReferralConfig({})).config,
        holdFrom: 50,
        refuseFrom: 60,
      },
    });
    const plain = await friendOf(shop, advocate.code);
    const order = await buy(shop, plain.id);
    await review();
    expect(await balanceOf(shop, plain.id)).toBe(50);
    await rate(order, 'high');
    await review();
    expect(await balanceOf(shop, plain.id)).toBe(0);
  });

  it('is seen in the homes that orders go to, of people in referrals alone', async () => {
    const shop = await shopWith();
    const home = { line1: '12 Oak Street', line2: '', zip: 'K2P 2L8', country: 'CA' };
    const traces = { phone: '+1 613 555 0101', address: home };
    const advocate = await advocateIn(shop);
    const stranger = nextId();
    await join(shop, stranger);
    const people = [advocate.id, stranger, '424242'].map((shopifyCustomerId) => ({
      shopifyCustomerId,
      traces,
    }));
    expect(await shop.referrals.keepTraces({ people })).toEqual({ kept: 1 });
    const friend = nextId();
    await buy(shop, friend);
    await shop.referrals.completeReferral({
      referralCode: advocate.code,
      shopifyCustomerId: friend,
      channel: 'copy',
      traces: { phone: '6135550101', address: { ...home, line1: '12 Oak St.' } },
    });
    await review();
    expect((await shop.referrals.listReferrals({ status: 'held' })).referrals).toMatchObject([
      { signals: ['same_phone', 'same_address'] },
    ]);
  });

  it('that is plain is refused, and can still be paid by hand', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop, device);
    const friend = await friendOf(shop, advocate.code, {
      traces: device,
      join: { email: emailOf(advocate.id).replace('@', '+2@') },
    });
    await buy(shop, friend.id);
    await review();
    const { referrals } = await shop.referrals.listReferrals({ status: 'refused' });
    expect(referrals).toMatchObject([{ refusal: 'suspicious', score: 100 }]);
    // The advocate learns nothing of it.
    expect((await shopper(shop, advocate.id).getReferralStatus({})).referrals).toMatchObject([
      { status: 'expired', points: 0 },
    ]);
    await shop.referrals.decideReferral({
      referralId: referrals[0]?.referralId ?? '',
      decision: 'approved',
    });
    expect(await balanceOf(shop, advocate.id)).toBe(50);
  });

  it('is never stored as it was told', async () => {
    const shop = await shopWith();
    await advocateIn(shop, device);
    const { rows } = await core.outside.query<{ kind: string; hash: Buffer }>(
      'SELECT kind, trace_hash AS hash FROM referral_traces WHERE merchant_id = $1 ORDER BY kind',
      [shop.merchantId],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['device', 'email', 'mailbox', 'network']);
    for (const { hash } of rows) expect(hash.toString('latin1')).not.toContain('203.0.113');
  });
});

describe('customers who turn out to be one', () => {
  const merge = (shop: Shop, kept: string, removed: string) =>
    shop.admin.mergeCustomers({
      keptShopifyCustomerId: kept,
      removedShopifyCustomerId: removed,
    });

  it('keep the link, the friends and what they brought', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const kept = nextId();
    await join(shop, kept);
    await merge(shop, kept, advocate.id);
    await buy(shop, friend.id);
    await review();
    expect(await balanceOf(shop, kept)).toBe(50);
    expect(await shopper(shop, kept).getReferralStatus({})).toMatchObject({
      referralCode: advocate.code,
      completed: 1,
    });
  });

  it('take a friend’s referral along, and its reversal finds the points', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const orderId = await buy(shop, friend.id);
    await review();
    const kept = nextId();
    await join(shop, kept);
    await merge(shop, kept, friend.id);
    expect(await balanceOf(shop, kept)).toBe(50);
    await refund(shop, orderId);
    await review();
    expect([await balanceOf(shop, advocate.id), await balanceOf(shop, kept)]).toEqual([0, 0]);
  });

  it('are paid nothing for having referred themselves', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    await merge(shop, advocate.id, friend.id);
    await buy(shop, advocate.id);
    await review();
    expect(await balanceOf(shop, advocate.id)).toBe(0);
    expect((await shop.referrals.listReferrals({ status: 'refused' })).referrals).toHaveLength(1);
  });
});

describe('a friend who is erased', () => {
  it('leaves no trace, and brings the advocate nothing any more', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code, { traces: { device: 'theirs' } });
    await buy(shop, friend.id);
    const { customer } = await shop.admin.getCustomer({
      customerId: '',
      shopifyCustomerId: friend.id,
    });
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'admin',
      customerId: customer?.customerId ?? '',
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    await review();
    const { rows } = await core.outside.query(
      'SELECT 1 FROM referral_traces WHERE merchant_id = $1 AND customer_id = $2',
      [shop.merchantId, customer?.customerId],
    );
    expect(rows).toEqual([]);
    expect(await balanceOf(shop, advocate.id)).toBe(0);
  });

  it('does not keep others’ referrals from expiring', async () => {
    const shop = await shopWith();
    const advocate = await advocateIn(shop);
    const friend = await friendOf(shop, advocate.code);
    const { customer } = await shop.admin.getCustomer({
      customerId: '',
      shopifyCustomerId: friend.id,
    });
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'admin',
      customerId: customer?.customerId ?? '',
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    const before = now;
    now = new Date(now.getTime() + 31 * 24 * hours);
    try {
      expect(await shop.referrals.expireReferrals({ limit: 1 })).toEqual({
        expired: 1,
        more: true,
      });
      expect(await shop.referrals.expireReferrals({ limit: 1 })).toEqual({
        expired: 0,
        more: false,
      });
    } finally {
      now = before;
    }
  });
});

it('of an advocate who is erased leads nowhere any more', async () => {
  const shop = await shopWith();
  const advocate = await advocateIn(shop, { device: 'theirs' });
  const friend = await friendOf(shop, advocate.code);
  const { customer } = await shop.admin.getCustomer({
    customerId: '',
    shopifyCustomerId: advocate.id,
  });
  const { request } = await shop.admin.submitGdprRequest({
    requestType: 'redact',
    source: 'admin',
    customerId: customer?.customerId ?? '',
  });
  await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
  await buy(shop, friend.id);
  await review();
  expect(await balanceOf(shop, friend.id)).toBe(50);
  expect(await friendOf(shop, advocate.code)).toMatchObject({ status: 'unknown_code' });
});

describe('the merchant’s settings', () => {
  it.each<[string, Partial<ReferralConfig>]>([
    ['config.refuse_from', { holdFrom: 50, refuseFrom: 50 }],
    ['config.advocate.points', { advocate: { ...none, ...points(0) } }],
    [
      'config.friend.value',
      { friend: { ...none, kind: 'discount', points: 0, discount: 'percent', value: '101' } },
    ],
    ['config.tiers[0].points', { tiers: [{ level: 2, points: 50 }] }],
  ])('are refused where %s makes no sense', async (field, changes) => {
    const shop = await core.installShop();
    const { config } = await shop.referrals.getReferralConfig({});
    const failure = await failureOf(
      shop.referrals.updateReferralConfig({ config: { ...config, ...changes } }),
    );
    expect(failure).toMatchObject({ code: 'invalid_input', field });
  });

  it('are not overwritten by a tab that is out of date, and saving them twice is one save', async () => {
    const shop = await core.installShop();
    const { config } = await shop.referrals.getReferralConfig({});
    const wanted = { ...config, active: true };
    const saved = await shop.referrals.updateReferralConfig({ config: wanted });
    expect(await shop.referrals.updateReferralConfig({ config: wanted })).toEqual(saved);
    expect(
      await failureOf(
        shop.referrals.updateReferralConfig({ config: { ...wanted, monthlyLimit: 3 } }),
      ),
    ).toMatchObject({ code: 'edit_conflict' });
  });
});

it('keeps every balance explained by its entries', async () => {
  const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants()');
  expect(rows).toEqual([]);
});
