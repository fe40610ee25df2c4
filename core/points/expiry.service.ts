import type { Pool, PoolClient } from 'pg';
import type { ExpiryExtension, ExtendExpiryRequest } from '#proto/points/v1/expiry.ts';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { asTenant } from '../call/as-tenant.ts';
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

type Dependencies = Pick<CoreDependencies, 'pool' | 'clock' | 'encryption' | 'logger'>;

/** When points expire: announced ahead, extended by staff and by earning, and in the end written off. */
export function expiryMethods(deps: Dependencies): Methods {
  const { pool, clock, encryption } = deps;
  return {
    expirePoints: (request, context) =>
      expirePoints(deps, tenantOf(context), request.limit || DEFAULT_MEMBERS),

    getExpirySchedule: ({ customerId }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await requireMember(client, merchantId, customerId);
        return readExpirySchedule(client, merchantId, customerId);
      }),

    getExpiryForecast: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        ...(await readExpiryMonths(client, merchantId)),
        extensions: await listExtensions(client, merchantId),
      })),

    listExpiringMembers: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
        const question = { month: request.month, pageSize, cursor };
        const { members, nextCursor } = await listExpiringMembers(
          client,
          encryption,
          merchantId,
          question,
        );
        return { members, page: { nextCursor, total: -1 } };
      }),

    extendExpiry: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        extension: await extend(client, merchantId, context.caller.actor, request, clock()),
      })),

    undoExpiryExtension: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
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
      await keepAlive(pool, merchantId, noticeHorizon(now));
      const told = await withTenant(pool, merchantId, (client) =>
        writeNotices(client, merchantId, now, limit),
      );
      return { ...told, more: told.lots === limit };
    },
  };
}

/** Writes off what is due, of so many members. */
async function expirePoints(
  { pool, clock, logger }: Dependencies,
  merchantId: string,
  limit: number,
) {
  const now = clock();
  // For all in one statement. Where that fails the ledger does the same for each member whose points are due.
  await keepAlive(pool, merchantId, new Date(now.getTime() + 1)).catch((error: unknown) =>
    logger.warn({ merchantId, err: error }, 'points are kept alive one by one'),
  );
  const { leftOut, ...expired } = await expireDue(pool, merchantId, now, limit);
  for (const { customerId, code } of leftOut)
    logger.error({ merchantId, customerId, code }, "a member's points did not expire");
  return expired;
}

/** Nothing that earning has extended is announced or written off. */
const keepAlive = (pool: Pool, merchantId: string, before: Date): Promise<void> =>
  withTenant(pool, merchantId, async (client) => {
    const { program } = await readProgram(client, merchantId);
    if (program.expiryMode === 'activity' && program.expiryDays > 0)
      await extendByEarning(client, merchantId, before, program.expiryDays);
  });

/** Gives what expires in a month more days, of one member or of all. @returns undefined where nothing expires */
async function extend(
  client: PoolClient,
  merchantId: string,
  actor: string,
  { customerId, days, month, idempotencyKey: key }: ExtendExpiryRequest,
  now: Date,
): Promise<ExpiryExtension | undefined> {
  if (customerId !== '') await requireMember(client, merchantId, customerId);
  const { before } = await monthOf(client, merchantId, month);
  const extended = await extendLots(client, merchantId, {
    customerId,
    before,
    days,
    key,
    now,
    actor,
  });
  if (extended.extension_id === null) return undefined;
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
  return readExtension(client, merchantId, extended.extension_id);
}

async function requireMember(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<void> {
  if (!(await isMember(client, merchantId, customerId))) throw notFound('customer_id');
}
