import type { PoolClient } from 'pg';
import type { ErasureEntry } from '#proto/admin/v1/erasure.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { lockIdentities } from '../members/identities.store.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { personTokens } from '../inbox/delivery-encryption.ts';
import { carryOut, digestOf, forgetIfErased, planErasure, subjectsOf } from './erasure.ts';
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
import { readPersons } from './redaction.store.ts';
import type { PersonRow } from './redaction.store.ts';
import type { AdminMethods } from '../call/methods.ts';

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
        const [customer] = await readPersons(client, merchantId, by);
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
        const { exportJson, isErased } = await fulfil(
          client,
          deps,
          merchantId,
          row,
          request.entryDigest,
        );
        const completed = await completeGdprRequest(client, merchantId, row.request_id, {
          at: clock(),
          isErased,
        });
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
function shopifyIdOf(customer: PersonRow | undefined): string | undefined {
  return customer?.redacted_at === null ? customer.shopify_customer_id : undefined;
}

/** @returns the export of a request for data, and whether the person is erased now */
async function fulfil(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  row: GdprRow,
  entryDigest: string,
): Promise<{ readonly exportJson: string; readonly isErased: boolean }> {
  if (row.request_type === 'data_request') {
    const [customer] = await subjectsOf(client, merchantId, row);
    return {
      exportJson: await exportOf(client, deps, merchantId, customer),
      isErased: await forgetIfErased(client, deps, merchantId, row),
    };
  }
  if (row.status !== 'completed') {
    const entry = await planErasure(client, deps, merchantId, row);
    requireDigest(entryDigest, entry);
    await carryOut(client, deps, entry);
  }
  return { exportJson: '', isErased: true };
}

async function exportOf(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  customer: PersonRow | undefined,
): Promise<string> {
  const data =
    customer === undefined
      ? {}
      : await readPersonalData(client, deps.encryption, merchantId, customer.customer_id);
  return JSON.stringify({ exported_at: deps.clock().toISOString(), stored: data }, null, 2);
}

/** @throws DomainError when what was written down outside is not what would be erased */
function requireDigest(digest: string, entry: ErasureEntry): void {
  if (digest !== '' && digest !== digestOf(entry))
    throw new DomainError('contention', {
      message: 'the person is another than was written down: they were merged meanwhile',
    });
}
