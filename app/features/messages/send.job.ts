import type { OutgoingMessage } from '#proto/admin/v1/messages.ts';
import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import type { SendResult } from '../../messaging/providers/provider.ts';
import { readDestination, type Destination } from './destination.server.ts';
import { carriersOf, deliver, type Carrier } from './deliver.server.ts';
import { reportSent } from './message-analytics.ts';
import type { Settlement } from './settlement.ts';
import type { MessageReason } from '#vocabulary/messages.ts';

/** Longer than everything that sending one message waits for. */
const leaseSeconds = 90;
const parkedMs = 3_600_000;
/** A worker that tries again does so well before this; it is for one that cannot. */
const retriedMs = 60_000;

/** The provider does not take messages now: the queue tries again, and at last keeps the job among the failed. */
export class ProviderAway extends Error {
  readonly isTransient = true;

  constructor(reason: string) {
    super(`a message was not taken: ${reason}`);
    this.name = 'ProviderAway';
  }
}

/** Sends one message, if it may be sent and when it may be. */
export async function sendMessage(
  { messageId, ...shop }: JobData<'send-message'>,
  services: JobServices,
  isLastAttempt: boolean,
): Promise<void> {
  const { admin } = services.core(shop.merchantId);
  const { message } = await admin.claimMessage({ messageId, leaseSeconds });
  if (message === undefined) return;
  const sending: Sending = { shop, services, message, isLastAttempt };
  let destination: Destination;
  try {
    destination = await readDestination(shop, message, services);
  } catch (error) {
    // Shopify knows whom to ask, and is away.
    await postpone(sending, { status: 'away', reason: 'provider_away' });
    throw error;
  }
  if ('obstacle' in destination) return settle(sending, destination.obstacle);
  await sendTo(sending, destination.to);
}

interface Sending {
  readonly shop: ShopReference;
  readonly services: JobServices;
  readonly message: OutgoingMessage;
  readonly isLastAttempt: boolean;
}

async function sendTo(
  sending: Sending,
  to: Extract<Destination, { to: unknown }>['to'],
): Promise<void> {
  const { services, message, isLastAttempt, shop } = sending;
  const carriers = carriersOf(message, services.messaging, isLastAttempt);
  let result: SendResult = { status: 'away', reason: 'provider_away' };
  for (const carrier of carriers) {
    const answer = await deliver(shop, message, carrier, to, services);
    // Unsubscribed at the last moment, or another worker has it now.
    if (answer === 'stopped') return;
    result = answer;
    if (result.status === 'sent') return sent(sending, carrier, result.providerMessageId);
    // Someone else carries only what was surely not taken.
    if (result.status !== 'away') break;
  }
  log().info(
    {
      messageId: message.messageId,
      type: message.type,
      result: result.status,
      reason: reasonOf(result),
    },
    'A message was not taken',
  );
  if (result.status !== 'away')
    return settle(sending, {
      status: result.status === 'refused' ? 'failed' : 'unconfirmed',
      reason: reasonOf(result),
      suppress: result.status === 'refused' && result.suppress,
    });
  await postpone(sending, result);
  throw new ProviderAway(result.reason);
}

async function sent(sending: Sending, carrier: Carrier, providerMessageId: string): Promise<void> {
  await settle(sending, { status: 'sent', reason: '', providerMessageId });
  reportSent(sending.services.messaging.analytics(), sending.shop, sending.message, carrier);
}

/** For the next try; after the last one, parked for an hour or as long as the provider asks for. */
async function postpone(
  sending: Sending,
  { reason, retryAfterMs = 0 }: Extract<SendResult, { status: 'away' }>,
): Promise<void> {
  const isOver = sending.isLastAttempt;
  await settle(sending, {
    status: isOver ? 'parked' : 'queued',
    reason,
    retryInMs: Math.max(isOver ? parkedMs : retriedMs, retryAfterMs),
  });
}

async function settle(
  { services, shop, message }: Sending,
  { status, reason, providerMessageId = '', retryInMs, suppress = false }: Settlement,
): Promise<void> {
  await services.core(shop.merchantId).admin.settleMessage({
    messageId: message.messageId,
    leaseId: message.leaseId,
    status,
    reason,
    providerMessageId,
    retryAt: retryInMs === undefined ? '' : new Date(services.now() + retryInMs).toISOString(),
    suppress,
  });
}

const reasonOf = (result: SendResult): MessageReason | '' =>
  'reason' in result ? result.reason : '';
