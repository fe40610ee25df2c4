import type { PoolClient } from 'pg';
import type { RecordProviderReportRequest } from '#proto/admin/v1/messages.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { defaultLanguageOf, languageOf } from '../merchants/merchant.rules.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import {
  confirmDelivery,
  findByProviderId,
  markUndelivered,
  recordSubscription,
  subscriptionOf,
} from './messages.store.ts';
import { findRecipients, findTexted, readSubscriber } from './subscribers.store.ts';
import { readUnsubscribeToken, type Unsubscription } from './unsubscribe-token.ts';
import {
  MESSAGE_PROVIDERS,
  MESSAGE_REASONS,
  PROVIDER_OUTCOMES,
  type MessageChannel,
  type ProviderOutcome,
} from '#vocabulary/messages.ts';

type Methods = AdminMethods<'unsubscribe' | 'readUnsubscribe' | 'recordProviderReport'>;
type Dependencies = Pick<CoreDependencies, 'pool' | 'blindIndex' | 'clock'>;

/** What recipients and providers tell after a message went out. */
export function messageReportMethods(deps: Dependencies): Methods {
  const { pool, blindIndex } = deps;
  return {
    unsubscribe: ({ token }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { customerId, channel } = requireSigned(blindIndex, merchantId, token);
        const answer = await answerTo(client, merchantId, { customerId, channel });
        await recordSubscription(client, merchantId, customerId, channel, 'revoked');
        return answer;
      }),

    readUnsubscribe: ({ token }, context) =>
      asTenant(pool, context, (client, merchantId) =>
        answerTo(client, merchantId, requireSigned(blindIndex, merchantId, token)),
      ),

    recordProviderReport: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        recorded: await recordReport(client, deps, merchantId, request),
      })),
  };
}

/** @throws DomainError not_found, as for a token that never was */
function requireSigned(
  blindIndex: CoreDependencies['blindIndex'],
  merchantId: string,
  token: string,
): Unsubscription {
  const signed = readUnsubscribeToken(blindIndex, merchantId, token);
  if (signed === undefined) throw notFound('token');
  return signed;
}

async function answerTo(
  client: PoolClient,
  merchantId: string,
  { customerId, channel }: Unsubscription,
) {
  const row = await readSubscriber(client, merchantId, customerId);
  if (row === undefined) throw notFound('token');
  return {
    channel,
    shopName: row.shop_name ?? '',
    language: languageOf(row.locale) ?? defaultLanguageOf(row.shop_language),
  };
}

/** Outcomes that end all further messages on the channel, and the one that begins them again. */
const subscribes: Readonly<Partial<Record<ProviderOutcome, 'granted' | 'revoked'>>> = {
  bounced: 'revoked',
  complained: 'revoked',
  opted_out: 'revoked',
  opted_in: 'granted',
};

async function recordReport(
  client: PoolClient,
  { blindIndex, clock }: Dependencies,
  merchantId: string,
  request: RecordProviderReportRequest,
): Promise<boolean> {
  const provider = MESSAGE_PROVIDERS.find((one) => one === request.provider);
  const outcome = PROVIDER_OUTCOMES.find((one) => one === request.outcome);
  if (provider === undefined) throw invalidInput('provider', 'is not one of ours');
  if (outcome === undefined) throw invalidInput('outcome', 'is not one of ours');
  const message =
    request.providerMessageId === ''
      ? undefined
      : await findByProviderId(client, merchantId, provider, request.providerMessageId);
  if (message !== undefined) {
    if (outcome === 'delivered')
      await confirmDelivery(client, merchantId, message.event_id, clock());
    if (outcome !== 'delivered' && outcome !== 'opted_in' && outcome !== 'complained')
      await markUndelivered(
        client,
        merchantId,
        message.event_id,
        MESSAGE_REASONS.find((one) => one === request.reason) ??
          (outcome === 'bounced' ? 'bounced' : 'refused'),
      );
  }
  const status = subscribes[outcome];
  if (status === undefined) return message !== undefined;
  const channel: MessageChannel =
    message?.channel ?? (provider === 'ses' || provider === 'klaviyo' ? 'email' : 'sms');
  const people = message?.customer_id
    ? [message.customer_id]
    : request.phone !== ''
      ? await findTexted(client, merchantId, blindIndex.phone(merchantId, request.phone))
      : await findRecipients(client, merchantId, {
          emailHash: request.email === '' ? null : blindIndex.email(merchantId, request.email),
          shopifyCustomerId: request.shopifyCustomerId,
        });
  for (const customerId of people)
    await recordSubscription(client, merchantId, customerId, subscriptionOf(channel), status);
  return people.length > 0;
}
