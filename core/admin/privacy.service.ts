import type { PoolClient } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../server/context.ts';
import type { CoreDependencies } from '../server/dependencies.ts';
import { notFound } from '../server/errors.ts';
import { writeAudit } from './audit.store.ts';
import { personTokens } from './delivery-seal.ts';
import { openMember, tombstoneOf } from './customer-seal.ts';
import { readCustomer } from './customers.store.ts';
import type { CustomerRow } from './customers.store.ts';
import {
  completeGdprRequest,
  insertGdprRequest,
  listGdprRequests,
  lockGdprRequest,
  toGdprMessage,
} from './gdpr.store.ts';
import type { GdprRow } from './gdpr.store.ts';
import { readSettings } from './merchants.store.ts';
import { addOutboxEvents } from './outbox.store.ts';
import { readPersonalData } from './personal-data.store.ts';
import { eraseCustomer, eraseDeliveries, writeOffBalance } from './redaction.store.ts';
import type { AdminMethods } from './service.ts';

type Methods = AdminMethods<'submitGdprRequest' | 'processGdprRequest' | 'listGdprRequests'>;

export function privacyMethods(deps: CoreDependencies): Methods {
  const { pool, clock } = deps;
  return {
    submitGdprRequest: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { customerId, shopifyCustomerId, requestType, source } = request;
        const by = customerId !== '' ? { customerId } : { shopifyCustomerId };
        const customer = await readCustomer(client, merchantId, by);
        // Shopify may ask about people who never were members: their deliveries may still be in the inbox.
        if (customer === undefined && customerId !== '') throw notFound('customer_id');
        const row = await insertGdprRequest(client, merchantId, {
          requestType,
          source,
          customerId: customer?.customer_id ?? null,
          shopifyCustomerId: shopifyIdOf(customer) ?? shopifyCustomerId,
          idempotencyKey: request.idempotencyKey === '' ? null : request.idempotencyKey,
        });
        return { request: toGdprMessage(row) };
      }),

    processGdprRequest: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await lockGdprRequest(client, merchantId, request.requestId);
        if (row === undefined) throw notFound('request_id');
        const customer = await subjectOf(client, merchantId, row);
        let exportJson = '';
        if (row.request_type === 'data_request') {
          exportJson = await exportOf(client, deps, merchantId, customer);
        } else if (row.status !== 'completed') {
          await redact(client, deps, merchantId, row, customer);
        }
        const completed = await completeGdprRequest(client, merchantId, row.request_id, clock());
        if (row.status !== 'completed') {
          await writeAudit(client, merchantId, {
            actor: context.caller.actor,
            action: row.request_type === 'redact' ? 'customer_redacted' : 'customer_data_exported',
            targetTable: 'gdpr_requests',
            targetId: row.request_id,
          });
          await addOutboxEvents(client, merchantId, 'gdpr.ready', [
            { request_id: row.request_id, request_type: row.request_type },
          ]);
        }
        return { request: toGdprMessage(completed), exportJson };
      }),

    listGdprRequests: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const page = request.page ?? { pageSize: 50, cursor: '' };
        const { rows, nextCursor } = await listGdprRequests(client, tenantOf(context), page);
        return { requests: rows.map(toGdprMessage), page: { nextCursor, total: -1 } };
      }),
  };
}

/** Undefined for a member who was erased: a tombstone is no Shopify id. */
function shopifyIdOf(customer: CustomerRow | undefined): string | undefined {
  return customer?.redacted_at === null ? customer.shopify_customer_id : undefined;
}

/** The member a request is about, whether it named the member or Shopify's customer. */
async function subjectOf(
  client: PoolClient,
  merchantId: string,
  row: GdprRow,
): Promise<CustomerRow | undefined> {
  if (row.customer_id !== null)
    return readCustomer(client, merchantId, { customerId: row.customer_id });
  if (row.shopify_customer_id === null) return undefined;
  // They may have become a member since they asked.
  return readCustomer(client, merchantId, { shopifyCustomerId: row.shopify_customer_id });
}

async function exportOf(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  customer: CustomerRow | undefined,
): Promise<string> {
  const data =
    customer === undefined
      ? {}
      : await readPersonalData(client, deps.encryption, merchantId, customer.customer_id);
  return JSON.stringify({ exported_at: deps.clock().toISOString(), stored: data }, null, 2);
}

/**
 * Erases a person: what names them goes, what they earned and spent stays under our own id so that the shop's
 * figures still add up, and what they held is written off by an entry.
 */
async function redact(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  row: GdprRow,
  customer: CustomerRow | undefined,
): Promise<void> {
  const shop = await readSettings(client, merchantId);
  if (shop === undefined) throw notFound('merchant');
  const shopifyId = shopifyIdOf(customer) ?? row.shopify_customer_id;
  const email =
    customer === undefined
      ? ''
      : openMember(deps.encryption, merchantId, customer.customer_id, customer).email;
  const tokens = personTokens(
    deps.blindIndex,
    shop.shopify_domain,
    shopifyId === null ? [] : [shopifyId],
    email === '' ? [] : [email],
  );
  await eraseDeliveries(client, merchantId, tokens);
  if (customer === undefined || customer.redacted_at !== null || shopifyId === null) return;
  await writeOffBalance(client, merchantId, customer.customer_id);
  await eraseCustomer(
    client,
    merchantId,
    customer.customer_id,
    tombstoneOf(deps, merchantId, shopifyId),
  );
}
