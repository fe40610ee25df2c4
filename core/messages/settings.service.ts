import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type {
  MessagingProvider,
  MessagingSettings,
  UpdateMessagingProviderRequest,
} from '#proto/admin/v1/messages.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { invalidInput } from '../shared/errors.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { jsonObject, textOf } from '../shared/stored-json.rules.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import {
  isCredential,
  isReplyTo,
  messageSettingsFrom,
  messageSettingsJson,
  type MessageSettings,
} from './message-settings.rules.ts';
import {
  credentialsOf,
  forgetProvider,
  readMessageSettings,
  readProviders,
  recordCheck,
  saveMessageSettings,
  saveProvider,
  type ProviderRow,
} from './settings.store.ts';
import { MESSAGE_PROVIDERS, PROVIDER_FIELDS, type MessageProvider } from '#vocabulary/messages.ts';

type Methods = AdminMethods<
  | 'getMessagingSettings'
  | 'updateMessagingSettings'
  | 'updateMessagingProvider'
  | 'getMessagingCredentials'
  | 'recordProviderCheck'
>;

/** How the shop writes to its members, and by whom. Secrets go in and never come out, except to the worker. */
export function messageSettingsMethods({
  pool,
  encryption,
  clock,
}: Pick<CoreDependencies, 'pool' | 'encryption' | 'clock'>): Methods {
  return {
    getMessagingSettings: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        settings: await readAll(client, merchantId),
      })),

    updateMessagingSettings: ({ settings }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        if (settings === undefined) throw invalidInput('settings', 'is missing');
        await update(client, merchantId, context.caller.actor, settings);
        return { settings: await readAll(client, merchantId) };
      }),

    updateMessagingProvider: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const provider = providerNamed(request.provider);
        await lockTenant(client, merchantId);
        await changeProvider(client, encryption, merchantId, provider, request);
        await writeAudit(client, merchantId, {
          actor: context.caller.actor,
          action: request.disconnect ? 'message_provider_disconnected' : 'message_provider_updated',
          targetTable: 'integrations',
          targetId: provider,
          metadata: { provider, enabled: request.enabled },
        });
        const rows = await readProviders(client, merchantId);
        return { provider: toProviderMessage(provider, rows) };
      }),

    getMessagingCredentials: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const provider = providerNamed(request.provider);
        const rows = await readProviders(client, merchantId);
        const row = rows.find(({ platform }) => platform === provider);
        return {
          access: row && { provider, credentials: credentialsOf(encryption, merchantId, row) },
        };
      }),

    recordProviderCheck: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const provider = providerNamed(request.provider);
        await recordCheck(client, merchantId, provider, { ...request, at: clock() });
        return {};
      }),
  };
}

function providerNamed(name: string): MessageProvider {
  const provider = MESSAGE_PROVIDERS.find((one) => one === name);
  if (provider === undefined) throw invalidInput('provider', 'is not one of ours');
  return provider;
}

async function readAll(client: PoolClient, merchantId: string): Promise<MessagingSettings> {
  const settings = await readMessageSettings(client, merchantId);
  const rows = await readProviders(client, merchantId);
  return {
    senderName: settings.senderName,
    replyTo: settings.replyTo,
    channels: { ...settings.channels },
    emailProvider: settings.emailProvider ?? '',
    smsProvider: settings.smsProvider ?? '',
    quietFrom: settings.quietFrom,
    quietUntil: settings.quietUntil,
    fallback: settings.fallback,
    revision: revisionOf(messageSettingsJson(settings)),
    providers: MESSAGE_PROVIDERS.map((provider) => toProviderMessage(provider, rows)),
  };
}

function toProviderMessage(
  provider: MessageProvider,
  rows: readonly ProviderRow[],
): MessagingProvider {
  const row = rows.find(({ platform }) => platform === provider);
  const stored = jsonObject(row?.settings);
  return {
    provider,
    connected: row !== undefined,
    enabled: row !== undefined && row.status !== 'disabled',
    hint: textOf(stored['hint']),
    status: row?.status === 'error' ? 'error' : 'ok',
    reason: textOf(jsonObject(row?.error_details)['reason']),
    checkedAt: row?.last_checked_at?.toISOString() ?? '',
    settings: Object.fromEntries(
      PROVIDER_FIELDS[provider].settings.map((name) => [name, textOf(stored[name])]),
    ),
  };
}

async function update(
  client: PoolClient,
  merchantId: string,
  actor: string,
  message: MessagingSettings,
): Promise<void> {
  if (!isReplyTo(message.replyTo))
    throw invalidInput(
      'settings.reply_to',
      'must be an address that others may send for: not one of yahoo or aol',
    );
  const wanted: MessageSettings = messageSettingsFrom({
    sender_name: message.senderName,
    reply_to: message.replyTo,
    channels: message.channels,
    email_provider: message.emailProvider,
    sms_provider: message.smsProvider,
    quiet_from: message.quietFrom,
    quiet_until: message.quietUntil,
    fallback: message.fallback,
  });
  await lockTenant(client, merchantId);
  const current = revisionOf(messageSettingsJson(await readMessageSettings(client, merchantId)));
  const step = stepOfEdit({
    opened: message.revision,
    current,
    wanted: revisionOf(messageSettingsJson(wanted)),
  });
  if (step === 'saved') return;
  await saveMessageSettings(client, merchantId, wanted);
  await writeAudit(client, merchantId, {
    actor,
    action: 'messaging_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
  });
}

async function changeProvider(
  client: PoolClient,
  encryption: CoreDependencies['encryption'],
  merchantId: string,
  provider: MessageProvider,
  { credentials, enabled, disconnect }: UpdateMessagingProviderRequest,
): Promise<void> {
  if (disconnect) return forgetProvider(client, merchantId, provider);
  const { secret, settings } = PROVIDER_FIELDS[provider];
  const rows = await readProviders(client, merchantId);
  const row = rows.find(({ platform }) => platform === provider);
  const given = credentials[secret] ?? '';
  if (row === undefined && given === '')
    throw invalidInput(`credentials.${secret}`, 'is needed to connect');
  const plain = Object.fromEntries(
    settings.flatMap((name) => {
      const value = credentials[name]?.trim();
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const missing = settings.find(
    (name) => (plain[name] ?? textOf(jsonObject(row?.settings)[name])) === '',
  );
  if (missing !== undefined) throw invalidInput(`credentials.${missing}`, 'is needed to connect');
  const malformed = Object.entries({
    ...plain,
    ...(given !== '' && { [secret]: given.trim() }),
  }).find(([name, value]) => !isCredential(name, value));
  if (malformed !== undefined)
    throw invalidInput(`credentials.${malformed[0]}`, 'is not of the form that the provider gives');
  await saveProvider(client, encryption, merchantId, {
    integrationId: row?.integration_id ?? randomUUID(),
    provider,
    secret: given === '' ? null : given.trim(),
    settings: plain,
    enabled,
  });
}
