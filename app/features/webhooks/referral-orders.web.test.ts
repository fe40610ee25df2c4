import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker } from '../../worker/start-worker.ts';
import type { RunningWorker } from '../../worker/start-worker.ts';
import { createJobServices } from '../../worker/services.server.ts';
import { deliver, shop, startTestWeb } from '../../testing/web.ts';

/** Orders of friends, from Shopify's webhooks through web, queue, worker and core to both balances. */

type Web = Awaited<ReturnType<typeof startTestWeb>>;
let web: Web;
let worker: RunningWorker;
let tenant: Awaited<ReturnType<Web['core']['installShop']>>;
let ids = 7_300_000;
const nextId = (): number => ++ids;

beforeAll(async () => {
  web = await startTestWeb();
  tenant = await web.core.installShop(shop);
  await web.core.outside.query(`UPDATE merchants SET created_at = created_at - interval '1 hour'`);
  const { program } = await tenant.points.getPointsProgram({});
  await tenant.points.updatePointsProgram({
    program: {
      ...program,
      active: true,
      purchase: { ...program?.purchase, enabled: false },
      signup: { ...program?.signup, enabled: false },
    },
  });
  const { config } = await tenant.referrals.getReferralConfig({});
  await tenant.referrals.updateReferralConfig({
    config: { ...config, active: true, completeOn: 'first_order' },
  });
  worker = await startWorker(createJobServices());
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await web.stop();
});

type Body = Readonly<Record<string, unknown>>;
const secondsAgo = (seconds: number): string =>
  new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
const home = {
  address1: '12 Oak Street',
  address2: null,
  zip: 'K2P 2L8',
  country_code: 'CA',
  phone: '+1 613 555 0177',
};

function orderOf(customer: number, changes: Body = {}) {
  const id = nextId();
  const at = secondsAgo(60);
  return {
    id,
    name: `#${id}`,
    source_name: 'web',
    test: false,
    currency: 'USD',
    presentment_currency: 'USD',
    financial_status: 'paid',
    subtotal_price: '80.00',
    current_subtotal_price: '80.00',
    total_price: '80.00',
    created_at: at,
    processed_at: at,
    updated_at: at,
    cancelled_at: null,
    customer: { id: customer, email: `${customer}@shopper.example`, first_name: 'Sam' },
    line_items: [],
    refunds: [],
    ...changes,
  };
}
const byLink = (code: string, channel = 'sms') => ({
  note_attributes: [
    { name: 'gift wrap', value: 'yes' },
    { name: '_loyalnest_ref', value: code },
    { name: '_loyalnest_ref_channel', value: channel },
  ],
});

/** Delivers, and waits until the worker has processed it. @returns its outcome, and the points that it moved */
async function send(topic: string, body: Body): Promise<string> {
  const webhookId = `referral-${nextId()}`;
  const answer = await deliver(web.url, {
    topic,
    body: JSON.stringify(body),
    headers: { 'x-shopify-webhook-id': webhookId },
  });
  expect(answer.status).toBe(200);
  const { rows } = await web.core.outside.query<{ delivery_id: string }>(
    'SELECT delivery_id FROM webhook_inbox WHERE webhook_id = $1',
    [webhookId],
  );
  let ended = '';
  await expect
    .poll(
      async () => {
        const found = await web.core.outside.query<{ status: string; reason: string | null }>(
          'SELECT status, reason FROM webhook_inbox WHERE delivery_id = $1',
          [rows[0]?.delivery_id],
        );
        ended = [found.rows[0]?.status, found.rows[0]?.reason ?? ''].join(' ').trim();
        return ended;
      },
      { timeout: 15_000 },
    )
    .toMatch(/processed|ignored|refused|failed/);
  return ended;
}

async function advocate(): Promise<{ id: number; code: string }> {
  const id = nextId();
  const { customerId } = await tenant.admin.upsertCustomer({
    customer: { shopifyCustomerId: String(id), email: `${id}@shopper.example`, state: 'enabled' },
    trigger: 'created',
    updatedAt: new Date().toISOString(),
  });
  const { referralCode } = await tenant.referrals.createReferral({
    advocateCustomerId: customerId,
  });
  return { id, code: referralCode };
}
const balanceOf = async (id: number) =>
  (await tenant.admin.getCustomer({ shopifyCustomerId: String(id) })).customer?.balance?.balance;
const becomes = (id: number, points: number) =>
  expect.poll(() => balanceOf(id), { timeout: 15_000 }).toBe(points);
