import { randomUUID } from 'node:crypto';
import type { Callers, TestCore } from './core.ts';

/** The ids of one tenant's things, by the name of the field that takes them. */
export type Belongings = Readonly<Record<string, string>>;

export interface FixtureShop {
  readonly merchantId: string;
  readonly shopDomain: string;
  readonly belongings: Belongings;
  /** Stands in whatever is this shop's own to read; an answer to anybody else must not hold it. */
  readonly marker: string;
}

/**
 * A shop with one of everything, `tenant-<name>.myshopify.com`. All of them know the same Shopify ids: those are no
 * secret and no key. A new kind of thing with an id gets one here, and the tests of tenancy try it everywhere.
 */
export async function createFixtureShop(
  test: Pick<Callers, 'clients' | 'installShop'>,
  name: string,
): Promise<FixtureShop> {
  const marker = `marker-${name}`;
  const shop = await test.installShop(`tenant-${name}.myshopify.com`);
  const customer = {
    shopifyCustomerId: '5001',
    email: `${marker}@example.com`,
    firstName: marker,
    lastName: 'Test',
  };
  const { customerId } = await shop.admin.upsertCustomer({ customer, trigger: 'created' });
  await shop.admin.upsertCustomer({
    customer: { ...customer, shopifyCustomerId: '5002' },
    trigger: 'created',
  });
  await shop.points.earnPoints({ award: { customerId, points: 500, idempotencyKey: 'fixture' } });
  const { entry } = await shop.points.adjustPoints({
    customerId,
    points: 5,
    reason: marker,
    idempotencyKey: 'fixture',
  });
  const { hold } = await shop.points.holdPoints({
    customerId,
    points: 10,
    idempotencyKey: 'fixture',
    purpose: 'test',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const { program } = await shop.points.getPointsProgram({});
  const birthdays = { action: 'birthday', enabled: true, points: 100, daysBefore: 30 };
  await shop.points.updatePointsProgram({
    program: { ...program, earning: { ...program?.earning, actions: [birthdays] } },
  });
  const { deliveryId } = await test.clients().admin.storeDelivery({
    shopDomain: shop.shopDomain,
    topic: 'orders/paid',
    webhookId: `fixture-${marker}`,
    payload: Buffer.from('{}'),
  });
  const { request } = await shop.admin.submitGdprRequest({
    requestType: 'data_request',
    source: 'admin',
    customerId,
  });
  const { sync } = await shop.admin.startSync({});
  const { campaign } = await shop.points.createCampaign({
    campaign: {
      name: marker,
      type: 'double_points',
      published: true,
      multiplier: '2',
      startLocal: '2099-01-01T00:00',
    },
    idempotencyKey: 'fixture',
  });
  // One that is on, and whose code no member has taken.
  const { campaign: offer } = await shop.points.createCampaign({
    campaign: {
      name: marker,
      type: 'discount',
      published: true,
      discount: { kind: 'percent_off', value: '5' },
    },
    idempotencyKey: 'fixture/offer',
  });
  const { tierSet } = await shop.points.configureVipTiers({
    tierSet: {
      basis: 'points',
      period: 'lifetime',
      graceDays: 30,
      tiers: [{ names: { en: marker }, pointsThreshold: 100 }],
    },
    publish: true,
  });
  const tierId = tierSet?.tiers[0]?.tierId ?? '';
  await shop.points.earnPoints({
    award: {
      customerId,
      points: 1,
      idempotencyKey: 'fixture/expiring',
      expiresAt: '2031-03-01T00:00:00Z',
    },
  });
  const { extension } = await shop.points.extendExpiry({
    month: '2031-03',
    days: 1,
    idempotencyKey: 'fixture',
  });
  const { reward } = await shop.points.upsertReward({
    reward: { kind: 'amount_off', title: { en: marker }, pointsCost: 1, value: '1.00' },
  });
  const { redemption } = await shop.points.startRedemption({
    rewardId: reward?.rewardId ?? '',
    customerId,
    idempotencyKey: 'fixture',
  });
  await shop.points.completeRedemption({
    redemptionId: redemption?.redemptionId ?? '',
    shopifyId: marker,
  });
  const { config } = await shop.referrals.getReferralConfig({});
  await shop.referrals.updateReferralConfig({ config: { ...config, active: true } });
  const { referralCode } = await shop.referrals.createReferral({
    advocateCustomerId: customerId,
    traces: { device: marker },
  });
  await shop.admin.upsertCustomer({
    customer: { ...customer, shopifyCustomerId: '5003', state: 'enabled' },
    trigger: 'created',
  });
  // Of the advocate's own address: it waits, and nothing is paid for it.
  const { referralId } = await shop.referrals.completeReferral({
    referralCode,
    shopifyCustomerId: '5003',
    channel: 'copy',
    traces: { device: marker },
  });
  await test.clients().admin.reviewMembers({ limit: 1_000 });
  const messageId = await queueMessage(test, shop, { ...customer, shopifyCustomerId: '5004' });
  const endpointId = randomUUID();
  await shop.admin.createEventEndpoint({
    creationKey: endpointId,
    url: `https://${marker}.example/hooks`,
    events: ['points.earned'],
  });
  const { eventDeliveryId } = await shop.admin.sendTestEvent({ endpointId, type: 'points.earned' });
  // What the first look notes is noted: looking again moves nothing.
  await shop.admin.recordWidgetSeen({});
  await shop.admin.getSetupProgress({});
  await shop.admin.getTips({});
  return {
    merchantId: shop.merchantId,
    shopDomain: shop.shopDomain,
    marker,
    belongings: {
      customer_id: customerId,
      transaction_id: entry?.transactionId ?? '',
      hold_id: hold?.holdId ?? '',
      delivery_id: deliveryId,
      request_id: request?.requestId ?? '',
      sync_id: sync?.syncId ?? '',
      campaign_id: campaign?.campaignId ?? '',
      offer_id: offer?.campaignId ?? '',
      extension_id: extension?.extensionId ?? '',
      tier_id: tierId,
      vip_tier_id: tierId,
      reward_id: reward?.rewardId ?? '',
      entry_reward_id: reward?.rewardId ?? '',
      redemption_id: redemption?.redemptionId ?? '',
      advocate_customer_id: customerId,
      referral_id: referralId,
      friend_customer_id: customerId,
      link_code: referralCode,
      message_id: messageId,
      endpoint_id: endpointId,
      event_delivery_id: eventDeliveryId,
    },
  };
}

/** Everything that the tables hold of a tenant, as one text; what merely looks (log lines of reads) there is none. */
export async function everythingOf(test: TestCore, merchantId: string): Promise<string> {
  const tables = await test.outside.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id'
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const parts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await test.outside.query<{ all: string | null }>(
      `SELECT string_agg(t::text, E'\\n' ORDER BY t::text) AS all FROM ${name} t WHERE t.merchant_id = $1`,
      [merchantId],
    );
    parts.push(`${name}: ${rows[0]?.all ?? ''}`);
  }
  return parts.join('\n\n');
}

/** A message that waits to be sent, by a provider whose secret is the shop's own. */
async function queueMessage(
  test: Pick<Callers, 'clients'>,
  shop: Awaited<ReturnType<Callers['installShop']>>,
  customer: { readonly shopifyCustomerId: string; readonly firstName: string },
): Promise<string> {
  await shop.admin.updateMessagingProvider({
    provider: 'klaviyo',
    credentials: { api_key: `pk_${customer.firstName}_key` },
    enabled: true,
  });
  const { customerId } = await shop.admin.upsertCustomer({
    customer,
    trigger: 'created',
    marketing: 'subscribed',
  });
  await shop.points.earnPoints({
    award: { customerId, points: 1, idempotencyKey: 'fixture/message', source: 'birthday' },
  });
  const { events } = await test
    .clients()
    .admin.claimOutboxEvents({ limit: 1_000, leaseSeconds: 1 });
  const { messageIds } = await shop.admin.queueMessages({
    eventIds: events
      .filter(({ merchantId, kind }) => merchantId === shop.merchantId && kind === 'points.changed')
      .map(({ eventId }) => eventId),
  });
  return messageIds[0] ?? '';
}
