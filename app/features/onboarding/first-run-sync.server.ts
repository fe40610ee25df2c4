import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Sync } from '#proto/admin/v1/admin.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { readBulkOperation, runBulkQuery } from '../../shopify/admin/bulk-operations.ts';
import {
  allCustomersQuery,
  bulkCustomer,
  marketingOf,
  toIdentity,
} from '../../shopify/admin/customers.ts';
import { allOrdersQuery, bulkOrder, toOrder } from '../../shopify/admin/orders.ts';
import { mapConcurrently } from '../../jobs/map-concurrently.ts';

export interface SyncServices {
  readonly core: Pick<CoreClients, 'admin' | 'points'>;
  readonly shopify: AdminClient;
  /** Fetches the file of a finished bulk operation. */
  readonly download: (url: string) => Promise<Response>;
}

export type SyncStep = 'done' | 'wait' | 'again';

const customersPerCall = 250;
const ordersAtOnce = 10;
const ordersPerProgress = 250;

/**
 * Takes the shop's existing customers and orders in: one bulk operation after the other, each read line by line. Every
 * call does what comes next and says whether to come back: `wait` while Shopify works, `again` for the next phase.
 * Where the sync stands is core's to know, so a crash, a lost webhook or another machine changes nothing; lines that
 * come twice are the same facts.
 */
export async function continueFirstRunSync(services: SyncServices): Promise<SyncStep> {
  const { sync } = await services.core.admin.getSync({});
  if (
    sync === undefined ||
    sync.status === 'completed' ||
    sync.status === 'failed' ||
    sync.phase === 'done'
  )
    return 'done';
  if (sync.shopifyOperationId === '') {
    await startOperation(sync, services);
    return 'wait';
  }
  const { bulkOperation } = await services.shopify.request(readBulkOperation, {
    id: sync.shopifyOperationId,
  });
  switch (bulkOperation?.status) {
    case 'CREATED':
    case 'RUNNING':
    case 'CANCELING':
      await update(services, sync, totals(sync, bulkOperation.objectCount));
      return 'wait';
    case 'COMPLETED':
      return takeIn(sync, bulkOperation, services);
    case 'FAILED':
      return fail(
        services,
        sync,
        `Shopify could not read the ${sync.phase}: ${bulkOperation.errorCode ?? 'unknown'}`,
      );
    default:
      // Cancelled, or its file of seven days has expired: asked for anew.
      await update(services, sync, { shopifyOperationId: '' });
      return 'again';
  }
}

async function startOperation(sync: Sync, services: SyncServices): Promise<void> {
  const phase = sync.phase === 'orders' ? 'orders' : 'customers';
  const { bulkOperationRunQuery } = await services.shopify.request(runBulkQuery, {
    query: phase === 'orders' ? allOrdersQuery : allCustomersQuery,
  });
  const operation = bulkOperationRunQuery?.bulkOperation;
  if (operation === null || operation === undefined) {
    // Most often: another operation is under way, from before a crash. Trying again later finds room.
    throw new Error(
      bulkOperationRunQuery?.userErrors[0]?.message ?? 'Shopify started no bulk operation',
    );
  }
  await update(services, sync, { status: 'running', phase, shopifyOperationId: operation.id });
}

async function takeIn(
  sync: Sync,
  operation: { objectCount: number; url?: string | null | undefined },
  services: SyncServices,
): Promise<SyncStep> {
  const lines = operation.url ? jsonLines(await services.download(operation.url)) : [];
  if (sync.phase === 'customers') {
    const processed = await takeInCustomers(lines, operation.objectCount, sync, services);
    await update(services, sync, {
      phase: 'orders',
      shopifyOperationId: '',
      customersTotal: processed,
      customersProcessed: processed,
    });
    return 'again';
  }
  const processed = await takeInOrders(lines, operation.objectCount, sync, services);
  await update(services, sync, {
    status: 'completed',
    phase: 'done',
    shopifyOperationId: '',
    ordersTotal: processed,
    ordersProcessed: processed,
  });
  return 'done';
}

type Lines = AsyncIterable<unknown> | Iterable<unknown>;

async function takeInCustomers(
  lines: Lines,
  total: number,
  sync: Sync,
  services: SyncServices,
): Promise<number> {
  let processed = 0;
  for await (const batch of batchesOf(lines, customersPerCall)) {
    const customers = batch.map((line) => {
      const node = bulkCustomer.parse(line);
      return {
        customer: toIdentity(node),
        trigger: 'synced',
        updatedAt: new Date(node.updatedAt).toISOString(),
        deliveryId: '',
        marketing: marketingOf(node),
        tagsAdded: node.tags,
        tagsRemoved: [],
      };
    });
    await services.core.admin.upsertCustomers({ customers });
    processed += batch.length;
    await update(services, sync, {
      customersTotal: Math.max(total, processed),
      customersProcessed: processed,
    });
  }
  return processed;
}

async function takeInOrders(
  lines: Lines,
  total: number,
  sync: Sync,
  services: SyncServices,
): Promise<number> {
  let processed = 0;
  for await (const batch of batchesOf(lines, ordersPerProgress)) {
    await mapConcurrently(batch, ordersAtOnce, async (line) => {
      await services.core.points.recordOrder({
        order: toOrder(bulkOrder.parse(line)),
        trigger: 'synced',
        deliveryId: '',
      });
    });
    processed += batch.length;
    await update(services, sync, {
      ordersTotal: Math.max(total, processed),
      ordersProcessed: processed,
    });
  }
  return processed;
}

function totals(sync: Sync, objectCount: number): Partial<Sync> {
  return sync.phase === 'orders' ? { ordersTotal: objectCount } : { customersTotal: objectCount };
}

async function fail(services: SyncServices, sync: Sync, message: string): Promise<SyncStep> {
  await update(services, sync, {
    status: 'failed',
    problem: { code: 'unavailable', field: '', message },
  });
  return 'done';
}

/** Carries the change over to `sync` too, so that later updates of the same step build on it. */
async function update(services: SyncServices, sync: Sync, change: Partial<Sync>): Promise<void> {
  Object.assign(sync, change);
  await services.core.admin.updateSync({ sync });
}

async function* jsonLines(response: Response): AsyncIterable<unknown> {
  if (!response.ok || response.body === null)
    throw new Error(`Shopify answered ${response.status} for the file of a bulk operation`);
  const lines = createInterface({
    input: Readable.fromWeb(response.body as ReadableStream),
    crlfDelay: Infinity,
  });
  for await (const line of lines) if (line !== '') yield JSON.parse(line);
}

async function* batchesOf(lines: Lines, size: number): AsyncIterable<unknown[]> {
  let batch: unknown[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
