import { randomUUID } from 'node:crypto';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProviderName } from '#e2e/messages/desk.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { relayOutbox } from '../../jobs/outbox-relay.ts';
import type { JobServices } from '../../jobs/services.ts';
import { createJobRunner } from '../../testing/run-jobs.ts';
import { startTestShopify, type ShopifyUnderTest } from '../../testing/shopify.ts';
import { shop, startTestWeb } from '../../testing/web.ts';
import { queueMessages } from './message-events.ts';
import { sweepMessages } from './sweep-messages.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let services: JobServices;
let admin: CoreClients['admin'];
let merchantId: string;
let jobs: ReturnType<typeof createJobRunner>;
const told: AnalyticsEvent[] = [];
const usualAgent = https.globalAgent;
/** A Wednesday in summer; each test has one of its own. */
let noon = Date.parse('2026-05-27T16:00:00Z');
/** What time core and worker take it to be. */
let now = noon;
const setNow = (time: number) => {
  now = time;
  if (vi.isFakeTimers()) vi.setSystemTime(now);
};
const at = (time: string) =>
  setNow(Date.parse(`${new Date(noon).toISOString().slice(0, 11)}${time}:00Z`));
/** Circuits go by the process's own clock. Only what it shows is changed: timers run. */
const turnClocks = () => vi.useFakeTimers({ toFake: ['Date'], now });

const credentials = {
  ses: {
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: 'a-secret-of-ses',
    region: 'us-east-1',
    from_address: 'hello@shop.example',
  },
  klaviyo: { api_key: 'pk_0123456789' },
  twilio: {
    account_sid: `AC${'a'.repeat(32)}`,
    auth_token: 'a-token-of-twilio',
    from: '+14155550100',
  },
  postscript: { api_key: 'sk_0123456789' },
} satisfies Record<ProviderName, Record<string, string>>;

beforeAll(async () => {
  web = await startTestWeb({ clock: () => new Date(now) });
  shopify = await startTestShopify({ appUrl: 'http://127.0.0.1:9', seed: 'none' });
  const { emulator } = shopify;
  // As NODE_USE_ENV_PROXY and NODE_EXTRA_CA_CERTS do for a process that is started with them.
  https.globalAgent = new https.Agent({
    ca: readFileSync(emulator.certificatePath),
    proxyEnv: { NODE_ENV: 'test', ...emulator.environment },
  });
  jobs = createJobRunner();
  const usual = await shopify.services();
  services = {
    ...usual,
    now: () => now,
    queues: { ...usual.queues, enqueueAll: (list) => jobs.enqueueAll(list) },
    messaging: {
      ...usual.messaging,
      appUrl: 'https://app.example.test',
      analytics: () => ({ capture: (event) => void told.push(event) }),
    },
  };
  ({ merchantId } = await web.core.installShop(shop));
  ({ admin } = services.core(merchantId));
}, 60_000);
afterAll(async () => {
  https.globalAgent = usualAgent;
  await shopify.stop();
  await web.stop();
});

beforeEach(async () => {
  noon += 7 * 86_400_000;
  setNow(noon);
  shopify.emulator.postOffice.reset();
  jobs.failed.length = 0;
  told.length = 0;
  for (const provider of Object.keys(credentials))
    await admin.updateMessagingProvider({ provider, disconnect: true });
  await web.core.outside.query(`UPDATE email_events SET status = 'withheld'`);
});
afterEach(() => vi.useRealTimers());

const connect = (...names: ProviderName[]) =>
  Promise.all(
    names.map((provider) =>
      admin.updateMessagingProvider({
        provider,
        credentials: credentials[provider],
        enabled: true,
      }),
    ),
  );

/** A member who has agreed, and is due birthday points. */
async function celebrate(changes: Record<string, unknown> = {}): Promise<string> {
  const { customer } = await shopify.emulator.control('customer', {
    email: `${randomUUID()}@shopper.example`,
    first_name: 'Ada',
    ...changes,
  });
  const { id, email } = customer as { id: number; email: string };
  const { customerId } = await admin.upsertCustomer({
    customer: { shopifyCustomerId: String(id), firstName: 'Ada', email },
    trigger: 'updated',
    marketing: 'subscribed',
  });
  await services.core(merchantId).points.earnPoints({
    award: { customerId, points: 70, idempotencyKey: randomUUID(), source: 'birthday' },
  });
  return customerId;
}

