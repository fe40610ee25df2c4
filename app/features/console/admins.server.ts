import { z } from 'zod';
import type { ConsoleRefusal, ConsoleRequest } from './console-request.server.ts';
import { ADMIN_ROLES, ADMIN_STATUSES } from '#vocabulary/console.ts';

const role = z.enum(ADMIN_ROLES);
const change = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('invite'), username: z.string(), email: z.string(), role }),
  z.object({
    intent: z.literal('update'),
    adminId: z.guid(),
    role,
    status: z.enum(ADMIN_STATUSES),
  }),
  z.object({ intent: z.literal('reset'), adminId: z.guid(), username: z.string() }),
]);
const invalid: ConsoleRefusal = { ok: false, code: 'invalid_input', field: '', detail: '' };

export async function loadAdmins({ core, csrf, admin }: ConsoleRequest) {
  const { admins } = await core.admin.listAdminUsers({});
  return { csrf, ownId: admin.adminId, admins };
}

export async function changeAdmins({ core }: ConsoleRequest, form: FormData) {
  const read = change.safeParse(Object.fromEntries(form));
  if (!read.success) return invalid;
  switch (read.data.intent) {
    case 'invite': {
      const { username, email } = read.data;
      const made = await core.admin.createAdminUser({ username, email, role: read.data.role });
      const name = made.admin?.username ?? username;
      return { ok: true as const, name, oneTimePassword: made.oneTimePassword };
    }
    case 'update': {
      const { adminId, status } = read.data;
      await core.admin.updateAdminUser({ adminId, role: read.data.role, status });
      return { ok: true as const, name: '', oneTimePassword: '' };
    }
    case 'reset': {
      const { adminId, username: name } = read.data;
      const { oneTimePassword } = await core.admin.resetAdminAccess({ adminId });
      return { ok: true as const, name, oneTimePassword };
    }
  }
}
