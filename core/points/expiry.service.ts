import type { PoolClient } from 'pg';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { isMember } from '../members/customers.store.ts';
import {
  expireDue,
  extendByEarning,
  extendLots,
  listExpiringMembers,
  listExtensions,
  monthOf,
  noticeHorizon,
  readExpiryMonths,
  readExpirySchedule,
  readExtension,
  undoExtension,
  writeNotices,
} from './expiry.store.ts';
import { readProgram } from '../program/program.store.ts';

type Methods = Pick<
  PointsServiceImplementation<CallerContext>,
  | 'expirePoints'
  | 'getExpirySchedule'
  | 'getExpiryForecast'
  | 'listExpiringMembers'
  | 'extendExpiry'
  | 'undoExpiryExtension'
  | 'notifyExpiring'
>;

const DEFAULT_NOTICES = 2_000;
const DEFAULT_MEMBERS = 500;

/** When points lapse: told ahead, extended by hand and by earning, and in the end written off. */
export function expiryMethods(
  deps: Pick<CoreDependencies, 'pool' | 'clock' | 'encryption' | 'logger'>,
): Methods {
  const { pool, clock, encryption } = deps;

  /** Nothing is told of or written off that an earning has kept alive. */
  const keepAlive = (merchantId: string, before: Date) =>
    withTenant(pool, merchantId, async (client) => {
      const { program } = await readProgram(client, merchantId);
      if (program.expiryMode === 'activity' && program.expiryDays > 0)
        await extendByEarning(client, merchantId, before, program.expiryDays);
    });

  return {
    async expirePoints(request, context) {
      const merchantId = tenantOf(context);
      const now = clock();
      // For all in one statement. Where that fails the ledger does the same for each member whose points are due.
      await keepAlive(merchantId, new Date(now.getTime() + 1)).catch((error: unknown) =>
        deps.logger.warn({ merchantId, err: error }, 'points are kept alive one by one'),
      );
      const { leftOut, ...expired } = await expireDue(
        pool,
        merchantId,
        now,
        request.limit || DEFAULT_MEMBERS,
      );
      for (const { customerId, code } of leftOut)
        deps.logger.error({ merchantId, customerId, code }, "a member's points did not expire");
      return expired;
    },

    getExpirySchedule: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { customerId } = request;
        await requireMember(client, merchantId, customerId);
        return readExpirySchedule(client, merchantId, customerId);
      }),

    getExpiryForecast: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        return {
          ...(await readExpiryMonths(client, merchantId)),
          extensions: await listExtensions(client, merchantId),
        };
      }),

    listExpiringMembers: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
        const question = { month: request.month, pageSize, cursor };
        const { members, nextCursor } = await listExpiringMembers(
          client,
          encryption,
          tenantOf(context),
          question,
        );
        return { members, page: { nextCursor, total: -1 } };
      }),

    extendExpiry: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const { customerId, days } = request;
        if (customerId !== '') await requireMember(client, merchantId, customerId);
        const { before } = await monthOf(client, merchantId, request.month);
        const extended = await extendLots(client, merchantId, {
          customerId,
          before,
          days,
          key: request.idempotencyKey,
          now: clock(),
          actor,
        });
        if (extended.extension_id === null) return { extension: undefined };
        if (extended.status === 'extended') {
          await writeAudit(client, merchantId, {
            actor,
            action: 'expiry_extended',
            targetTable: 'expiry_extensions',
            targetId: extended.extension_id,
            metadata: {
              days,
              lapsing_before: before.toISOString(),
              members: extended.members,
              points: extended.points,
              ...(customerId !== '' && { customer_id: customerId }),
            },
          });
        }
        return { extension: await readExtension(client, merchantId, extended.extension_id) };
      }),

    undoExpiryExtension: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const { extensionId } = request;
        const status = await undoExtension(client, merchantId, extensionId, clock(), actor);
        if (status === 'unknown') throw notFound('extension_id');
        if (status === 'undone') {
          await writeAudit(client, merchantId, {
            actor,
            action: 'expiry_extension_undone',
            targetTable: 'expiry_extensions',
            targetId: extensionId,
          });
        }
        return { extension: await readExtension(client, merchantId, extensionId) };
      }),

    async notifyExpiring(request, context) {
      const merchantId = tenantOf(context);
      const now = clock();
      const limit = request.limit || DEFAULT_NOTICES;
      await keepAlive(merchantId, noticeHorizon(now));
      const told = await withTenant(pool, merchantId, (client) =>
        writeNotices(client, merchantId, now, limit),
      );
      return { ...told, more: told.lots === limit };
    },
  };
}

async function requireMember(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<void> {
  if (!(await isMember(client, merchantId, customerId))) throw notFound('customer_id');
}