/** What the worker does in a moment: relays events, sweeps, and works off the queue. */
async function work(): Promise<void> {
  while (
    await relayOutbox(
      {
        platform: services.platform,
        queues: services.queues,
        analytics: { capture: () => undefined },
        now: services.now(),
        messagesFor: (events) => queueMessages(events, services),
      },
      { jobs: [], analytics: [], views: () => [] },
    )
  );
  await jobs.runAll(services);
  await sweepMessages(services);
  await jobs.runAll(services);
}

const later = (minutes: number) => setNow(now + minutes * 60_000);
const inbox = () => shopify.emulator.postOffice.messages;
const asked = () => shopify.emulator.postOffice.asked.length;
const fail: typeof shopify.emulator.postOffice.fail = (...args) =>
  shopify.emulator.postOffice.fail(...args);

async function logged(customerId: string) {
  const { messages } = await admin.listMessages({ customerId });
  return messages.map(({ status, reason, provider, channel, attempts }) => ({
    status,
    reason,
    provider,
    channel,
    attempts,
  }));
}

describe('a message', () => {
  test('arrives by SES with a way to unsubscribe in one click', async () => {
    await connect('ses');
    const customerId = await celebrate();
    await work();
    expect(inbox()).toHaveLength(1);
    const [mail] = inbox();
    expect(mail).toMatchObject({ provider: 'ses', from: '"A shop" <hello@shop.example>' });
    expect(mail?.text).toContain('https://app.example.test/unsubscribe/');
    expect(mail?.headers).toMatchObject({
      'List-Unsubscribe': expect.stringMatching(
        /^<https:\/\/app\.example\.test\/unsubscribe\/[\w-]+>$/,
      ) as string,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(await logged(customerId)).toMatchObject([
      { status: 'sent', provider: 'ses', attempts: 1 },
    ]);
    expect(told.map(({ name }) => name)).toEqual(['notification_sent']);
    expect(JSON.stringify(told)).not.toMatch(/Ada|shopper\.example/);
  });

  test('arrives as an event of the member’s profile at Klaviyo', async () => {
    await connect('klaviyo', 'ses');
    await celebrate();
    await work();
    expect(inbox()).toMatchObject([
      { provider: 'klaviyo', from: expect.stringContaining('LoyalNest birthday reward') as string },
    ]);
  });

  test('is sent once, however often its event is relayed and by however many workers', async () => {
    await connect('ses');
    await celebrate();
    await work();
    await Promise.all([sweepMessages(services), sweepMessages(services)]);
    await Promise.all([jobs.runAll(services), jobs.runAll(services)]);
    later(180);
    await work();
    expect(inbox()).toHaveLength(1);
  });
});

describe('a text message', () => {
  const number = '+16465550123';
  beforeEach(async () => {
    await admin.updateMessagingSettings({
      settings: { ...(await settings()), channels: { birthday_reward: 'sms' }, smsProvider: '' },
    });
  });
  afterEach(async () => {
    await admin.updateMessagingSettings({ settings: { ...(await settings()), channels: {} } });
  });

  test.each(['twilio', 'postscript'] as const)('goes by %s to who agreed to it', async (name) => {
    await connect(name);
    const customerId = await celebrate({ phone: number, accepts_sms: true });
    at('20:00');
    await work();
    expect(inbox()).toMatchObject([{ provider: name, channel: 'sms', to: number }]);
    expect(await logged(customerId)).toMatchObject([{ status: 'sent', provider: name }]);
  });

  test('goes to no one who did not agree, nor without a number', async () => {
    await connect('twilio');
    const silent = await celebrate({ phone: number });
    const unknown = await celebrate();
    await work();
    expect(inbox()).toEqual([]);
    expect(await logged(silent)).toMatchObject([{ status: 'withheld', reason: 'no_consent' }]);
    expect(await logged(unknown)).toMatchObject([{ status: 'withheld', reason: 'no_address' }]);
  });

  test('waits for the morning of the recipient', async () => {
    await connect('twilio');
    at('03:00');
    const customerId = await celebrate({ phone: '+33612345678', accepts_sms: true });
    await work();
    expect(await logged(customerId)).toMatchObject([{ status: 'waiting', reason: 'quiet_hours' }]);
    at('06:01');
    await work();
    expect(inbox()).toHaveLength(1);
  });

  test('to a number that said STOP ends all further ones', async () => {
    await connect('twilio');
    at('20:00');
    const customerId = await celebrate({ phone: '+15005550010', accepts_sms: true });
    await work();
    expect(await logged(customerId)).toMatchObject([{ status: 'failed', reason: 'opted_out' }]);
    await services.core(merchantId).points.earnPoints({
      award: { customerId, points: 70, idempotencyKey: randomUUID(), source: 'birthday' },
    });
    await work();
    expect(await logged(customerId)).toMatchObject([
      { status: 'withheld', reason: 'unsubscribed' },
      { status: 'failed' },
    ]);
  });
});

describe('a provider that is away for an hour', () => {
  beforeEach(() => void turnClocks());

  test.each(['ses', 'klaviyo'] as const)(
    'delays every message of %s, and doubles none',
    async (name) => {
      await connect(name);
      await admin.updateMessagingSettings({ settings: { ...(await settings()), fallback: false } });
      fail(name, { kind: 'status', status: 503 });
      const members = await Promise.all(Array.from({ length: 6 }, () => celebrate()));
      for (let minute = 0; minute < 60; minute += 5) {
        await work();
        later(5);
      }
      expect(inbox()).toEqual([]);
      const [first = ''] = members;
      expect(await logged(first)).toMatchObject([{ status: 'parked', reason: 'provider_away' }]);
      expect(jobs.failed.length).toBeGreaterThanOrEqual(members.length);
      fail(name, undefined);
      for (let minute = 0; minute < 90; minute += 15) {
        await work();
        later(15);
      }
      expect(inbox()).toHaveLength(members.length);
      expect(new Set(inbox().map(({ to }) => to)).size).toBe(members.length);
    },
  );

  test('has referral and other mails carried by SES at the last try, if the member agreed to mail', async () => {
    await connect('klaviyo', 'ses');
    await admin.updateMessagingSettings({ settings: { ...(await settings()), fallback: true } });
    fail('klaviyo', { kind: 'status', status: 500 });
    const customerId = await celebrate();
    await work();
    expect(inbox()).toMatchObject([{ provider: 'ses' }]);
    expect(await logged(customerId)).toMatchObject([{ status: 'sent', provider: 'ses' }]);
    expect(told).toMatchObject([{ properties: { fallback: true } }]);
  });
});

describe('a provider that answers', () => {
  beforeEach(() => void turnClocks());

  test.each([
    ['429', { kind: 'status', status: 429, retryAfter: 7_200 }, 'parked', 'provider_away'],
    ['500', { kind: 'status', status: 500 }, 'parked', 'provider_away'],
    ['401', { kind: 'status', status: 401 }, 'parked', 'bad_credentials'],
    ['garbage', { kind: 'garbage' }, 'unconfirmed', 'unreadable_answer'],
    ['nothing', { kind: 'silent' }, 'unconfirmed', 'answer_lost'],
    [
      'nothing after it took the message',
      { kind: 'taken_then_silent' },
      'unconfirmed',
      'answer_lost',
    ],
  ] as const)('%s: SES, which recognizes no repetition', async (_, failure, status, reason) => {
    await connect('ses');
    fail('ses', failure);
    const customerId = await celebrate();
    await work();
    expect(await logged(customerId)).toMatchObject([{ status, reason }]);
    const before = asked();
    if (status !== 'unconfirmed') return;
    fail('ses', undefined);
    later(180);
    await work();
    expect(asked()).toBe(before);
  });

  test('nothing after it took the message: Klaviyo is asked again and keeps one', async () => {
    await connect('klaviyo');
    fail('klaviyo', { kind: 'taken_then_silent' });
    const customerId = await celebrate();
    await work();
    fail('klaviyo', undefined);
    later(61);
    await work();
    expect(inbox()).toHaveLength(1);
    expect(await logged(customerId)).toMatchObject([{ status: 'sent' }]);
  });
});

const settings = async () => (await admin.getMessagingSettings({})).settings;
