import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { page, shopDomain, text, uuid } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { ADMIN_ROLES, ADMIN_STATUSES, QUEUE_ACTS } from '#vocabulary/console.ts';
import { DELIVERY_TROUBLES } from '#vocabulary/deliveries.ts';

const sessionToken = text(200);
const password = text(1_000);
const code = text(64);
const role = z.enum(ADMIN_ROLES);

const usernamePattern = /^[a-z0-9][a-z0-9._-]{1,39}$/;
const username = z
  .string()
  .transform((value) => value.trim().toLowerCase())
  .pipe(z.string().regex(usernamePattern, 'must have 2 to 40 letters, digits, dots or dashes'));
const email = z
  .string()
  .max(320)
  .transform((value) => value.trim().toLowerCase())
  .pipe(z.email('must be an email address'));

export const adminAccountSchema = z.object({ username, email, role });

export const consoleSchemas: RequestSchemas<typeof AdminServiceDefinition> = {
  signInAdmin: z.object({ login: text(320), password, address: text(64) }),
  confirmAdminCode: z.object({ sessionToken, code }),
  getAdminSession: z.object({ sessionToken }),
  beginAdminEnrolment: z.object({ sessionToken }),
  confirmAdminEnrolment: z.object({ sessionToken, code }),
  changeAdminPassword: z.object({
    sessionToken,
    currentPassword: password,
    newPassword: password,
  }),
  replaceAdminAuthenticator: z.object({ sessionToken, password, code }),
  endAdminSession: z.object({ sessionToken, everywhere: z.boolean() }),
  createAdminUser: adminAccountSchema,
  updateAdminUser: z.object({ adminId: uuid, role, status: z.enum(ADMIN_STATUSES) }),
  resetAdminAccess: z.object({ adminId: uuid }),
  listPlatformDeliveries: z.object({
    status: z.enum(['', ...DELIVERY_TROUBLES]),
    topic: text(80),
    shopDomain: z.union([z.literal(''), shopDomain]),
    page,
  }),
  replayPlatformDeliveries: z.object({ deliveryIds: z.array(uuid).min(1).max(100) }),
  recordQueueAct: z.object({
    act: z.enum(QUEUE_ACTS),
    queue: z.string().regex(/^[a-z-]{1,40}$/, 'must be the name of a queue'),
    jobIds: z.array(text(200, 1)).min(1).max(500),
  }),
  listShopErasures: z.object({ page }),
  stopShopErasure: z.object({ erasureId: uuid, reason: text(300, 3) }),
  resumeShopErasure: z.object({ erasureId: uuid }),
};
