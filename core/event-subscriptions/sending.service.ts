import type { PoolClient } from 'pg';
import type {
  OutgoingEvent,
  SettleEventDeliveryRequest,
} from '#proto/admin/v1/event_subscriptions.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { writeAudit } from '../shared/audit.store.ts';
import type { Encryption } from '../shared/encryption.ts';
import { notFound } from '../shared/errors.ts';
import { jsonObject, textOf } from '../shared/stored-json.rules.ts';
import { afterFailure, retryDelayMs } from './attempts.rules.ts';
import {
  beginAttempt,
  claimDeliveries,
  findDelivery,
  insertDeliveries,
  readAttempt,
  readPublicFacts,
  releaseLease,
  saveHealth,
  settleAttempt,
  type OpenedRow,
} from './deliveries.store.ts';
import { readShopFacts, readWantedEvents, secretsOf } from './endpoints.store.ts';
import { publicEventsOf } from './public-events.rules.ts';
import { DELIVERY_FAILURES } from '#vocabulary/public-events.ts';
import { LANGUAGES } from '#vocabulary/languages.ts';

type Methods = AdminMethods<
  'recordEvents' | 'claimEventDeliveries' | 'openEventDelivery' | 'settleEventDelivery'
>;

/** At once, of an endpoint that is well. */
const perEndpoint = 4;

/** Events from the outbox to the answer of an endpoint. */
export function eventSendingMethods({
  pool,
  encryption,
  clock,
}: Pick<CoreDependencies, 'pool' | 'encryption' | 'clock'>): Methods {
  return {
    recordEvents: ({ eventIds }, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        hasEndpoint: await record(client, merchantId, eventIds, clock()),
      })),

    claimEventDeliveries: async ({ limit, leaseSeconds }) => {
      const now = clock();
      const until = new Date(now.getTime() + leaseSeconds * 1_000);
      return { deliveries: await claimDeliveries(pool, { now, until, limit, perEndpoint }) };
    },

    openEventDelivery: (lease, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const row = await beginAttempt(client, merchantId, lease, clock());
        if (row !== undefined) return { event: toOutgoing(encryption, merchantId, row, clock()) };
        await requireKnown(client, merchantId, lease.eventDeliveryId);
        await releaseLease(client, merchantId, lease);
        return {};
      }),

    settleEventDelivery: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const row = await readAttempt(client, merchantId, request);
        if (row === undefined) {
          await requireKnown(client, merchantId, request.eventDeliveryId);
          return { settled: false };
        }
        await settle(client, merchantId, row, request, clock());
        return { settled: true };
      }),
  };
}

/** @returns whether any endpoint is told anything */
async function record(
  client: PoolClient,
  merchantId: string,
  eventIds: readonly string[],
  now: Date,
): Promise<boolean> {
  const wanted = await readWantedEvents(client, merchantId);
  if (wanted.size === 0) return false;
  const { shopDomain, language } = await readShopFacts(client, merchantId);
  const asked = textOf(jsonObject(language)['default']);
  const shop = {
    merchantId,
    shopDomain,
    language: LANGUAGES.find((one) => one === asked) ?? 'en',
  };
  const facts = await readPublicFacts(client, merchantId, eventIds);
  const drafts = facts
    .flatMap((one) => publicEventsOf(one, shop))
    .filter(({ type }) => wanted.has(type));
  if (drafts.length > 0) await insertDeliveries(client, merchantId, drafts, now);
  return true;
}

function toOutgoing(
  encryption: Encryption,
  merchantId: string,
  row: OpenedRow,
  now: Date,
): OutgoingEvent {
  return {
    kind: row.kind,
    type: row.event_type,
    url: row.url ?? '',
    secrets: secretsOf(encryption, merchantId, row, now),
    body: row.body,
    isTest: row.is_test,
  };
}

async function settle(
  client: PoolClient,
  merchantId: string,
  row: OpenedRow,
  request: SettleEventDeliveryRequest,
  now: Date,
): Promise<void> {
  const failure = DELIVERY_FAILURES.find((one) => one === request.failure) ?? null;
  const delayMs =
    failure === null
      ? null
      : retryDelayMs({
          kind: row.kind,
          isTest: row.is_test,
          attempts: row.attempts,
          failure,
          retryAfterMs: request.retryAfterSeconds * 1_000,
          chance: Math.random(),
        });
  await settleAttempt(
    client,
    merchantId,
    request.eventDeliveryId,
    {
      status: failure === null ? 'delivered' : delayMs === null ? 'failed' : 'queued',
      retryAt: delayMs === null ? null : new Date(now.getTime() + delayMs),
      failure,
      answerStatus: request.answerStatus === 0 ? null : request.answerStatus,
      answerExcerpt: request.answerExcerpt,
      durationMs: request.durationMs,
    },
    now,
  );
  if (failure === null) {
    const well = { failures: 0, failingSince: null, restUntil: null, disabledReason: null };
    return saveHealth(client, merchantId, row.endpoint_id, well, now);
  }
  // A test is to find out whether an endpoint is there; that it is not yet is no reason to rest.
  if (row.is_test) return;
  const health = afterFailure(
    { failures: row.failures, failingSince: row.failing_since },
    { kind: row.kind, failure },
    now,
  );
  const isDisabledNow = health.disabledReason !== null && row.endpoint_status === 'active';
  await saveHealth(
    client,
    merchantId,
    row.endpoint_id,
    isDisabledNow ? health : { ...health, disabledReason: null },
    null,
  );
  if (isDisabledNow)
    await writeAudit(client, merchantId, {
      actor: 'system',
      action: 'event_endpoint_disabled',
      targetTable: 'event_endpoints',
      targetId: row.endpoint_id,
      severity: 'warning',
      metadata: { reason: health.disabledReason },
    });
}

/** @throws DomainError not_found for an event of no one, or of another shop */
async function requireKnown(
  client: PoolClient,
  merchantId: string,
  eventDeliveryId: string,
): Promise<void> {
  if ((await findDelivery(client, merchantId, eventDeliveryId)) === undefined)
    throw notFound('event_delivery_id');
}
