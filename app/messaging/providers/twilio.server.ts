import https from 'node:https';
import { z } from 'zod';
import { checkOfStatus, outcomeOfFailure, outcomeOfGarbage, outcomeOfStatus } from './outcome.ts';
import {
  longestAnswerBytes,
  providerTimeoutMs,
  type CredentialCheck,
  type Credentials,
  type Provider,
  type ProviderMessage,
  type SendResult,
} from './provider.ts';
import type { MessageReason } from '#vocabulary/messages.ts';

/** Twilio's error codes that say more than the status; the others pass or are the merchant's to mend. */
export const TWILIO_REFUSALS: Readonly<
  Record<number, { readonly reason: MessageReason; readonly suppress: boolean }>
> = {
  21610: { reason: 'opted_out', suppress: true },
  21211: { reason: 'invalid_recipient', suppress: true },
  21614: { reason: 'invalid_recipient', suppress: true },
  30005: { reason: 'invalid_recipient', suppress: true },
  30006: { reason: 'invalid_recipient', suppress: true },
  30007: { reason: 'filtered', suppress: false },
};
const tooMany: ReadonlySet<number> = new Set([20429, 14107, 30001]);

const failure = z.object({ status: z.number(), code: z.number().optional() });
const created = z.object({ sid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/) });

/** Twilio's text messages and WhatsApp. It recognizes no repetition. */
export const twilio: Provider = {
  name: 'twilio',

  async send(message, credentials): Promise<SendResult> {
    try {
      const client = await clientFor(credentials);
      const answer = await client.messages.create({
        ...addresses(message, credentials['from'] ?? ''),
        body: message.text,
        ...(message.reportUrl !== '' && { statusCallback: message.reportUrl }),
      });
      const parsed = created.safeParse({ sid: answer.sid });
      return parsed.success
        ? { status: 'sent', providerMessageId: parsed.data.sid }
        : outcomeOfGarbage(false);
    } catch (error) {
      return outcomeOf(error);
    }
  },

  async check(credentials): Promise<CredentialCheck> {
    try {
      const client = await clientFor(credentials);
      await client.api.v2010.accounts(credentials['account_sid'] ?? '').fetch();
      return 'ok';
    } catch (error) {
      const parsed = failure.safeParse(error);
      return parsed.success ? checkOfStatus(parsed.data.status) : 'provider_away';
    }
  },
};

function addresses(message: ProviderMessage, from: string) {
  const on = (number: string) => (message.channel === 'whatsapp' ? `whatsapp:${number}` : number);
  // A messaging service chooses a number itself.
  return from.startsWith('MG')
    ? { to: on(message.phone), messagingServiceSid: from }
    : { to: on(message.phone), from: on(from) };
}

async function clientFor(credentials: Credentials) {
  const { default: twilioLibrary } = await import('twilio');
  const { Twilio, RequestClient } = twilioLibrary;
  const httpClient = new RequestClient({ timeout: providerTimeoutMs, maxRetries: 0 });
  Object.assign(httpClient.axios.defaults, {
    httpsAgent: https.globalAgent,
    maxContentLength: longestAnswerBytes,
  });
  // The library forbids every proxy, the agent's own as well.
  httpClient.axios.interceptors.request.use(({ proxy: _none, ...config }) => config);
  return new Twilio(credentials['account_sid'] ?? '', credentials['auth_token'] ?? '', {
    httpClient,
  });
}

function outcomeOf(error: unknown): SendResult {
  const parsed = failure.safeParse(error);
  // The library throws its own kind for an answer with a status, and the transport's for none.
  if (!parsed.success)
    return isUnreadable(error) ? outcomeOfGarbage(false) : outcomeOfFailure(error, false);
  const { status, code = 0 } = parsed.data;
  const known = TWILIO_REFUSALS[code];
  if (known !== undefined) return { status: 'refused', ...known };
  if (tooMany.has(code)) return { status: 'away', reason: 'provider_away' };
  return status < 300 ? outcomeOfGarbage(false) : outcomeOfStatus(status);
}

/** Something was answered that is no JSON. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof SyntaxError || error instanceof TypeError;
