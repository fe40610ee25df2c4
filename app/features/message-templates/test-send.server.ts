import { systemClients, type CoreClients } from '../../core-client/clients.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import type { Language } from '../../i18n/languages.ts';
import type { ProviderMessage, SendResult } from '../../messaging/providers/provider.ts';
import { providers } from '../../messaging/providers/providers.server.ts';
import { messageFaults } from '../../../proto/shared/messages/check.ts';
import {
  MESSAGE_PROVIDERS,
  type MessageProvider,
  type MessageReason,
} from '#vocabulary/messages.ts';
import { renderDraft } from './preview.server.ts';
import { wordsOf } from './template-form.ts';
import { parseJson, previewForm, testAddress } from './templates.schema.ts';

/** How a test ended, as the merchant reads it. */
export interface TestSent {
  readonly ok: true;
  readonly intent: 'test';
  readonly status: 'sent' | 'failed' | 'unconfirmed';
  readonly reason: MessageReason | '';
  /** Who was asked last; empty when there is no one to ask. */
  readonly provider: MessageProvider | '';
}

/** Before the subject, or the text message. */
const MARKS: Readonly<Record<Language, string>> = { en: '[Test]', es: '[Prueba]', fr: '[Test]' };

/**
 * Sends what the merchant has typed, saved or not, to the address that they name, through the shop's own provider and,
 * while that one is away, by email through the shop's own SES. The address is kept nowhere.
 */
export async function sendTest(
  merchant: MerchantRequest,
  form: FormData,
): Promise<TestSent | Refusal> {
  const typed = parseJson(previewForm, form.get('message'));
  const channel = typed?.channel;
  if (typed === undefined || channel === undefined || channel === 'whatsapp')
    return refused(merchant, {});
  const to = testAddress[channel].safeParse(form.get('to')).data;
  if (to === undefined) return refused(merchant, { to: channel });
  if (messageFaults(typed.type, wordsOf(typed.content, true)).length > 0)
    return refused(merchant, { message: 'invalid' });
  const { subject, html, text, variables } = await renderDraft(merchant, typed);
  const { admin } = systemClients(merchant.merchantId);
  const begun = await admin.beginTestMessage({ type: typed.type, channel });
  const mark = MARKS[typed.language];
  const message: ProviderMessage = {
    id: begun.messageId,
    type: typed.type,
    channel,
    language: typed.language,
    email: channel === 'email' ? to : '',
    phone: channel === 'sms' ? to : '',
    senderName: begun.senderName,
    replyTo: begun.replyTo,
    subject: `${mark} ${subject}`,
    html,
    text: channel === 'sms' ? `${mark} ${text}` : text,
    // A merchant is no subscriber: there is nothing to end, and nothing to report.
    unsubscribeUrl: '',
    reportUrl: '',
    variables,
  };
  // Another provider only by email: a number is no address.
  const carriers = channel === 'email' ? begun.providers : begun.providers.slice(0, 1);
  const { provider, result } = await ask(admin, message, carriers);
  if (provider === '') return { ok: true, intent: 'test', ...endOf(result), provider };
  const end = endOf(result);
  await admin.recordTestMessage({
    messageId: begun.messageId,
    leaseId: begun.leaseId,
    provider,
    ...end,
    providerMessageId: result.status === 'sent' ? result.providerMessageId : '',
  });
  return { ok: true, intent: 'test', ...end, provider };
}

/** Asks one after the other, for as long as it was surely not taken. */
async function ask(
  admin: CoreClients['admin'],
  message: ProviderMessage,
  carriers: Awaited<ReturnType<CoreClients['admin']['beginTestMessage']>>['providers'],
): Promise<{ provider: MessageProvider | ''; result: SendResult }> {
  let asked: MessageProvider | '' = '';
  let result: SendResult = { status: 'refused', reason: 'no_provider', suppress: false };
  for (const { provider: name, credentials } of carriers) {
    const provider = MESSAGE_PROVIDERS.find((one) => one === name);
    if (provider === undefined) continue;
    asked = provider;
    result = await providers[provider].send(message, credentials);
    if (result.status !== 'away') break;
    if (result.reason === 'bad_credentials')
      await admin.recordProviderCheck({ provider, ok: false, reason: result.reason });
  }
  return { provider: asked, result };
}

/** Nothing is tried again later: the merchant is there, and presses once more. */
const endOf = (result: SendResult): Pick<TestSent, 'status' | 'reason'> => ({
  status: result.status === 'sent' || result.status === 'unconfirmed' ? result.status : 'failed',
  reason: 'reason' in result ? result.reason : '',
});
