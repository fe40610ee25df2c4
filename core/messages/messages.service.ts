import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type {
  BeginSendingRequest,
  OutgoingMessage,
  ProviderAccess,
  QueueMessagesResponse,
} from '#proto/admin/v1/messages.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import { insertMessages, queuedByKey, readEvents, readSilenced } from './events.store.ts';
import { draftsOf } from './message-drafts.rules.ts';
import { carriersOf } from './carriers.ts';
import { channelOf, providerOf } from './message-settings.rules.ts';
import {
  claimDueMessages,
  findLogged,
  leaseMessage,
  markAsked,
  recordSubscription,
  settle,
  subscriptionOf,
} from './messages.store.ts';
import { toOutgoing } from './outgoing.ts';
import { obstacleOf, readRecipient, readStanding, type RecipientRow } from './recipient.store.ts';
import { readTemplate } from './templates.store.ts';
import { readMessageSettings, readProviders, usableOf } from './settings.store.ts';
import {
  MESSAGE_CHANNELS,
  MESSAGE_PROVIDERS,
  MESSAGE_REASONS,
  MESSAGE_STATUSES,
  type MessageReason,
} from '#vocabulary/messages.ts';

type Methods = AdminMethods<
  'queueMessages' | 'claimDueMessages' | 'claimMessage' | 'beginSending' | 'settleMessage'
>;

/** A queue that works has begun within this; later a sweep finds the message. */
const firstLookMs = 60_000;
/** After this no one wants to read it any more. */
const staleMs = 3 * 86_400_000;

export function messageMethods(deps: CoreDependencies): Methods {
  const { pool, clock } = deps;
  return {
    queueMessages: ({ eventIds }, context) =>
      asTenant(pool, context, (client, merchantId) =>
        queueMessages(client, merchantId, eventIds, clock()),
      ),

    claimDueMessages: ({ limit }) =>
      claimDueMessages(pool, clock(), limit).then((messages) => ({ messages })),

    claimMessage: ({ messageId, leaseSeconds }, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        message: await claim(client, deps, merchantId, messageId, leaseSeconds),
      })),

    beginSending: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        proceed: await begin(client, deps, merchantId, request),
      })),

    settleMessage: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const status = MESSAGE_STATUSES.find((one) => one === request.status);
        if (status === undefined) throw invalidInput('status', 'is not one of ours');
        const settled = await settle(
          client,
          merchantId,
          request,
          {
            status,
            reason: MESSAGE_REASONS.find((one) => one === request.reason) ?? null,
            providerMessageId: request.providerMessageId,
            retryAt: request.retryAt === '' ? null : new Date(request.retryAt),
          },
          clock(),
        );
        if (settled === undefined) await requireKnown(client, merchantId, request.messageId);
        if (request.suppress && settled?.customer_id)
          await recordSubscription(
            client,
            merchantId,
            settled.customer_id,
            subscriptionOf(settled.channel),
            'revoked',
          );
        return { settled: settled !== undefined };
      }),
  };
}

async function queueMessages(
  client: PoolClient,
  merchantId: string,
  eventIds: readonly string[],
  now: Date,
): Promise<QueueMessagesResponse> {
  const usable = usableOf(await readProviders(client, merchantId));
  if (usable.size === 0) return { messageIds: [], hasProvider: false };
  const settings = await readMessageSettings(client, merchantId);
  const silenced = await readSilenced(client, merchantId);
  const events = await readEvents(client, merchantId, eventIds);
  const drafts = events
    .flatMap((event) => draftsOf(event, now))
    .map((draft) => ({ ...draft, channel: channelOf(settings, draft.type) }))
    .filter(
      ({ type, channel }) =>
        !silenced.has(type) && providerOf(settings, channel, usable) !== undefined,
    );
  if (drafts.length === 0) return { messageIds: [], hasProvider: true };
  await insertMessages(client, merchantId, drafts, new Date(now.getTime() + firstLookMs));
  const keys = drafts.map(({ key }) => key);
  return { messageIds: await queuedByKey(client, merchantId, keys), hasProvider: true };
}

/** @returns whether the provider may be asked: the lease holds, and so does the member's consent */
async function begin(
  client: PoolClient,
  { clock, blindIndex }: Pick<CoreDependencies, 'clock' | 'blindIndex'>,
  merchantId: string,
  request: BeginSendingRequest,
): Promise<boolean> {
  const provider = MESSAGE_PROVIDERS.find((one) => one === request.provider);
  const channel = MESSAGE_CHANNELS.find((one) => one === request.channel);
  if (provider === undefined) throw invalidInput('provider', 'is not one of ours');
  if (channel === undefined) throw invalidInput('channel', 'is not one of ours');
  const standing = await readStanding(client, merchantId, request.messageId);
  if (standing === undefined) throw notFound('message_id');
  const obstacle = obstacleOf(standing, channel);
  const now = clock();
  const { phone } = request;
  const recipientHash = phone === '' ? null : blindIndex.phone(merchantId, phone);
  if (obstacle === null)
    return markAsked(client, merchantId, request, { provider, recipientHash }, now);
  await settle(client, merchantId, request, withheld(obstacle), now);
  return false;
}

/** @throws DomainError not_found for a message of no one, or of another shop */
async function requireKnown(
  client: PoolClient,
  merchantId: string,
  messageId: string,
): Promise<void> {
  if ((await findLogged(client, merchantId, messageId)) === undefined) throw notFound('message_id');
}

const withheld = (reason: MessageReason) => ({
  status: 'withheld' as const,
  reason,
  providerMessageId: '',
  retryAt: null,
});

async function claim(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  messageId: string,
  leaseSeconds: number,
): Promise<OutgoingMessage | undefined> {
  const now = deps.clock();
  const lease = { messageId, leaseId: randomUUID() };
  const until = new Date(now.getTime() + leaseSeconds * 1_000);
  if (!(await leaseMessage(client, merchantId, { ...lease, until }))) {
    await requireKnown(client, merchantId, messageId);
    return undefined;
  }
  const row = await readRecipient(client, merchantId, messageId);
  if (row === undefined) throw notFound('message_id');
  const settings = await readMessageSettings(client, merchantId);
  const rows = await readProviders(client, merchantId);
  const providers = carriersOf(deps.encryption, merchantId, row.channel, settings, rows);
  const silenced = await readSilenced(client, merchantId);
  const obstacle = whyNot(row, providers, silenced, now);
  if (obstacle !== null) {
    await settle(client, merchantId, lease, obstacle, now);
    return undefined;
  }
  const template = await readTemplate(client, merchantId, row.template_type);
  return toOutgoing(deps, merchantId, row, {
    leaseId: lease.leaseId,
    settings,
    providers,
    template,
  });
}

function whyNot(
  row: RecipientRow,
  providers: readonly ProviderAccess[],
  silenced: ReadonlySet<string>,
  now: Date,
) {
  const obstacle = obstacleOf(row, row.channel);
  if (obstacle !== null) return withheld(obstacle);
  if (silenced.has(row.template_type)) return withheld('switched_off');
  if (now.getTime() - row.created_at.getTime() > staleMs)
    return { ...withheld('too_late'), status: 'failed' as const };
  // Switched off or disconnected after it was queued: nothing goes out, and nothing waits for its return.
  return providers.length === 0 ? withheld('no_provider') : null;
}
