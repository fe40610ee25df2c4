import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { lockIdentities } from '../members/identities.store.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { notFound } from '../shared/errors.ts';
import { carryOut, digestOf, planErasure } from './erasure.ts';
import { lockGdprRequest } from './gdpr.store.ts';

type Methods = AdminMethods<'describeErasure' | 'repeatErasure'>;

/** Erasures as the journal outside of the database has them. */
export function erasureMethods(deps: CoreDependencies): Methods {
  const { pool } = deps;
  return {
    describeErasure: ({ requestId }, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const row = await lockGdprRequest(client, merchantId, requestId);
        if (row === undefined) throw notFound('request_id');
        if (row.request_type !== 'redact' || row.status === 'completed')
          return { entry: undefined, digest: '' };
        const entry = await planErasure(client, deps, merchantId, row);
        return { entry, digest: digestOf(entry) };
      }),

    repeatErasure: ({ entry }, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        if (entry?.merchantId !== merchantId) throw notFound('entry.merchant_id');
        await lockIdentities(client, merchantId);
        await carryOut(client, deps, entry);
        await writeAudit(client, merchantId, {
          actor: context.caller.actor,
          action: 'customer_redacted',
          targetTable: 'gdpr_requests',
          targetId: entry.erasedBy,
          metadata: { repeated: true },
        });
        return {};
      }),
  };
}
