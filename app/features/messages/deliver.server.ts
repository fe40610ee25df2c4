import { LRUCache } from 'lru-cache';
import type { OutgoingMessage } from '#proto/admin/v1/messages.ts';
import { breaker, Interrupted, type Breaker } from '../../breakers.server.ts';
import type { JobServices, Messaging, ShopReference } from '../../jobs/services.ts';
import { countProviderError } from '../../metrics.server.ts';
import type { Credentials, SendResult } from '../../messaging/providers/provider.ts';
import { providerMessage } from './provider-message.server.ts';
import {
  CHANNEL_PROVIDERS,
  MESSAGE_PROVIDERS,
  type MessageChannel,
  type MessageProvider,
} from '#vocabulary/messages.ts';

/** Who carries a message, and as what. */
export interface Carrier {
  readonly provider: MessageProvider;
  readonly credentials: Credentials;
  readonly channel: MessageChannel;
  readonly isFallback: boolean;
}

/**
 * The merchant's provider, and at the last try SES by email: the merchant's own, else the platform's. It needs an address
 * and the member's consent to e-mail, whatever they agreed to on the channel that was chosen.
 */
export function carriersOf(
  message: OutgoingMessage,
  messaging: Pick<Messaging, 'platformSes'>,
  isLastAttempt: boolean,
): Carrier[] {
  const [first, second] = message.providers;
  const channel = channelNamed(message.channel);
  const provider = MESSAGE_PROVIDERS.find((one) => one === first?.provider);
  if (first === undefined || provider === undefined) return [];
  const chosen: Carrier = {
    provider,
    credentials: first.credentials,
    channel,
    isFallback: false,
  };
  const ses = second?.credentials ?? messaging.platformSes();
  const canFallBack =
    isLastAttempt &&
    message.fallback &&
    provider !== 'ses' &&
    ses !== undefined &&
    message.emailConsent &&
    message.email !== '';
  return canFallBack
    ? [chosen, { provider: 'ses', credentials: ses, channel: 'email', isFallback: true }]
    : [chosen];
}

const channelNamed = (name: string): MessageChannel =>
  name in CHANNEL_PROVIDERS ? (name as MessageChannel) : 'email';

class Away extends Error {
  readonly result: Extract<SendResult, { status: 'away' }>;

  constructor(result: Away['result']) {
    super('a provider is away');
    this.result = result;
  }
}

/** By shop and provider: credentials, limits and failures are the shop's own. */
const circuits = new LRUCache<string, Breaker>({ max: 5_000 });

function circuitOf({ merchantId }: ShopReference, provider: MessageProvider): Breaker {
  const key = `${merchantId}/${provider}`;
  const known = circuits.get(key);
  if (known !== undefined) return known;
  const made = breaker({
    name: `${provider} for ${merchantId}`,
    failuresInARow: 5,
    restMs: 30_000,
    // Who refuses credentials is there, and answers at once when they are mended.
    isFailure: (error) => error instanceof Away && error.result.reason !== 'bad_credentials',
  });
  circuits.set(key, made);
  return made;
}

/** Asks core once more, then the provider once. `stopped`: it is not to be sent, or no longer by this worker. */
export async function deliver(
  shop: ShopReference,
  message: OutgoingMessage,
  { provider, credentials, channel }: Carrier,
  to: { readonly email: string; readonly phone: string },
  { core, messaging }: Pick<JobServices, 'core' | 'messaging'>,
): Promise<SendResult | 'stopped'> {
  const { admin } = core(shop.merchantId);
  const { messageId, leaseId } = message;
  const written = await providerMessage(shop, message, channel, to, messaging);
  try {
    return await circuitOf(
      shop,
      provider,
    )(async () => {
      const phone = channel === 'email' ? '' : to.phone;
      const asked = { messageId, leaseId, provider, channel, phone };
      const { proceed } = await admin.beginSending(asked);
      if (!proceed) return 'stopped';
      const result = await messaging.providers[provider].send(written, credentials);
      if (result.status !== 'away') return result;
      countProviderError(provider, result.reason === 'bad_credentials' ? 'refused' : 'unavailable');
      throw new Away(result);
    });
  } catch (error) {
    if (error instanceof Interrupted) return { status: 'away', reason: 'provider_away' };
    if (!(error instanceof Away)) throw error;
    const { result } = error;
    if (result.reason === 'bad_credentials')
      await admin.recordProviderCheck({ provider, ok: false, reason: result.reason });
    return result;
  }
}
