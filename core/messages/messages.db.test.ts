import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
let ids = 7_000;
const nextId = () => String(++ids);
const at = () => now.toISOString();
const ses = {
  provider: 'ses',
  credentials: {
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: 'a-secret-of-ses-1234',
    region: 'us-east-1',
    from_address: 'hello@shop.example',
  },
  enabled: true,
};

async function shopWith(provider: object | null = ses): Promise<Shop> {
  const shop = await core.installShop();
  const { program } = await shop.points.getPointsProgram({});
  await shop.points.updatePointsProgram({ program: { ...program, active: true } });
  if (provider !== null) await shop.admin.updateMessagingProvider(provider);
  return shop;
}

async function join(shop: Shop, changes: object = {}, marketing = 'subscribed'): Promise<string> {
  const shopifyCustomerId = nextId();
  const { customerId } = await shop.admin.upsertCustomer({
    customer: {
      shopifyCustomerId,
      email: `ada-${shopifyCustomerId}@example.com`,
      firstName: 'Ada',
      locale: 'fr-FR',
      state: 'enabled',
      ...changes,
    },
    trigger: 'created',
    updatedAt: at(),
    marketing,
  });
  return customerId;
}

/** Events that the outbox holds for the shop, as the relay would have them. */
async function eventsOf(shop: Shop, kind: string): Promise<string[]> {
  const { rows } = await core.outside.query<{ event_id: string }>(
    'SELECT event_id FROM outbox_events WHERE merchant_id = $1 AND kind = $2 ORDER BY created_at',
    [shop.merchantId, kind],
  );
  return rows.map((row) => row.event_id);
}

/** Birthday points, for which there is one message. */
async function birthday(shop: Shop, customerId: string): Promise<string> {
  await shop.points.earnPoints({
    award: { customerId, points: 70, idempotencyKey: randomUUID(), source: 'birthday' },
  });
  const { messageIds } = await shop.admin.queueMessages({
    eventIds: await eventsOf(shop, 'points.changed'),
  });
  return messageIds.at(-1) ?? '';
}

const claim = async (shop: Shop, messageId: string, leaseSeconds = 60) =>
  (await shop.admin.claimMessage({ messageId, leaseSeconds })).message;

async function logged(shop: Shop, messageId: string) {
  const { messages } = await shop.admin.listMessages({});
  return messages.find((message) => message.messageId === messageId);
}

describe('what is written about', () => {
  it('is one message a fact, however often its events are relayed, and in the member’s language', async () => {
    const shop = await shopWith();
    const customerId = await join(shop);
    const messageId = await birthday(shop, customerId);
    const again = await shop.admin.queueMessages({
      eventIds: await eventsOf(shop, 'points.changed'),
    });
    expect(again.messageIds).toEqual([messageId]);
    expect(await claim(shop, messageId)).toMatchObject({
      type: 'birthday_reward',
      channel: 'email',
      language: 'fr',
      email: expect.stringContaining('@example.com') as string,
      variables: {
        first_name: 'Ada',
        shop_name: 'A shop',
        shop_url: `https://${shop.shopDomain}`,
        points: '70',
      },
      providers: [{ provider: 'ses', credentials: ses.credentials }],
    });
  });

  it('is nothing as long as no provider is connected, and nothing that is older than a day', async () => {
    const silent = await shopWith(null);
    const customerId = await join(silent);
    expect(await birthday(silent, customerId)).toBe('');
    const shop = await shopWith();
    await shop.points.earnPoints({
      award: {
        customerId: await join(shop),
        points: 5,
        idempotencyKey: 'old',
        source: 'birthday',
        occurredAt: new Date(now.getTime() - 2 * 86_400_000).toISOString(),
      },
    });
    const { messageIds } = await shop.admin.queueMessages({
      eventIds: await eventsOf(shop, 'points.changed'),
    });
    expect(messageIds).toEqual([]);
  });

  it('leaves no name, address or code in the row that waits', async () => {
    const shop = await shopWith();
    const messageId = await birthday(shop, await join(shop));
    const { rows } = await core.outside.query<{ row: unknown }>(
      'SELECT to_jsonb(e) AS row FROM email_events e WHERE event_id = $1',
      [messageId],
    );
    expect(JSON.stringify(rows)).not.toMatch(/Ada|example\.com/);
  });
});