const referralsOf = async (status: string) =>
  (await tenant.referrals.listReferrals({ status })).referrals;

test('a friend’s order rewards both, however often and under whatever topic it is told, and its refund takes both back', async () => {
  const { id, code } = await advocate();
  const friend = nextId();
  const order = orderOf(friend, byLink(code));
  await send('orders/create', { ...order, financial_status: 'pending' });
  expect(await send('orders/paid', order)).toMatch(/^(processed|ignored)/);
  await Promise.all([send('orders/paid', order), send('orders/updated', order)]);
  await becomes(id, 50);
  await becomes(friend, 50);
  expect(await referralsOf('completed')).toMatchObject([
    { channel: 'sms', orderId: String(order.id) },
  ]);
  await send('orders/cancelled', {
    ...order,
    updated_at: secondsAgo(10),
    cancelled_at: secondsAgo(10),
  });
  await becomes(id, 0);
  await becomes(friend, 0);
});

test('a code that no one has, or that is none, keeps no order from counting', async () => {
  for (const code of ['NOBODYS1', "'; drop table", '<b>', 'x'.repeat(500)]) {
    const friend = nextId();
    expect(await send('orders/paid', orderOf(friend, byLink(code)))).toMatch(
      /^(processed|ignored)/,
    );
    expect(await balanceOf(friend)).toBe(0);
  }
});

test('an advocate who orders to the friend’s home is seen, and nothing of strangers is kept', async () => {
  const { id, code } = await advocate();
  const [friend, stranger] = [nextId(), nextId()];
  await send('orders/paid', orderOf(stranger, { shipping_address: home }));
  await send('orders/paid', orderOf(id, { shipping_address: { ...home, address1: '12 Oak St' } }));
  await send('orders/paid', orderOf(friend, { ...byLink(code), shipping_address: home }));
  await expect
    .poll(async () => (await referralsOf('held')).map(({ signals }) => signals), {
      timeout: 15_000,
    })
    .toEqual([['same_phone', 'same_address']]);
  const { rows } = await web.core.outside.query<{ id: string; kinds: number }>(
    `SELECT c.shopify_customer_id AS id, count(t.kind)::int AS kinds FROM customers c
     LEFT JOIN referral_traces t USING (merchant_id, customer_id)
     WHERE c.shopify_customer_id = ANY ($1) AND t.kind IN ('phone', 'address') GROUP BY 1`,
    [[String(id), String(friend), String(stranger)]],
  );
  expect(rows.map((row) => row.id).sort()).toEqual([String(id), String(friend)].sort());
});

const rated = (orderId: number, changes: Body = {}) => ({
  order_id: String(orderId),
  admin_graphql_api_order_id: `gid://shopify/Order/${orderId}`,
  provider_id: null,
  provider_title: null,
  risk_level: 'high',
  created_at: secondsAgo(5),
  ...changes,
});

test('Shopify’s own rating of an order is taken before the friend’s claim and after it', async () => {
  const { id, code } = await advocate();
  const friend = nextId();
  const order = orderOf(friend);
  await send('orders/create', order);
  // Another app's opinion, and one that is not ready, are none of Shopify's.
  expect(await send('orders/risk_assessment_changed', rated(order.id, { provider_id: 5 }))).toBe(
    'ignored not_used',
  );
  expect(
    await send('orders/risk_assessment_changed', rated(order.id, { risk_level: 'pending' })),
  ).toBe('ignored not_used');
  expect(await send('orders/risk_assessment_changed', rated(order.id))).toMatch(/^processed/);
  await send('orders/updated', { ...order, ...byLink(code), updated_at: secondsAgo(3) });
  await expect
    .poll(async () => (await referralsOf('held')).map((one) => one.signals), { timeout: 15_000 })
    .toContainEqual(['order_risk_high']);
  expect(await balanceOf(id)).toBe(0);

  const late = nextId();
  const paid = orderOf(late, byLink(code));
  await send('orders/paid', paid);
  await becomes(id, 50);
  await send('orders/risk_assessment_changed', rated(paid.id));
  await expect
    .poll(
      async () =>
        (await referralsOf('completed')).find(({ orderId }) => orderId === String(paid.id)),
      { timeout: 15_000 },
    )
    .toMatchObject({ signals: ['order_risk_high'], score: 60 });
});

test('a rating of an order that was never heard of has the order read', async () => {
  expect(await send('orders/risk_assessment_changed', rated(nextId()))).toBe(
    'processed order_fetch_enqueued',
  );
});
