import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import pMap from 'p-map';
import type { Sync, UpsertCustomerRequest } from '#proto/admin/v1/admin.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { readBulkOperation, runBulkQuery } from '../../shopify/admin/bulk-operations.ts';
import {
  allCustomersQuery,
  bulkCustomer,
  marketingOf,
  toIdentity,
  toTags,
} from '../../shopify/admin/customers.ts';
import { allOrdersQuery, bulkOrder } from '../../shopify/admin/order-documents.ts';
import { recordListedOrder } from '../../shopify/record-readings.ts';
import { coreErrorOf } from '../../core-client/errors.server.ts';
import { settingAside } from '../../shopify/set-aside.ts';
import type { SetAside } from '../../shopify/set-aside.ts';

export interface SyncServices {
  readonly core: Pick<CoreClients, 'admin' | 'points' | 'referrals'>;
  readonly shopify: AdminClient;
  /** Fetches the file of a finished bulk operation. */
  readonly download: (url: string) => Promise<Response>;
  readonly now: () => number;
  readonly merchantId: string;
}

export type SyncStep = 'done' | 'wait' | 'again';

const customersPerCall = 250;
const ordersAtOnce = 10;
const ordersPerProgress = 250;

/** Of what was set aside so many are kept with their reasons, beside the numbers. */
const keptSetAside = 100;

/**
 * Imports the shop's existing customers and orders: one bulk operation after the other, each read line by line. What
 * core refuses, or what cannot be parsed, is set aside with its reason and blocks nothing else. Every call does the next step and returns whether to come back: `wait` while Shopify works, `again` for the next phase.
 * Core stores the sync's progress, so a crash, a lost webhook or another machine changes nothing; repeated
 * lines change nothing.
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
      // Cancelled, or its file expired after seven days: requested again.
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
  operation: FinishedOperation,
  services: SyncServices,
): Promise<SyncStep> {
  const lines = operation.url
    ? jsonLines(await services.download(operation.url), operation.rootObjectCount)
    : [];
  if (sync.phase === 'customers') {
    const processed = await takeInCustomers(lines, operation, sync, services);
    await update(services, sync, {
      phase: 'orders',
      shopifyOperationId: '',
      customersTotal: processed,
      customersProcessed: processed,
    });
    return 'again';
  }
  const processed = await takeInOrders(lines, operation, sync, services);
  await update(services, sync, {
    status: 'completed',
    phase: 'done',
    shopifyOperationId: '',
    ordersTotal: processed,
    ordersProcessed: processed,
  });
  return 'done';
}

interface FinishedOperation {
  readonly createdAt: string;
  readonly objectCount: number;
  readonly rootObjectCount: number;
  readonly url?: string | null | undefined;
}

/** A line that is no JSON is one item that cannot be read. */
type Lines = AsyncIterable<string> | Iterable<string>;

/** Resets this phase's count of items set aside: a resumed sync reads its file from the beginning. */
function collecting(sync: Sync, kind: SetAside['kind'], services: SyncServices) {
  const items: SetAside[] = sync.setAside
    .filter((item) => item.kind !== kind)
    .map((item) => ({ ...item, kind: kind === 'order' ? 'customer' : 'order' }));
  const seen = new Set<string>();
  let nameless = 0;
  const attempt = settingAside(services.merchantId, (item) => {
    if (item.shopifyId === '') nameless += 1;
    else if (seen.has(item.shopifyId)) return;
    else seen.add(item.shopifyId);
    if (items.length < keptSetAside) items.push(item);
  });
  const change = (): Partial<Sync> => ({
    setAside: items,
    [kind === 'order' ? 'ordersSetAside' : 'customersSetAside']: seen.size + nameless,
  });
  return { attempt, change };
}

const gidIn = (line: string): string => /"id":"(gid:[^"]{1,80})"/.exec(line)?.[1] ?? '';

async function takeInCustomers(
  lines: Lines,
  operation: FinishedOperation,
  sync: Sync,
  services: SyncServices,
): Promise<number> {
  const { admin } = services.core;
  const aside = collecting(sync, 'customer', services);
  let processed = 0;
  for await (const batch of batchesOf(lines, customersPerCall)) {
    const customers: UpsertCustomerRequest[] = [];
    for (const line of batch)
      await aside.attempt({ kind: 'customer', id: gidIn(line) }, () =>
        Promise.resolve(void customers.push(toCustomer(line))),
      );
    const { problems } = await admin.upsertCustomers({ customers });
    for (const [index, problem] of problems.entries())
      if (problem.code !== '')
        await aside.attempt(
          { kind: 'customer', id: customers[index]?.customer?.shopifyCustomerId ?? '' },
          () => Promise.reject(coreErrorOf(problem)),
        );
    processed += batch.length;
    await update(services, sync, {
      customersTotal: Math.max(operation.objectCount, processed),
      customersProcessed: processed,
      ...aside.change(),
    });
  }
  return processed;
}

function toCustomer(line: string): UpsertCustomerRequest {
  const node = bulkCustomer.parse(parsed(line));
  return {
    customer: toIdentity(node),
    trigger: 'synced',
    updatedAt: new Date(node.updatedAt).toISOString(),
    deliveryId: '',
    marketing: marketingOf(node),
    tagsAdded: toTags(node.tags),
    company: (node.companyContactProfiles ?? []).length > 0 ? 'yes' : 'no',
    tagsRemoved: [],
  };
}

async function takeInOrders(
  lines: Lines,
  operation: FinishedOperation,
  sync: Sync,
  services: SyncServices,
): Promise<number> {
  const aside = collecting(sync, 'order', services);
  const askedAt = new Date(operation.createdAt).toISOString();
  let processed = 0;
  for await (const batch of batchesOf(lines, ordersPerProgress)) {
    await pMap(
      batch,
      (line) =>
        aside.attempt({ kind: 'order', id: gidIn(line) }, () =>
          recordListedOrder(bulkOrder.parse(parsed(line)), {
            points: services.core.points,
            referrals: services.core.referrals,
            shopify: services.shopify,
            trigger: 'synced',
            askedAt,
            // What was bought before the program earns nothing, whatever it was.
            lines: 'none',
            now: services.now,
          }),
        ),
      { concurrency: ordersAtOnce },
    );
    processed += batch.length;
    await update(services, sync, {
      ordersTotal: Math.max(operation.objectCount, processed),
      ordersProcessed: processed,
      ...aside.change(),
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

/** @throws RangeError for what is no JSON */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RangeError('not JSON');
  }
}

/** The lines of a finished operation's file; one that ends before its time is no file at all, and is read again. */
async function* jsonLines(response: Response, expected: number): AsyncIterable<string> {
  if (!response.ok || response.body === null)
    throw new Error(`Shopify answered ${response.status} for the file of a bulk operation`);
  const lines = createInterface({
    input: Readable.fromWeb(response.body as ReadableStream),
    crlfDelay: Infinity,
  });
  let count = 0;
  let last = '';
  for await (const line of lines) {
    if (line === '') continue;
    // The last line is only known to be one when another follows, or when it is whole.
    if (last !== '') yield last;
    last = line;
    count += 1;
  }
  if (count < expected || (last !== '' && !last.endsWith('}')))
    throw new Error(`the file of a bulk operation broke off after ${count} of ${expected} lines`);
  if (last !== '') yield last;
}

async function* batchesOf(lines: Lines, size: number): AsyncIterable<string[]> {
  let batch: string[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
