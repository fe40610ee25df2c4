import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type {
  Delivery,
  StoreDeliveryRequest,
  StoreDeliveryResponse,
} from '#proto/admin/v1/admin.ts';
import { contentionBackoff } from '../database/tenant-transaction.ts';
import { GroupCommit } from '../ledger/index.ts';
import { reasonOf } from '../shared/outcome-reason.rules.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { decryptPayload, encryptPayload, subjectTokensOf } from './delivery-encryption.ts';
import {
  claimStaleDeliveries,
  finishDeliveries,
  listDeliveries,
  readDeliveries,
  replayDeliveries,
  storeDeliveries,
  toDeliveryMessage,
} from './deliveries.store.ts';
import type { NewDelivery, StoredDelivery } from './deliveries.store.ts';
import { maxPayloadBytes } from './requests.ts';
import type { AdminMethods } from '../call/methods.ts';

type Methods = AdminMethods<
  | 'storeDelivery'
  | 'storeDeliveries'
  | 'getDeliveries'
  | 'finishDeliveries'
  | 'claimStaleDeliveries'
  | 'listDeliveries'
  | 'replayDeliveries'
>;

/** Contents in one answer of GetDeliveries; what does not fit is left out, and asked for again by its id. */
const maxAnswerBytes = 16 * 1_048_576;

/** The tenant was deleted after it was looked up, or another transaction changed what this waits for. */
const worthRepeating = new Set(['23503', '40001', '40P01']);

/**
 * Stores deliveries also while their shop is being erased: the next time the shop is unknown, and they are kept without
 * it, as those of any shop that is not installed. A repeated delivery can lose the line that it repeats in the same
 * way, and is then a new one.
 */
async function storeSettled(
  pool: Pool,
  deliveries: readonly NewDelivery[],
): Promise<StoredDelivery[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const stored = await storeDeliveries(pool, deliveries);
      if (stored.length === deliveries.length) return stored;
      if (!(await contentionBackoff(attempt)))
        throw new DomainError('contention', { message: 'the shop is being erased' });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!worthRepeating.has(code) || !(await contentionBackoff(attempt))) throw error;
    }
  }
}

type Dependencies = Pick<
  CoreDependencies,
  'pool' | 'encryption' | 'blindIndex' | 'logger' | 'onBatch' | 'onDrain'
>;

/** Deliveries of Shopify as they came: stored, read, settled and replayed. */
export function deliveryMethods(deps: Dependencies): Methods {
  const { pool } = deps;
  const inbox = openInbox(deps);
  const store = (request: StoreDeliveryRequest) => storeDelivery(deps, inbox, request);
  return {
    storeDelivery: store,

    async storeDeliveries(request) {
      return { stored: await Promise.all(request.deliveries.map(store)) };
    },

    async getDeliveries(request) {
      const rows = await readDeliveries(pool, request.deliveryIds);
      const opened = await Promise.all(fitting(rows).map((row) => open(deps, row)));
      return { deliveries: opened.filter((delivery) => delivery !== undefined) };
    },

    async finishDeliveries(request) {
      await finishDeliveries(
        pool,
        request.outcomes.map((outcome) => ({ ...outcome, reason: reasonOf(outcome.reason) })),
      );
      return {};
    },

    async claimStaleDeliveries(request) {
      return {
        deliveryIds: await claimStaleDeliveries(pool, request.limit, request.olderThanSeconds),
      };
    },

    listDeliveries: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
        const { status, topic } = request;
        const filter = { merchantId, status, topic, pageSize, cursor };
        const { rows, nextCursor } = await listDeliveries(client, filter);
        return {
          deliveries: rows.map((row) => toDeliveryMessage(row)),
          page: { nextCursor, total: -1 },
        };
      }),

    replayDeliveries: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const wanted = [...new Set(request.deliveryIds)];
        const { known, replayed } = await replayDeliveries(client, merchantId, wanted);
        if (known < wanted.length) throw notFound('delivery_ids');
        return { deliveryIds: replayed };
      }),
  };
}

type Inbox = GroupCommit<NewDelivery, StoredDelivery>;

/** Gathers what comes at the same time into one statement and one commit. */
function openInbox({ pool, onBatch, onDrain }: Dependencies): Inbox {
  // Bodies are kept in memory while they wait, hence the short queue: full, it answers RESOURCE_EXHAUSTED and
  // Shopify delivers again.
  const inbox: Inbox = new GroupCommit({
    execute: (deliveries) => storeSettled(pool, deliveries),
    tenantOf: (delivery) => delivery.shopDomain,
    maxBatch: 64,
    maxQueue: 1_000,
    onBatch: onBatch('inbox'),
  });
  onDrain(() => inbox.close());
  return inbox;
}

async function storeDelivery(
  { encryption, blindIndex }: Dependencies,
  inbox: Inbox,
  request: StoreDeliveryRequest,
): Promise<StoreDeliveryResponse> {
  const { shopDomain, topic, webhookId, eventId, apiVersion, triggeredAt, payload } = request;
  if (payload.length > maxPayloadBytes) {
    throw new DomainError('payload_too_large', {
      field: 'payload',
      message: `must have at most ${maxPayloadBytes} bytes`,
    });
  }
  const deliveryId = randomUUID();
  const stored = await inbox.submit({
    deliveryId,
    shopDomain,
    topic,
    webhookId,
    eventId,
    apiVersion,
    triggeredAt: triggeredAt === '' ? null : triggeredAt,
    payload: encryptPayload(encryption, shopDomain, deliveryId, payload),
    subjectTokens: subjectTokensOf(blindIndex, shopDomain, topic, payload),
  });
  return {
    deliveryId: stored.delivery_id,
    duplicate: stored.is_duplicate,
    merchantId: stored.merchant_id ?? '',
  };
}

type ReadDelivery = Awaited<ReturnType<typeof readDeliveries>>[number];

/** As many as one answer holds, at least one. */
function fitting(rows: readonly ReadDelivery[]): ReadDelivery[] {
  let bytes = 0;
  return rows.filter((row, index) => {
    bytes += row.payload?.length ?? 0;
    return index === 0 || bytes <= maxAnswerBytes;
  });
}

/** A body that cannot be decrypted fails that delivery only: it stays in the list as failed. */
async function open(
  { pool, encryption, logger }: Dependencies,
  row: ReadDelivery,
): Promise<Delivery | undefined> {
  try {
    const { shop_domain, delivery_id, payload } = row;
    return toDeliveryMessage(row, decryptPayload(encryption, shop_domain, delivery_id, payload));
  } catch (error) {
    logger.error({ deliveryId: row.delivery_id, err: error }, 'a delivery does not open');
    const problem = { code: 'internal', field: 'payload', message: 'the body does not open' };
    await finishDeliveries(pool, [
      { deliveryId: row.delivery_id, status: 'failed', reason: '', problem },
    ]);
    return undefined;
  }
}
