import type { PoolClient } from 'pg';
import type { UpsertCustomerRequest } from '#proto/admin/v1/admin.ts';
import type { Problem } from '#proto/common/v1/common.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { readBalance } from '../ledger/index.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { domainErrorOf, invalidInput, notFound } from '../shared/errors.ts';
import { parseRequest } from '../call/validation.ts';
import { searchCustomers } from '../members/customer-search.store.ts';
import { readCustomer, readEntriesById, toCustomerMessage } from '../members/customers.store.ts';
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

export function customerMethods(deps: CoreDependencies): Methods {
  const { pool, encryption, blindIndex } = deps;
  return {
    upsertCustomer: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const [outcome] = await upsertCustomers(client, deps, merchantId, [request]);
        if (outcome === undefined) throw new Error('an upsert had no outcome');
        const { customerId, status, reason, transactionId } = outcome;
        const entries =
          transactionId === undefined
            ? []
            : await readEntriesById(client, merchantId, [transactionId]);
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
      }),

    async upsertCustomers(request, context) {
      const { customers } = request;
      if (customers.length > maxCustomers)
        throw invalidInput('customers', `must have at most ${maxCustomers} items`);
      const problems = customers.map(problemOf);
      // Of a customer told twice, the later telling is the newer one.
      const distinct = new Map<string, UpsertCustomerRequest>();
      for (const [index, item] of customers.entries()) {
        if (problems[index]?.code === '')
          distinct.set(item.customer?.shopifyCustomerId ?? '', item);
      }
      const outcomes = await withTenant(pool, tenantOf(context), (client) =>
        upsertCustomers(client, deps, tenantOf(context), [...distinct.values()]),
      );
      const count = (status: string) =>
        outcomes.filter((outcome) => outcome.status === status).length;
      return { created: count('created'), updated: count('updated'), problems };
    },

    getCustomers: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const sort = (request.sort === '' ? 'newest' : request.sort) as CustomerSort;
        await requireTier(client, merchantId, request.vipTierId);
        const { rows, nextCursor, total } = await searchCustomers(
          client,
          blindIndex,
          merchantId,
          customerSearchOf(request.query),
          sort,
          request.page ?? { pageSize: 50, cursor: '' },
          { vipTierId: request.vipTierId, segmentId: request.segmentId },
        );
        return {
          customers: rows.map((row) => toCustomerMessage(encryption, merchantId, row)),
          page: { nextCursor, total },
        };
      }),

    getCustomer: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { customerId, shopifyCustomerId } = request;
        const by = customerId !== '' ? { customerId } : { shopifyCustomerId };
        const row = await readCustomer(client, merchantId, by);
        if (row === undefined)
          throw notFound(customerId !== '' ? 'customer_id' : 'shopify_customer_id');
        const balance = await readBalance(client, merchantId, row.customer_id);
        return { customer: { ...toCustomerMessage(encryption, merchantId, row), balance } };
      }),

    mergeCustomers: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
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

async function requireTier(client: PoolClient, merchantId: string, tierId: string): Promise<void> {
  if (tierId === '') return;
  const { rowCount } = await client.query(
    'SELECT 1 FROM vip_tiers WHERE merchant_id = $1 AND tier_id = $2',
    [merchantId, tierId],
  );
  if (rowCount === 0) throw notFound('vip_tier_id');
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
