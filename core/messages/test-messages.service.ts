import { randomUUID } from 'node:crypto';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import { carriersOf } from './carriers.ts';
import { findLogged } from './messages.store.ts';
import { readMessageSettings, readProviders } from './settings.store.ts';
import { countTestsSince, endTestMessage, insertTestMessage } from './test-messages.store.ts';
import {
  MESSAGE_CHANNELS,
  MESSAGE_PROVIDERS,
  MESSAGE_REASONS,
  MESSAGE_STATUSES,
  MESSAGE_TYPES,
} from '#vocabulary/messages.ts';

/** Of a shop: enough to write by, too few to be a way to write to others. */
const testsAnHour = 20;

/**
 * Messages that merchants send themselves to see how they arrive. The log knows that there was one, and not to whom:
 * the address is in the request of the page alone.
 */
export function testMessageMethods({
  pool,
  encryption,
  clock,
}: Pick<CoreDependencies, 'pool' | 'encryption' | 'clock'>): AdminMethods<
  'beginTestMessage' | 'recordTestMessage'
> {
  return {
    beginTestMessage: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const type = MESSAGE_TYPES.find((one) => one === request.type);
        const channel = MESSAGE_CHANNELS.find((one) => one === request.channel);
        if (type === undefined) throw invalidInput('type', 'is not one of ours');
        if (channel === undefined) throw invalidInput('channel', 'is not one of ours');
        // One at a time, so that no two are the last of the hour.
        await lockTenant(client, merchantId);
        const now = clock();
        const settings = await readMessageSettings(client, merchantId);
        const rows = await readProviders(client, merchantId);
        const providers = carriersOf(encryption, merchantId, channel, settings, rows);
        const lease = { messageId: randomUUID(), leaseId: randomUUID() };
        const { senderName, replyTo, fallback } = settings;
        if (providers.length > 0) {
          const hourAgo = new Date(now.getTime() - 3_600_000);
          if ((await countTestsSince(client, merchantId, hourAgo)) >= testsAnHour)
            throw new DomainError('rate_limited', {
              message: `a shop sends at most ${testsAnHour} tests an hour`,
            });
          await insertTestMessage(client, merchantId, { ...lease, type, channel, now });
        }
        return { ...lease, providers, senderName, replyTo, fallback };
      }),

    recordTestMessage: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const status = MESSAGE_STATUSES.find((one) => one === request.status);
        const provider = MESSAGE_PROVIDERS.find((one) => one === request.provider);
        if (status === undefined) throw invalidInput('status', 'is not one of ours');
        if (provider === undefined) throw invalidInput('provider', 'is not one of ours');
        const recorded = await endTestMessage(client, merchantId, request, {
          status,
          provider,
          reason: MESSAGE_REASONS.find((one) => one === request.reason) ?? null,
          providerMessageId: request.providerMessageId,
          now: clock(),
        });
        if (!recorded && (await findLogged(client, merchantId, request.messageId)) === undefined)
          throw notFound('message_id');
        return { recorded };
      }),
  };
}
