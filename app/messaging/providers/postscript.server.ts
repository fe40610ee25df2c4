import { z } from 'zod';
import { checkOfStatus, outcomeOfFailure, outcomeOfGarbage, outcomeOfStatus } from './outcome.ts';
import type { Provider, SendResult } from './provider.ts';
import { requestJson } from './request-json.server.ts';

const origin = 'https://api.postscript.io/api/v2';
const taken = z.object({ id: z.union([z.string().min(1), z.number()]) });
/** Postscript's limit is a second long, and it says nothing of when it ends. */
const limitMs = 2_000;

/** Postscript, by its documented HTTP API. It promises to recognize no repetition. */
export const postscript: Provider = {
  name: 'postscript',

  async send(message, credentials): Promise<SendResult> {
    try {
      const { status, headers, body } = await requestJson(`${origin}/message_requests`, {
        method: 'POST',
        headers: authorization(credentials),
        // Promotional unless a lawyer says otherwise: it is what asks for consent.
        body: { phone: message.phone, body: message.text, category: 'promotional' },
      });
      if (status === 429) return { status: 'away', reason: 'provider_away', retryAfterMs: limitMs };
      // The number is no subscriber of the shop's.
      if (status === 404) return { status: 'refused', reason: 'no_consent', suppress: false };
      if (status < 200 || status >= 300)
        return outcomeOfStatus(status, String(headers['retry-after'] ?? ''));
      const answer = taken.safeParse(body);
      return answer.success
        ? { status: 'sent', providerMessageId: String(answer.data.id) }
        : outcomeOfGarbage(false);
    } catch (error) {
      return outcomeOfFailure(error, false);
    }
  },

  async check(credentials) {
    try {
      const { status } = await requestJson(`${origin}/me`, {
        method: 'GET',
        headers: authorization(credentials),
      });
      return checkOfStatus(status);
    } catch {
      return 'provider_away';
    }
  },
};

const authorization = (credentials: Readonly<Record<string, string>>) => ({
  authorization: `Bearer ${credentials['api_key'] ?? ''}`,
});
