import https from 'node:https';
import { z } from 'zod';
import { checkOfStatus, outcomeOfFailure, outcomeOfStatus } from './outcome.ts';
import {
  longestAnswerBytes,
  providerTimeoutMs,
  type CredentialCheck,
  type Credentials,
  type Provider,
  type SendResult,
} from './provider.ts';

/** What the library throws for an answer that is no success. */
const answered = z.object({
  response: z.object({
    status: z.number(),
    headers: z.object({ 'retry-after': z.string().optional().catch(undefined) }).catch({}),
  }),
});

/**
 * Klaviyo: an event of the member's profile, which the merchant's flow sends on. It keeps the first of several with one
 * `unique_id`, so that a lost answer is simply asked for again.
 */
export const klaviyo: Provider = {
  name: 'klaviyo',

  async send(message, credentials): Promise<SendResult> {
    try {
      const { EventsApi } = await import('klaviyo-api');
      const events = new EventsApi(await sessionFor(credentials));
      await events.createEvent({
        data: {
          type: 'event',
          attributes: {
            properties: {
              ...message.variables,
              language: message.language,
              subject: message.subject,
              html: message.html,
              text: message.text,
              unsubscribe_url: message.unsubscribeUrl,
            },
            uniqueId: message.id,
            metric: {
              data: { type: 'metric', attributes: { name: metricName(message.type) } },
            },
            profile: {
              data: { type: 'profile', attributes: { email: message.email } },
            },
          },
        },
      });
      // Klaviyo answers 202 without a body.
      return { status: 'sent', providerMessageId: message.id };
    } catch (error) {
      const { response } = answered.safeParse(error).data ?? {};
      return response === undefined
        ? outcomeOfFailure(error, true)
        : outcomeOfStatus(response.status, response.headers['retry-after']);
    }
  },

  async check(credentials): Promise<CredentialCheck> {
    try {
      const { AccountsApi } = await import('klaviyo-api');
      await new AccountsApi(await sessionFor(credentials)).getAccounts();
      return 'ok';
    } catch (error) {
      const { response } = answered.safeParse(error).data ?? {};
      return response === undefined ? 'provider_away' : checkOfStatus(response.status);
    }
  },
};

/** As merchants find it in the list of triggers for a flow. */
export const metricName = (type: string): string => `LoyalNest ${type.replaceAll('_', ' ')}`;

async function sessionFor(credentials: Credentials) {
  const { ApiKeySession, RetryWithExponentialBackoff } = await import('klaviyo-api');
  const session = new ApiKeySession(
    credentials['api_key'] ?? '',
    // The queue retries; the library would hold its place.
    new RetryWithExponentialBackoff({
      retryCodes: [],
      numRetries: 0,
      maxInterval: 0,
    }),
  );
  const apply = session.applyToRequest.bind(session);
  session.applyToRequest = (config) => {
    apply(config);
    Object.assign(config, {
      httpsAgent: https.globalAgent,
      timeout: providerTimeoutMs,
      signal: AbortSignal.timeout(providerTimeoutMs),
      maxContentLength: longestAnswerBytes,
      maxRedirects: 0,
    });
  };
  return session;
}
