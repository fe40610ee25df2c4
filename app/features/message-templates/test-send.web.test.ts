import https from 'node:https';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { coreClients } from '../../core-client/clients.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { defaultContent } from '../../messaging/render/words-of.ts';
import { startTestShopify, type ShopifyUnderTest } from '../../testing/shopify.ts';
import { shop, startTestWeb } from '../../testing/web.ts';
import type { sendTest as SendTest } from './test-send.server.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let merchant: MerchantRequest;
/** Loaded when the environment is there. */
let sendTest: typeof SendTest;
const usualAgent = https.globalAgent;

beforeAll(async () => {
  web = await startTestWeb();
  ({ sendTest } = await import('./test-send.server.ts'));
  shopify = await startTestShopify({ appUrl: 'http://127.0.0.1:9', seed: 'none' });
  const { emulator } = shopify;
  // As NODE_USE_ENV_PROXY and NODE_EXTRA_CA_CERTS do for a process that is started with them.
  https.globalAgent = new https.Agent({
    ca: readFileSync(emulator.certificatePath),
    proxyEnv: { NODE_ENV: 'test', ...emulator.environment },
  });
  const { merchantId } = await web.core.installShop(shop);
  const request = new Request('https://app.example.test/');
  merchant = {
    request,
    url: new URL(request.url),
    params: { type: 'points_earned' },
    shopDomain: shop,
    merchantId,
    core: coreClients({
      merchantId,
      actor: 'staff:1',
      scopes: ['admin:settings', 'admin:templates', 'admin:users', 'admin:frontend', 'admin:logs'],
      requestId: 'test-send',
    }),
    requestId: 'test-send',
  };
}, 60_000);
afterAll(async () => {
  https.globalAgent = usualAgent;
  await shopify.stop();
  await web.stop();
});
beforeEach(() => shopify.emulator.postOffice.reset());

const connect = (provider: string, credentials: Record<string, string>) =>
  merchant.core.admin.updateMessagingProvider({ provider, credentials, enabled: true });

function typed(to: string, channel: 'email' | 'sms' = 'email', more = {}): FormData {
  const form = new FormData();
  const { subject, blocks, text } = defaultContent('points_earned', 'fr');
  const content = { subject, blocks, text, ...more };
  const message = { type: 'points_earned', channel, language: 'fr', content, customerId: '' };
  form.set('message', JSON.stringify(message));
  form.set('to', to);
  return form;
}

test('Without a provider the answer says so, and nothing is logged', async () => {
  expect(await sendTest(merchant, typed('me@merchant.example'))).toMatchObject({
    ok: true,
    status: 'failed',
    reason: 'no_provider',
    provider: '',
  });
  expect((await merchant.core.admin.listMessages({})).messages).toEqual([]);
});

test('Words that were never saved arrive, marked as a test, and their address is kept nowhere', async () => {
  await connect('ses', {
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: 'a-secret-of-ses',
    region: 'us-east-1',
    from_address: 'hello@shop.example',
  });
  const answer = await sendTest(
    merchant,
    typed(' me@merchant.example ', 'email', { subject: 'Bravo, {{ first_name }}' }),
  );
  expect(answer).toMatchObject({ ok: true, status: 'sent', provider: 'ses' });
  const [mail] = shopify.emulator.postOffice.messages;
  expect(mail).toMatchObject({ to: 'me@merchant.example', subject: '[Test] Bravo, Camille' });
  expect(mail?.headers).not.toHaveProperty('List-Unsubscribe');
  const { rows } = await web.core.outside.query<{ row: string }>(
    'SELECT to_jsonb(e)::text AS row FROM email_events e',
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toContain('merchant.example');
});

test('A text message goes to a number as people write it, and a refusal has its reason', async () => {
  await connect('twilio', {
    account_sid: `AC${'a'.repeat(32)}`,
    auth_token: 'a-token-of-twilio',
    from: '+14155550100',
  });
  expect(await sendTest(merchant, typed('+1 (415) 555-0199', 'sms'))).toMatchObject({
    status: 'sent',
    provider: 'twilio',
  });
  expect(shopify.emulator.postOffice.messages[0]).toMatchObject({
    to: '+14155550199',
    text: expect.stringMatching(/^\[Test\] /) as string,
  });
  expect(await sendTest(merchant, typed('+15005550001', 'sms'))).toMatchObject({
    ok: true,
    status: 'failed',
    reason: 'invalid_recipient',
  });
});

test('An address that is none, and words that cannot be sent, are named, and no one is asked', async () => {
  const refusal = (form: FormData) => sendTest(merchant, form);
  expect(await refusal(typed('me@'))).toMatchObject({ ok: false, fields: { to: 'email' } });
  expect(await refusal(typed('555', 'sms'))).toMatchObject({ ok: false, fields: { to: 'sms' } });
  expect(
    await refusal(typed('me@merchant.example', 'email', { subject: '{{ code }}' })),
  ).toMatchObject({ ok: false, fields: { message: 'invalid' } });
  expect(shopify.emulator.postOffice.messages).toEqual([]);
});

test('While Klaviyo is away the shop’s own SES carries the test', async () => {
  await connect('klaviyo', { api_key: 'pk_0123456789' });
  await merchant.core.admin.updateMessagingSettings({
    settings: {
      ...(await merchant.core.admin.getMessagingSettings({})).settings,
      emailProvider: 'klaviyo',
      fallback: true,
    },
  });
  shopify.emulator.postOffice.fail('klaviyo', { kind: 'status', status: 503 });
  expect(await sendTest(merchant, typed('me@merchant.example'))).toMatchObject({
    status: 'sent',
    provider: 'ses',
  });
});
