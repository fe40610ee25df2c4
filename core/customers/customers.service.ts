import type { PoolClient } from 'pg';
import type {
  GetCustomersRequest,
  GetCustomersResponse,
  UpsertCustomerRequest,
  UpsertCustomerResponse,
} from '#proto/admin/v1/admin.ts';
import type { Problem } from '#proto/common/v1/common.ts';
import { readBalance } from '../ledger/index.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { domainErrorOf, invalidInput, notFound } from '../shared/errors.ts';
import { parseRequest } from '../call/validation.ts';
import { searchCustomers } from '../members/customer-search.store.ts';
import { readCustomer, readEntriesById, toCustomerMessage } from '../members/customers.store.ts';
import { readParticipation } from '../members/participation.store.ts';
import { requireTiers } from '../members/known-tiers.store.ts';
import { finishDeliveries } from '../inbox/deliveries.store.ts';
import { mergeCustomers } from './merge-customers.ts';
import { upsertCustomer as upsertCustomerSchema } from './requests.ts';
import { customerSearchOf } from '../members/search.rules.ts';
import type { AdminMethods } from '../call/methods.ts';
import { upsertCustomers } from './upsert-customers.ts';
import type { CustomerSort } from '#vocabulary/customers.ts';

type Methods = AdminMethods<
  'upsertCustomer' | 'upsertCustomers' | 'getCustomers' | 'getCustomer' | 'mergeCustomers'
>;

/** Customers in one UpsertCustomers call. */
const maxCustomers = 500;
const noProblem: Problem = { code: '', field: '', message: '' };

/** Customers as Shopify reports them, and as the dashboard reads them. */
export function customerMethods(deps: CoreDependencies): Methods {
  const { pool, encryption } = deps;
  return {
    upsertCustomer: (request, context) =>
      asTenant(pool, context, (client, merchantId) => upsertOne(client, deps, merchantId, request)),

    async upsertCustomers({ customers }, context) {
      if (customers.length > maxCustomers)
        throw invalidInput('customers', `must have at most ${maxCustomers} items`);
      const problems = customers.map(problemOf);
      const sound = customers.filter((_, index) => problems[index]?.code === '');
      const outcomes = await asTenant(pool, context, (client, merchantId) =>
        upsertCustomers(client, deps, merchantId, newestOfEach(sound)),
      );
      const count = (status: string) =>
        outcomes.filter((outcome) => outcome.status === status).length;
      return { created: count('created'), updated: count('updated'), problems };
    },

    getCustomers: (request, context) =>
      asTenant(pool, context, (client, merchantId) => search(client, deps, merchantId, request)),

    getCustomer: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { customerId, shopifyCustomerId } = request;
        const by = customerId !== '' ? { customerId } : { shopifyCustomerId };
        const row = await readCustomer(client, merchantId, by);
        if (row === undefined)
          throw notFound(customerId !== '' ? 'customer_id' : 'shopify_customer_id');
        const balance = await readBalance(client, merchantId, row.customer_id);
        return { customer: { ...toCustomerMessage(encryption, merchantId, row), balance } };
      }),

    mergeCustomers: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { keptShopifyCustomerId, removedShopifyCustomerId, deliveryId } = request;
        const merged = await mergeCustomers(client, deps, merchantId, {
          keptShopifyCustomerId,
          removedShopifyCustomerId,
          actor: context.caller.actor,
        });
        if (deliveryId !== '') {
          await finishDeliveries(client, [
            { merchantId, deliveryId, status: 'processed', reason: 'customers_merged' },
          ]);
        }
        return merged;
      }),
  };
}

/** Records one customer, with the points that this gives, and finishes the delivery that reported it. */
async function upsertOne(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  request: UpsertCustomerRequest,
): Promise<UpsertCustomerResponse> {
  const [outcome] = await upsertCustomers(client, deps, merchantId, [request]);
  if (outcome === undefined) throw new Error('an upsert had no outcome');
  const { customerId, status, reason, transactionId } = outcome;
  const entries =
    transactionId === undefined ? [] : await readEntriesById(client, merchantId, [transactionId]);
  if (request.deliveryId !== '') {
    await finishDeliveries(client, [
      {
        merchantId,
        deliveryId: request.deliveryId,
        status: status === 'ignored' ? 'ignored' : 'processed',
        reason: entries.length > 0 ? '' : reason,
        points: entries.reduce((total, entry) => total + entry.points, 0),
      },
    ]);
  }
  return { customerId, status, reason, entries };
}

/** Of a customer reported twice, the later report is the newer one. */
function newestOfEach(customers: readonly UpsertCustomerRequest[]): UpsertCustomerRequest[] {
  return [
    ...new Map(customers.map((item) => [item.customer?.shopifyCustomerId ?? '', item])).values(),
  ];
}

async function search(
  client: PoolClient,
  { blindIndex, encryption }: CoreDependencies,
  merchantId: string,
  request: GetCustomersRequest,
): Promise<GetCustomersResponse> {
  const sort = (request.sort === '' ? 'newest' : request.sort) as CustomerSort;
  if (request.vipTierId !== '')
    await requireTiers(client, merchantId, [request.vipTierId], 'vip_tier_id');
  const { rows, nextCursor, total } = await searchCustomers(
    client,
    blindIndex,
    merchantId,
    customerSearchOf(request.query),
    sort,
    request.page ?? { pageSize: 50, cursor: '' },
    {
      vipTierId: request.vipTierId,
      segmentId: request.segmentId,
      excludedBy: request.excluded ? await readParticipation(client, merchantId) : undefined,
    },
  );
  return {
    customers: rows.map((row) => toCustomerMessage(encryption, merchantId, row)),
    page: { nextCursor, total },
  };
}

function problemOf(request: UpsertCustomerRequest): Problem {
  try {
    parseRequest(upsertCustomerSchema, request);
    return noProblem;
  } catch (error) {
    const known = domainErrorOf(error);
    if (known === undefined) throw error;
    return { code: known.code, field: known.field, message: known.message };
  }
}
