import { randomUUID } from 'node:crypto';
import type { LoggedEventDelivery } from '#proto/admin/v1/event_subscriptions.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import {
  findDelivery,
  insertTest,
  listDeliveries,
  replayDeliveries,
  sendNow,
  type LoggedRow,
} from './deliveries.store.ts';
import { requireEndpoint, toMessage } from './endpoints.service.ts';
import { readShopFacts } from './endpoints.store.ts';
import { testEvent } from './public-events.rules.ts';
import { PUBLIC_EVENTS } from '#vocabulary/public-events.ts';

type Methods = AdminMethods<
  'sendTestEvent' | 'listEventDeliveries' | 'retryEventDelivery' | 'replayEvents'
>;

/** What merchants see of events that were sent, and may have sent again. */
export function eventLogMethods({
  pool,
  clock,
}: Pick<CoreDependencies, 'pool' | 'clock'>): Methods {
  return {
    sendTestEvent: ({ endpointId, type }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const event = PUBLIC_EVENTS.find((one) => one === type);
        if (event === undefined) throw invalidInput('type', 'is not one of ours');
        const endpoint = await requireEndpoint(client, merchantId, endpointId);
        if (endpoint.kind !== 'webhook' || endpoint.status !== 'active')
          throw invalidInput('endpoint_id', 'takes no events now');
        const eventDeliveryId = randomUUID();
        const { shopDomain } = await readShopFacts(client, merchantId);
        const id = `evt_${eventDeliveryId.replaceAll('-', '')}`;
        const body = testEvent(event, { id, at: clock(), shopDomain });
        const draft = { eventDeliveryId, endpointId, type: event, body };
        await insertTest(client, merchantId, draft, clock());
        return { eventDeliveryId };
      }),

    listEventDeliveries: ({ endpointId, status, page }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const endpoint = await requireEndpoint(client, merchantId, endpointId);
        const { rows, nextCursor } = await listDeliveries(client, merchantId, {
          endpointId,
          status,
          pageSize: page?.pageSize ?? 50,
          cursor: page?.cursor ?? '',
        });
        return {
          endpoint: toMessage(endpoint),
          deliveries: rows.map(toLogged),
          page: { nextCursor, total: -1 },
        };
      }),

    retryEventDelivery: ({ eventDeliveryId, endpointId }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await requireEndpoint(client, merchantId, endpointId);
        const one = { eventDeliveryId, endpointId };
        if (!(await sendNow(client, merchantId, one, clock()))) throw notFound('event_delivery_id');
        const row = await findDelivery(client, merchantId, eventDeliveryId);
        if (row === undefined) throw notFound('event_delivery_id');
        return { delivery: toLogged(row) };
      }),

    replayEvents: ({ endpointId, since, onlyFailed }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await requireEndpoint(client, merchantId, endpointId);
        const range = { endpointId, since: new Date(since), onlyFailed };
        return { queued: await replayDeliveries(client, merchantId, range, clock()) };
      }),
  };
}

const toLogged = (row: LoggedRow): LoggedEventDelivery => ({
  eventDeliveryId: row.delivery_id,
  type: row.event_type,
  isTest: row.is_test,
  status: row.status,
  attempts: row.attempts,
  createdAt: row.created_at.toISOString(),
  attemptedAt: row.attempted_at?.toISOString() ?? '',
  nextAttemptAt: row.status === 'queued' ? (row.next_attempt_at?.toISOString() ?? '') : '',
  failure: row.failure ?? '',
  answerStatus: row.answer_status ?? 0,
  answerExcerpt: row.answer_excerpt ?? '',
  durationMs: row.duration_ms ?? 0,
  body: row.body,
  retryable: row.status !== 'sending',
});
