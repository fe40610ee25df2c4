import type { PoolClient } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';
import { closeMembers, lockIdentities } from '../members/identities.store.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { decryptPayload, personTokens } from '../inbox/delivery-encryption.ts';
import { decryptMember, tombstoneOf } from '../members/customer-encryption.ts';
import { lockCustomersById, readCustomer } from '../members/customers.store.ts';
import type { CustomerRow } from '../members/customers.store.ts';
import {
  claimOpenPrivacyRequests,
  completeGdprRequest,
  insertGdprRequest,
  listGdprRequests,
  lockGdprRequest,
  toGdprMessage,
} from './gdpr.store.ts';
import type { GdprRow } from './gdpr.store.ts';
import { readSettings } from '../merchants/merchants.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { readPersonalData } from './personal-data.store.ts';
import { personsIn } from '../inbox/persons.rules.ts';
import {
  eraseCustomer,
  eraseDeliveries,
  eraseOrders,
  readMergedInto,
  readOrderDeliveries,
  setTombstones,
  writeOffBalance,
} from './redaction.store.ts';
import type { AdminMethods } from '../call/methods.ts';
import { makeUnknownMember } from '../members/unknown-member.ts';

type Methods = AdminMethods<
  'submitGdprRequest' | 'processGdprRequest' | 'listGdprRequests' | 'claimOpenPrivacyRequests'
>;

export function privacyMethods(deps: CoreDependencies): Methods {
  const { pool, clock } = deps;
  return {
    async claimOpenPrivacyRequests({ olderThanSeconds, limit }) {
      return { requests: await claimOpenPrivacyRequests(pool, olderThanSeconds, limit) };
    },

    submitGdprRequest: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { customerId, shopifyCustomerId, requestType, source, orderIds } = request;
        const by = customerId !== '' ? { customerId } : { shopifyCustomerId };
        const customer = await readCustomer(client, merchantId, by);
        const shop = await readSettings(client, merchantId);
        if (shop === undefined) throw notFound('merchant');
        // Shopify may ask about people who never were members: their deliveries may still be in the inbox.
        if (customer === undefined && customerId !== '') throw notFound('customer_id');
        const row = await insertGdprRequest(client, merchantId, {
          requestType,
          source,
          customerId: customer?.customer_id ?? null,
          shopifyCustomerId: shopifyIdOf(customer) ?? shopifyCustomerId,
          idempotencyKey: request.idempotencyKey === '' ? null : request.idempotencyKey,
          subjectTokens: personTokens(deps.blindIndex, shop.shopify_domain, {
            customerIds: [],
            emails: request.email === '' ? [] : [request.email],
            phones: request.phone === '' ? [] : [request.phone],
            orderIds,
          }),
          orderIds,
        });
        return { request: toGdprMessage(row) };
      }),

    processGdprRequest: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        await lockIdentities(client, merchantId);
        const row = await lockGdprRequest(client, merchantId, request.requestId);
        if (row === undefined) throw notFound('request_id');
        const customer = await subjectOf(client, merchantId, row);
        let exportJson = '';
        if (row.request_type === 'data_request') {
          exportJson = await exportOf(client, deps, merchantId, customer);
        } else if (row.status !== 'completed') {
          const subject = customer ?? (await knownForErasing(client, deps, merchantId, row));
          await redact(client, deps, merchantId, row, subject);
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

/**
 * A customer who is no member yet: they are made one to be erased, so that late updates about them are known to be of an
 * erased person. Undefined when the request names no one, or a person who was erased before.
 */
async function knownForErasing(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  row: GdprRow,
): Promise<CustomerRow | undefined> {
  const shopifyCustomerId = row.shopify_customer_id;
  if (shopifyCustomerId === null) return undefined;
  const tombstone = tombstoneOf(deps, merchantId, shopifyCustomerId);
  if (await readCustomer(client, merchantId, { shopifyCustomerId: tombstone })) return undefined;
  await makeUnknownMember(client, deps, merchantId, shopifyCustomerId);
  return readCustomer(client, merchantId, { shopifyCustomerId });
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
  const open = customer !== undefined && customer.redacted_at === null ? customer : undefined;
  const merged =
    open === undefined ? [] : await readMergedInto(client, merchantId, open.customer_id);
  const names = new Map(merged.map((one) => [one.customer_id, one.shopify_customer_id] as const));
  if (open !== undefined) names.set(open.customer_id, open.shopify_customer_id);
  const emails = [...merged, ...(open === undefined ? [] : [open])].flatMap((one) => {
    const { email } = decryptMember(deps.encryption, merchantId, one.customer_id, {
      email: one.email,
      first_name: null,
      last_name: null,
    });
    return email === '' ? [] : [email];
  });
  const told = row.shopify_customer_id === null ? [] : [row.shopify_customer_id];
  const noPersons = { customerIds: [], emails: [], phones: [], orderIds: [] };
  const tokens = [
    ...(row.subject_tokens ?? []).map((token) => Buffer.from(token, 'base64')),
    ...personTokens(deps.blindIndex, shop.shopify_domain, {
      ...noPersons,
      customerIds: [...names.values(), ...told],
      emails,
    }),
  ];
  // Other messages about those orders hold the person too, also where it does not name them.
  const orderIds = await orderIdsOf(client, deps, merchantId, tokens);
  await eraseDeliveries(client, merchantId, [
    ...tokens,
    ...personTokens(deps.blindIndex, shop.shopify_domain, { ...noPersons, orderIds }),
  ]);
  if (open !== undefined) {
    await lockCustomersById(client, merchantId, [...names.keys()]);
    await writeOffBalance(client, merchantId, open.customer_id);
    await eraseCustomer(
      client,
      merchantId,
      open.customer_id,
      tombstoneOf(deps, merchantId, open.shopify_customer_id),
    );
    const tombstones = new Map(
      [...names].map(([id, name]) => [id, tombstoneOf(deps, merchantId, name)] as const),
    );
    await setTombstones(client, merchantId, tombstones);
    await closeMembers(client, merchantId, [...names.keys()]);
  }
  await eraseOrders(client, merchantId, row.order_ids ?? [], orderIds);
}

/** The orders that deliveries with these people in them are about. */
async function orderIdsOf(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  tokens: readonly Buffer[],
): Promise<string[]> {
  const ids = new Set<string>();
  for (const row of await readOrderDeliveries(client, merchantId, tokens)) {
    const body = decryptPayload(deps.encryption, row.shop_domain, row.delivery_id, row.payload);
    for (const id of personsIn(row.topic, body.toString('utf8'))?.orderIds ?? []) ids.add(id);
  }
  return [...ids];
}