describe('who may not be written to', () => {
  it.each([
    ['has not agreed to newsletters', 'no_consent', (shop: Shop) => join(shop, {}, '')],
    ['has no address', 'no_address', (shop: Shop) => join(shop, { email: '' })],
  ])('gets nothing: a member who %s', async (_, reason, member) => {
    const shop = await shopWith();
    const messageId = await birthday(shop, await member(shop));
    expect(await claim(shop, messageId)).toBeUndefined();
    expect(await logged(shop, messageId)).toMatchObject({ status: 'withheld', reason });
  });

  it('gets nothing: a member who withdraws between the claim and the provider', async () => {
    const shop = await shopWith();
    const customerId = await join(shop);
    const messageId = await birthday(shop, customerId);
    const message = await claim(shop, messageId);
    const { channel } = await shop.admin.unsubscribe({ token: message?.unsubscribeToken ?? '' });
    expect(channel).toBe('email');
    const { proceed } = await shop.admin.beginSending({
      messageId,
      leaseId: message?.leaseId ?? '',
      provider: 'ses',
      channel: 'email',
    });
    expect(proceed).toBe(false);
    expect(await logged(shop, messageId)).toMatchObject({
      status: 'withheld',
      reason: 'unsubscribed',
    });
    const next = await birthday(shop, customerId);
    expect(await claim(shop, next)).toBeUndefined();
  });

  it('gets nothing: a member who was erased while the message waited', async () => {
    const shop = await shopWith();
    const customerId = await join(shop);
    const messageId = await birthday(shop, customerId);
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'admin',
      customerId,
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    expect((await failureOf(claim(shop, messageId))).code).toBe('not_found');
  });

  it('opens no link of another shop, and none that was changed', async () => {
    const [shop, other] = [await shopWith(), await shopWith()];
    const message = await claim(shop, await birthday(shop, await join(shop)));
    const token = message?.unsubscribeToken ?? '';
    expect((await failureOf(other.admin.unsubscribe({ token }))).code).toBe('not_found');
    const changed = `${token.slice(0, -2)}AA`;
    expect((await failureOf(shop.admin.unsubscribe({ token: changed }))).code).toBe('not_found');
    expect(await shop.admin.readUnsubscribe({ token })).toMatchObject({ shopName: 'A shop' });
  });
});

