import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import twilio from 'twilio';
import { shop, startTestWeb } from '../../testing/web.ts';

type Shop = Awaited<ReturnType<Awaited<ReturnType<typeof startTestWeb>>['core']['installShop']>>;

let web: Awaited<ReturnType<typeof startTestWeb>>;
let store: Shop;
beforeAll(async () => {
  web = await startTestWeb({ routes: /\/(unsubscribe|reports)/, documents: true });
  store = await web.core.installShop(shop);
  await store.admin.updateMessagingProvider({
    provider: 'twilio',
    credentials: {
      account_sid: `AC${'a'.repeat(32)}`,
      auth_token: 'a-token-of-twilio',
      from: '+14155550100',
    },
    enabled: true,
  });
  await store.admin.updateMessagingProvider({
    provider: 'klaviyo',
    credentials: { api_key: 'pk_0123456789' },
    enabled: true,
  });
}, 60_000);
afterAll(() => web.stop());

/** A message that a provider was asked to carry, and its member. */
async function send(provider: 'klaviyo' | 'twilio', providerMessageId = '', phone = '') {
  const { customerId } = await store.admin.upsertCustomer({
    customer: {
      shopifyCustomerId: String(Date.now()),
      email: `${randomUUID()}@a.example`,
      locale: 'fr',
    },
    trigger: 'updated',
    marketing: 'subscribed',
  });
  await store.points.earnPoints({
    award: { customerId, points: 5, idempotencyKey: randomUUID(), source: 'birthday' },
  });
  const { rows } = await web.core.outside.query<{ event_id: string }>(
    `SELECT event_id FROM outbox_events WHERE payload->>'customer_id' = $1 AND kind = 'points.changed'`,
    [customerId],
  );
  const { messageIds } = await store.admin.queueMessages({
    eventIds: rows.map((row) => row.event_id),
  });
  const [messageId = ''] = messageIds;
  const { message } = await store.admin.claimMessage({ messageId, leaseSeconds: 60 });
  const lease = { messageId, leaseId: message?.leaseId ?? '' };
  await store.admin.beginSending({
    ...lease,
    provider,
    channel: phone === '' ? 'email' : 'sms',
    phone,
  });
  if (providerMessageId !== '')
    await store.admin.settleMessage({ ...lease, status: 'sent', providerMessageId });
  return { customerId, messageId, token: message?.unsubscribeToken ?? '' };
}

const saidBy = async (customerId: string) =>
  (
    await web.core.outside.query<{ type: string; status: string }>(
      `SELECT type, status FROM consents WHERE customer_id = $1 AND type LIKE 'loyalty%' ORDER BY created_at`,
      [customerId],
    )
  ).rows;

describe('the link to unsubscribe', () => {
  test('shows a button in the message’s language, and changes nothing', async () => {
    const { customerId, token } = await send('klaviyo');
    const answer = await fetch(`${web.url}/unsubscribe/${token}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Me désinscrire');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await saidBy(customerId)).toEqual([]);
  });

  test('ends messages by one POST without a cookie, as often as it comes', async () => {
    const { customerId, token } = await send('klaviyo');
    for (let time = 0; time < 2; time++) {
      const answer = await fetch(`${web.url}/unsubscribe/${token}`, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
        redirect: 'manual',
      });
      expect(answer.status).toBe(200);
    }
    expect(await saidBy(customerId)).toEqual([{ type: 'loyalty_email', status: 'revoked' }]);
  });

  test('that no shop has signed is answered as one that never was', async () => {
    const { token } = await send('klaviyo');
    for (const wrong of ['x', `${token.slice(0, -3)}AAA`, 'A'.repeat(66)]) {
      const answer = await fetch(`${web.url}/unsubscribe/${wrong}`, { method: 'POST' });
      expect(answer.status, wrong).toBe(404);
    }
  });
});

describe('a report of Twilio', () => {
  const report = (fields: Record<string, string>, token = 'a-token-of-twilio') => {
    const path = `/reports/twilio/${store.merchantId}`;
    const signature = twilio.getExpectedTwilioSignature(
      token,
      `http://localhost:3000${path}`,
      fields,
    );
    return fetch(web.url + path, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body: new URLSearchParams(fields),
    });
  };

  test('that was not delivered marks the message, and ends others to a number that opted out', async () => {
    const sid = `SM${'1'.repeat(32)}`;
    const { customerId } = await send('twilio', sid);
    const answer = await report({
      MessageSid: sid,
      MessageStatus: 'undelivered',
      ErrorCode: '21610',
    });
    expect(answer.status).toBe(204);
    const { messages } = await store.admin.listMessages({ customerId });
    expect(messages).toMatchObject([{ status: 'failed', reason: 'opted_out' }]);
    expect(await saidBy(customerId)).toEqual([{ type: 'loyalty_email', status: 'revoked' }]);
  });

  test('with another signature has no effect', async () => {
    const sid = `SM${'2'.repeat(32)}`;
    const { customerId } = await send('twilio', sid);
    const answer = await report({ MessageSid: sid, MessageStatus: 'failed' }, 'another-token');
    expect(answer.status).toBe(403);
    const { messages } = await store.admin.listMessages({ customerId });
    expect(messages).toMatchObject([{ status: 'sent' }]);
  });

  test('of STOP ends text messages to the number at once, START begins them again, twice as once', async () => {
    const phone = '+14155550177';
    const { customerId } = await send('twilio', `SM${'3'.repeat(32)}`, phone);
    const other = await send('twilio', `SM${'4'.repeat(32)}`, '+14155550178');
    const say = (Body: string, From = phone) =>
      report({ MessageSid: `SM${'5'.repeat(32)}`, SmsStatus: 'received', From, Body });
    for (let time = 0; time < 2; time++) {
      const answer = await say('Stop.');
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('<Response></Response>');
    }
    const stopped = { type: 'loyalty_sms', status: 'revoked' };
    expect(await saidBy(customerId)).toEqual([stopped]);
    expect(await saidBy(other.customerId)).toEqual([]);
    await say('Is the blue one in stock?');
    await say('START');
    expect(await saidBy(customerId)).toEqual([stopped, { type: 'loyalty_sms', status: 'granted' }]);
    const { rows } = await web.core.outside.query<{ row: string }>(
      'SELECT to_jsonb(e)::text AS row FROM email_events e WHERE customer_id = $1',
      [customerId],
    );
    expect(rows[0]?.row).not.toContain('4155550177');
  });

  test('of HELP is answered with who writes and how to stop it, unless Twilio has', async () => {
    const help = { MessageSid: `SM${'6'.repeat(32)}`, SmsStatus: 'received', Body: 'help' };
    const from = { ...help, From: '+14155550179' };
    expect(await (await report(from)).text()).toContain('Reply STOP to opt out');
    expect(await (await report({ ...from, OptOutType: 'HELP' })).text()).not.toContain('STOP');
  });
});
