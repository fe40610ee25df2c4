import type { PoolClient } from 'pg';
import { onPlatform } from '../database/platform-transaction.ts';
import { adminOf, type CallerContext } from '../call/context.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { writePlatformAudit } from '../shared/audit.store.ts';
import type { AdminMethods } from '../call/methods.ts';
import { listAdmins, lockAdmin, lockAdmins, toAdminMessage, updateAdmin } from './admins.store.ts';
import { createAdmin, resetAccess } from './create-admin.ts';
import { endSessions } from './sessions.store.ts';
import { isRole } from './sign-in.rules.ts';
import type { ConsoleDependencies } from './admin-session.ts';

type Methods = AdminMethods<
  'listAdminUsers' | 'createAdminUser' | 'updateAdminUser' | 'resetAdminAccess'
>;

/** Who works on the platform, and what they may do. */
export function adminUserMethods(deps: ConsoleDependencies): Methods {
  const { pool, clock } = deps;

  /**
   * All admins, locked, with the one who calls: their token outlives their rights by minutes, and of two who remove each
   * other one must be left.
   */
  async function lockFor(client: PoolClient, context: CallerContext) {
    const admins = await lockAdmins(client, deps);
    const caller = admins.find((admin) => admin.adminId === adminOf(context));
    if (caller?.status !== 'active' || !caller.scopes.includes('admin:full_access'))
      throw new DomainError('forbidden', { message: 'the caller may not do this any more' });
    return { admins, callerId: caller.adminId };
  }

  async function reread(client: PoolClient, adminId: string) {
    const admin = await lockAdmin(client, deps, adminId);
    if (admin === undefined) throw notFound('admin_id');
    return toAdminMessage(admin);
  }

  return {
    async listAdminUsers() {
      return { admins: (await listAdmins(pool, deps)).map(toAdminMessage) };
    },

    createAdminUser: (request, context) =>
      onPlatform(pool, async (client) => {
        const { username, email, role } = request;
        if (!isRole(role)) throw invalidInput('role', 'is not a role');
        const { callerId } = await lockFor(client, context);
        const invitation = { username, email, role, by: callerId };
        const { adminId, oneTimePassword } = await createAdmin(client, deps, invitation, clock());
        return { admin: await reread(client, adminId), oneTimePassword };
      }),

    updateAdminUser: (request, context) =>
      onPlatform(pool, async (client) => {
        const { adminId, role, status } = request;
        if (!isRole(role)) throw invalidInput('role', 'is not a role');
        const { admins, callerId } = await lockFor(client, context);
        const known = admins.find((admin) => admin.adminId === adminId);
        if (known === undefined) throw notFound('admin_id');
        // No admin removes their own access, and at least one who can invite others is left.
        if (adminId === callerId)
          throw new DomainError('forbidden', { field: 'admin_id', message: 'is the caller' });
        const isUnchanged = known.role === role && known.status === status;
        if (isUnchanged) return { admin: toAdminMessage(known) };
        await updateAdmin(client, deps, adminId, { role, status });
        // Their permissions are read again with the next sign-in.
        await endSessions(client, adminId);
        await writePlatformAudit(client, callerId, {
          action: 'admin_user_updated',
          targetTable: 'admin_users',
          targetId: adminId,
          severity: 'warning',
          metadata: { from: { role: known.role, status: known.status }, to: { role, status } },
        });
        return { admin: await reread(client, adminId) };
      }),

    resetAdminAccess: (request, context) =>
      onPlatform(pool, async (client) => {
        const { adminId } = request;
        const { admins, callerId: by } = await lockFor(client, context);
        if (!admins.some((admin) => admin.adminId === adminId)) throw notFound('admin_id');
        if (adminId === by)
          throw new DomainError('forbidden', { field: 'admin_id', message: 'is the caller' });
        return { oneTimePassword: await resetAccess(client, deps, { adminId, by }, clock()) };
      }),
  };
}