describe('a lease', () => {
  const due = async (shop: Shop) =>
    (await core.clients().admin.claimDueMessages({ limit: 1_000 })).messages.filter(
      ({ merchantId }) => merchantId === shop.merchantId,
    );

  it('gives a message to one of two workers', async () => {
    const shop = await shopWith();
    const messageId = await birthday(shop, await join(shop));
    const both = await Promise.all([claim(shop, messageId), claim(shop, messageId)]);
    expect(both.filter((message) => message !== undefined)).toHaveLength(1);
  });

  it('is another’s after its end when the worker died before it asked', async () => {
    const shop = await shopWith();
    const messageId = await birthday(shop, await join(shop));
    const dead = await claim(shop, messageId);
    expect(await due(shop)).toEqual([]);
    now = new Date(now.getTime() + 61_000);
    expect(await due(shop)).toMatchObject([{ messageId, shopDomain: shop.shopDomain }]);
    expect(await claim(shop, messageId)).toBeDefined();
    const late = await shop.admin.settleMessage({
      messageId,
      leaseId: dead?.leaseId ?? '',
      status: 'sent',
    });
    expect(late.settled).toBe(false);
  });

  it.each([
    ['ses', ses, 'unconfirmed', 0],
    [
      'klaviyo',
      { provider: 'klaviyo', credentials: { api_key: 'pk_12345678' }, enabled: true },
      'queued',
      1,
    ],
  ])(
    'of a worker that died after asking %s leaves a message %s',
    async (name, provider, status, found) => {
      const shop = await shopWith(provider);
      const messageId = await birthday(shop, await join(shop));
      const message = await claim(shop, messageId);
      await shop.admin.beginSending({
        messageId,
        leaseId: message?.leaseId ?? '',
        provider: name,
        channel: 'email',
      });
      now = new Date(now.getTime() + 61_000);
      expect(await due(shop)).toHaveLength(found);
      expect(await logged(shop, messageId)).toMatchObject({ status });
    },
  );

  it('gives a parked message again when its time has come', async () => {
    const shop = await shopWith();
    const messageId = await birthday(shop, await join(shop));
    const message = await claim(shop, messageId);
    await shop.admin.settleMessage({
      messageId,
      leaseId: message?.leaseId ?? '',
      status: 'parked',
      reason: 'provider_away',
      retryAt: new Date(now.getTime() + 3_600_000).toISOString(),
    });
    now = new Date(now.getTime() + 3_599_000);
    expect(await due(shop)).toEqual([]);
    now = new Date(now.getTime() + 2_000);
    expect(await due(shop)).toMatchObject([{ messageId }]);
  });
});

describe('settings', () => {
  it('show of a secret its last four characters, and keep it where none is given', async () => {
    const shop = await shopWith();
    const { settings } = await shop.admin.getMessagingSettings({});
    expect(settings?.providers.find(({ provider }) => provider === 'ses')).toMatchObject({
      connected: true,
      enabled: true,
      hint: '1234',
      settings: { region: 'us-east-1' },
    });
    expect(JSON.stringify(settings)).not.toContain('a-secret');
    await shop.admin.updateMessagingProvider({
      provider: 'ses',
      credentials: { region: 'eu-west-1' },
      enabled: true,
    });
    const { access } = await shop.admin.getMessagingCredentials({ provider: 'ses' });
    expect(access?.credentials).toEqual({ ...ses.credentials, region: 'eu-west-1' });
  });

  it('refuse an address for replies that no one else may send for', async () => {
    const shop = await shopWith();
    const { settings } = await shop.admin.getMessagingSettings({});
    const failure = await failureOf(
      shop.admin.updateMessagingSettings({ settings: { ...settings, replyTo: 'me@yahoo.com' } }),
    );
    expect(failure).toMatchObject({ code: 'invalid_input', field: 'settings.reply_to' });
  });

  it('withhold what waits for a provider that was switched off', async () => {
    const shop = await shopWith();
    const messageId = await birthday(shop, await join(shop));
    await shop.admin.updateMessagingProvider({ provider: 'ses', enabled: false });
    expect(await claim(shop, messageId)).toBeUndefined();
    expect(await logged(shop, messageId)).toMatchObject({ reason: 'no_provider' });
  });
});

describe('reports of providers', () => {
  it('end messages to an address that bounced, and say so in the log', async () => {
    const shop = await shopWith();
    const customerId = await join(shop);
    const messageId = await birthday(shop, customerId);
    const message = await claim(shop, messageId);
    const lease = { messageId, leaseId: message?.leaseId ?? '' };
    await shop.admin.beginSending({ ...lease, provider: 'ses', channel: 'email' });
    await shop.admin.settleMessage({ ...lease, status: 'sent', providerMessageId: 'ses-1' });
    const { recorded } = await shop.admin.recordProviderReport({
      provider: 'ses',
      outcome: 'bounced',
      providerMessageId: 'ses-1',
    });
    expect(recorded).toBe(true);
    expect(await logged(shop, messageId)).toMatchObject({ status: 'failed', reason: 'bounced' });
    expect(await claim(shop, await birthday(shop, customerId))).toBeUndefined();
  });
});
