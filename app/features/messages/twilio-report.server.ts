import { z } from 'zod';
import { systemClients } from '../../core-client/clients.server.ts';
import { env } from '../../env.server.ts';
import { TWILIO_REFUSALS } from '../../messaging/providers/twilio.server.ts';

const report = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  MessageStatus: z.string(),
  ErrorCode: z.coerce.number().int().optional().catch(undefined),
});

/**
 * What Twilio tells of a message that it took, signed with the shop's own token. Anything else is refused without a word
 * on whether there is such a shop.
 */
export async function recordTwilioReport(request: Request, merchantId: string): Promise<Response> {
  if (!z.guid().safeParse(merchantId).success) return refused();
  const fields = Object.fromEntries(new URLSearchParams(await request.text()));
  const { admin } = systemClients(merchantId);
  const { access } = await admin.getMessagingCredentials({ provider: 'twilio' });
  const token = access?.credentials['auth_token'] ?? '';
  const signature = request.headers.get('x-twilio-signature') ?? '';
  const url = `${env().SHOPIFY_APP_URL.replace(/\/$/, '')}/reports/twilio/${merchantId}`;
  const { default: twilio } = await import('twilio');
  if (token === '' || !twilio.validateRequest(token, signature, url, fields)) return refused();
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

const refused = () => new Response(null, { status: 403 });

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
