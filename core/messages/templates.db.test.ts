import { afterAll, beforeAll, expect, test } from 'vitest';
import { MESSAGE_TYPES } from '#vocabulary/messages.ts';
import { writeMailDocument, type MessageBlock } from '../../proto/shared/messages/blocks.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

async function openShop() {
  const { merchantId } = await core.installShop();
  const scopes = ['admin:templates', 'admin:logs', 'admin:frontend'];
  return core.clients({ merchant: merchantId, actor: 'staff:42', scopes });
}

const picture = `picture:${'ab'.repeat(16)}`;
const blocks: MessageBlock[] = [
  { type: 'heading', text: 'Hi {{ first_name | there }}' },
  { type: 'image', picture, alt: '', href: '' },
];
const content = (language: string, more = {}) => ({
  language,
  subject: 'You earned {{ points }}',
  blocks: writeMailDocument({ preheader: 'Have a look', blocks }),
  text: 'You earned {{ points }}',
  ...more,
});
const saved = (more = {}) => ({
  type: 'points_earned',
  version: 0,
  enabled: true,
  contents: [content('en')],
  fallbackLanguage: 'en',
  ...more,
});

test('A shop that wrote nothing has each type switched on, in no words of its own', async () => {
  const { admin } = await openShop();
  const { templates } = await admin.listMessageTemplates({});
  expect(templates.map(({ type }) => type)).toEqual(MESSAGE_TYPES);
  expect(templates[0]).toEqual(saved({ contents: [] }));
});

test('What a merchant writes is kept as the next version, logged, and its pictures are kept', async () => {
  const { admin, frontend } = await openShop();
  const { template } = await admin.updateNotificationTemplate({
    template: saved({ enabled: false, contents: [content('fr'), content('en')] }),
  });
  const wanted = saved({
    version: 1,
    enabled: false,
    contents: [content('en'), content('fr')],
  });
  expect(template).toEqual(wanted);
  expect((await admin.getMessageTemplate({ type: 'points_earned' })).template).toEqual(wanted);
  const { logs } = await admin.getLogs({ action: 'message_template_updated' });
  expect(logs).toMatchObject([{ actor: 'staff:42', targetId: 'points_earned' }]);
  expect((await frontend.listPictures({})).pictures).toEqual([picture]);
});

test('The same save twice is one version, and a save over someone else’s is refused', async () => {
  const { admin } = await openShop();
  await admin.updateNotificationTemplate({ template: saved() });
  const again = await admin.updateNotificationTemplate({ template: saved() });
  expect(again.template?.version).toBe(1);
  expect(
    await failureOf(
      admin.updateNotificationTemplate({ template: saved({ contents: [content('es')] }) }),
    ),
  ).toMatchObject({ code: 'edit_conflict', field: 'version' });
  expect(
    await failureOf(
      admin.resetMessageTemplate({ type: 'points_earned', language: '', version: 7 }),
    ),
  ).toMatchObject({ code: 'edit_conflict', field: 'version' });
});

test('What is wrong is refused by block and field, and nothing of it is kept', async () => {
  const { admin } = await openShop();
  const refused = (more: object) =>
    failureOf(
      admin.updateNotificationTemplate({
        template: saved({ contents: [content('en'), content('es', more)] }),
      }),
    );
  expect(await refused({ subject: '{{ code }}' })).toMatchObject({
    code: 'invalid_input',
    field: 'contents.es.subject',
  });
  const link: MessageBlock = { type: 'button', label: 'Go', href: 'javascript:alert(1)' };
  expect(
    await refused({ blocks: writeMailDocument({ preheader: '', blocks: [...blocks, link] }) }),
  ).toMatchObject({ code: 'invalid_input', field: 'contents.es.blocks.2.href' });
  expect(await refused({ blocks: '<p>' })).toMatchObject({ field: 'contents.es.blocks' });
  expect(await refused({ language: 'en' })).toMatchObject({ field: 'contents.en' });
  expect((await admin.getMessageTemplate({ type: 'points_earned' })).template?.version).toBe(0);
});

test('A reset takes one language’s words away, or all, and leaves the switch as it is', async () => {
  const { admin } = await openShop();
  await admin.updateNotificationTemplate({
    template: saved({ enabled: false, contents: [content('en'), content('es')] }),
  });
  const reset = (language: string, version: number) =>
    admin.resetMessageTemplate({ type: 'points_earned', language, version });
  const one = await reset('es', 1);
  expect(one.template).toMatchObject({ version: 2, contents: [{ language: 'en' }] });
  // Sent again, because its answer was lost.
  expect((await reset('es', 1)).template?.version).toBe(2);
  expect((await reset('', 2)).template).toMatchObject({
    version: 3,
    enabled: false,
    contents: [],
  });
});

const openOwn = async () => {
  const shop = await core.installShop();
  await shop.admin.updateMessagingProvider({
    provider: 'ses',
    credentials: {
      access_key_id: 'AKIDEXAMPLE',
      secret_access_key: 'a-secret-of-ses-1234',
      region: 'us-east-1',
      from_address: 'hello@shop.example',
    },
    enabled: true,
  });
  return shop;
};

test('A test message is in the log without an address, ends once, and is not sent again', async () => {
  const { admin } = await openOwn();
  const begun = await admin.beginTestMessage({ type: 'points_earned', channel: 'email' });
  expect(begun.providers.map(({ provider }) => provider)).toEqual(['ses']);
  const end = { messageId: begun.messageId, leaseId: begun.leaseId, provider: 'ses' };
  const failed = { ...end, status: 'failed', reason: 'refused' };
  expect(await admin.recordTestMessage(failed)).toEqual({ recorded: true });
  expect(await admin.recordTestMessage({ ...end, status: 'sent' })).toEqual({ recorded: false });
  await admin.retryMessage({ messageId: begun.messageId });
  const { messages } = await admin.listMessages({});
  expect(messages).toMatchObject([
    { status: 'failed', reason: 'refused', provider: 'ses', test: true, retryable: false },
  ]);
  const other = await openOwn();
  expect(await failureOf(other.admin.recordTestMessage(failed))).toMatchObject({
    code: 'not_found',
  });
});

test('A shop sends itself twenty tests an hour, also when it presses at once, and none without a provider', async () => {
  const { admin } = await openOwn();
  const tries = await Promise.allSettled(
    Array.from({ length: 24 }, () =>
      admin.beginTestMessage({ type: 'tier_change', channel: 'email' }),
    ),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  expect(
    await failureOf(admin.beginTestMessage({ type: 'tier_change', channel: 'email' })),
  ).toMatchObject({ code: 'rate_limited' });
  const bare = await core.installShop();
  const begun = await bare.admin.beginTestMessage({ type: 'tier_change', channel: 'sms' });
  expect(begun.providers).toEqual([]);
  expect((await bare.admin.listMessages({})).messages).toEqual([]);
});

test('A test whose process died before the answer counts as not confirmed', async () => {
  const { admin } = await openOwn();
  const { messageId } = await admin.beginTestMessage({ type: 'tier_change', channel: 'email' });
  await core.outside.query(
    `UPDATE email_events SET next_attempt_at = now() - interval '1 minute' WHERE event_id = $1`,
    [messageId],
  );
  const { messages } = await core.clients().admin.claimDueMessages({ limit: 1_000 });
  expect(messages.map((message) => message.messageId)).not.toContain(messageId);
  expect((await admin.listMessages({})).messages[0]).toMatchObject({ status: 'unconfirmed' });
});
