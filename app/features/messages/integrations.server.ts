import type { MessagingSettings } from '#proto/admin/v1/messages.ts';
import { systemClients } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import type { CredentialCheck } from '../../messaging/providers/provider.ts';
import { providers } from '../../messaging/providers/providers.server.ts';
import { twilioUrl } from './twilio-report.server.ts';
import { parseMessagingForm, parseProvider, parseProviderForm } from './integrations.schema.ts';
import type { MessageProvider } from '#vocabulary/messages.ts';

export interface IntegrationsData {
  readonly settings: MessagingSettings;
  /** Where Twilio delivers what members answer. */
  readonly incomingUrl: string;
}

export type IntegrationsAction =
  | { readonly ok: true; readonly intent: 'settings' | 'disconnect' | 'switch' }
  | { readonly ok: true; readonly intent: 'check'; readonly check: CredentialCheck }
  | Refusal;

export async function loadIntegrations({
  core,
  merchantId,
}: MerchantRequest): Promise<IntegrationsData> {
  const { settings } = await core.admin.getMessagingSettings({});
  if (settings === undefined) throw new CoreError('not_found', { field: 'settings' });
  return { settings, incomingUrl: twilioUrl(merchantId) };
}

/** Connects, tests, switches off and disconnects providers, and saves how messages are sent. */
export async function changeIntegrations(
  merchant: MerchantRequest,
  form: FormData,
): Promise<IntegrationsAction> {
  const { admin } = merchant.core;
  const intent = form.get('intent');
  if (intent === 'settings') {
    const parsed = parseMessagingForm(form);
    if ('fields' in parsed) return refused(merchant, parsed.fields);
    return namingField(merchant, 'settings.reply_to', 'replyTo', async () => {
      await admin.updateMessagingSettings({ settings: parsed.settings });
      return { ok: true, intent };
    });
  }
  const provider = parseProvider(form);
  if (provider === undefined) return refused(merchant, {});
  if (intent === 'check') return check(merchant, provider);
  if (intent === 'switch') {
    await admin.updateMessagingProvider({ provider, enabled: form.get('enabled') === 'true' });
    return { ok: true, intent };
  }
  if (intent === 'disconnect') {
    await admin.updateMessagingProvider({ provider, disconnect: true });
    return { ok: true, intent };
  }
  const parsed = parseProviderForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  return namingField(merchant, 'credentials.', '', async () => {
    await admin.updateMessagingProvider(parsed.change);
    return check(merchant, provider);
  });
}

/** Asks the provider whether the credentials open the account, and keeps its answer. */
async function check(
  { merchantId }: MerchantRequest,
  provider: MessageProvider,
): Promise<IntegrationsAction> {
  const { admin } = systemClients(merchantId);
  const { access } = await admin.getMessagingCredentials({ provider });
  if (access === undefined) throw new CoreError('not_found', { field: 'provider' });
  const result = await providers[provider].check(access.credentials);
  await admin.recordProviderCheck({
    provider,
    ok: result === 'ok',
    reason: result === 'ok' ? '' : result,
  });
  return { ok: true, intent: 'check', check: result };
}

/** What core refuses of a field is said beside the field. */
async function namingField(
  merchant: MerchantRequest,
  path: string,
  field: string,
  work: () => Promise<IntegrationsAction>,
): Promise<IntegrationsAction> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CoreError && error.code === 'invalid_input')) throw error;
    if (!error.field.startsWith(path)) throw error;
    return refused(merchant, { [field || error.field.slice(path.length)]: 'required' });
  }
}
