import { z } from 'zod';
import { systemClients, type CoreClients } from '../../core-client/clients.server.ts';
import { env } from '../../env.server.ts';
import { FALLBACK_LANGUAGE, LANGUAGES } from '../../i18n/languages.ts';
import { replyIn } from '../../messaging/opt-out-words.rules.ts';
import { FRAME_WORDS } from '../../messaging/render/frame-words.ts';
import { TWILIO_REFUSALS } from '../../messaging/providers/twilio.server.ts';

const report = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  MessageStatus: z.string(),
  ErrorCode: z.coerce.number().int().optional().catch(undefined),
});

/** A message that someone wrote to the shop's number. */
const answer = z.object({
  SmsStatus: z.literal('received'),
  From: z.string().regex(/^(whatsapp:)?\+[1-9]\d{6,14}$/),
  Body: z.string(),
  /** Where Twilio knows the word and has answered it. */
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional().catch(undefined),
});

/**
 * What Twilio tells of a message that it took, or what someone answered, signed with the shop's own token. Anything else is refused without a word
 * on whether there is such a shop.
 */
export async function recordTwilioReport(request: Request, merchantId: string): Promise<Response> {
  if (!z.guid().safeParse(merchantId).success) return refused();
  const fields = Object.fromEntries(new URLSearchParams(await request.text()));
  const { admin } = systemClients(merchantId);
  const { access } = await admin.getMessagingCredentials({ provider: 'twilio' });
  const token = access?.credentials['auth_token'] ?? '';
  const signature = request.headers.get('x-twilio-signature') ?? '';
  const url = twilioUrl(merchantId);
  const { default: twilio } = await import('twilio');
  if (token === '' || !twilio.validateRequest(token, signature, url, fields)) return refused();
  const answered = answer.safeParse(fields);
  if (answered.success) return recordReply(admin, answered.data);
  const parsed = report.safeParse(fields);
  const told = parsed.success ? outcomeOf(parsed.data) : undefined;
  if (parsed.success && told !== undefined)
    await admin.recordProviderReport({
      provider: 'twilio',
      providerMessageId: parsed.data.MessageSid,
      ...told,
    });
  return new Response(null, { status: 204 });
}

/** Reports and answers come here; Twilio's signature is over it. */
export const twilioUrl = (merchantId: string): string =>
  `${env().SHOPIFY_APP_URL.replace(/\/$/, '')}/reports/twilio/${merchantId}`;

const refused = () => new Response(null, { status: 403 });

/**
 * Ends messages to the number, or begins them again. Twilio confirms that itself, so that only a call for help is
 * answered; what else people write is for the shop.
 */
async function recordReply(
  admin: CoreClients['admin'],
  { From, Body, OptOutType }: z.output<typeof answer>,
): Promise<Response> {
  const reply = OptOutType?.toLowerCase() ?? replyIn(Body);
  if (reply === 'help' && OptOutType === undefined) return twiml(await helpOf(admin));
  if (reply === 'stop' || reply === 'start')
    await admin.recordProviderReport({
      provider: 'twilio',
      outcome: reply === 'stop' ? 'opted_out' : 'opted_in',
      phone: From.replace('whatsapp:', ''),
    });
  return twiml('');
}

/** Who writes, and how it ends: in the shop's language, since that of a number is not known. */
async function helpOf(admin: CoreClients['admin']): Promise<string> {
  const { settings } = await admin.getSettings({});
  const merchant = settings?.merchant;
  const language = LANGUAGES.find((one) => one === settings?.defaultLanguage) ?? FALLBACK_LANGUAGE;
  const name = merchant?.name || (merchant?.shopDomain ?? '');
  return `${name}. ${FRAME_WORDS[language].stop}.`;
}

function twiml(text: string): Response {
  const message = text === '' ? '' : `<Message>${escapeMarkup(text)}</Message>`;
  return new Response(`<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`, {
    headers: { 'content-type': 'text/xml; charset=utf-8' },
  });
}

const escapeMarkup = (text: string): string =>
  text.replace(/[<>&]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

/** Statuses on the way say nothing yet. */
function outcomeOf({ MessageStatus, ErrorCode = 0 }: z.output<typeof report>) {
  if (MessageStatus === 'delivered' || MessageStatus === 'read')
    return { outcome: 'delivered', reason: '' };
  if (MessageStatus !== 'undelivered' && MessageStatus !== 'failed') return undefined;
  const known = TWILIO_REFUSALS[ErrorCode];
  return {
    outcome: known?.suppress === true ? 'opted_out' : 'failed',
    reason: known?.reason ?? 'refused',
  };
}
