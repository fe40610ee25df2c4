import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { page, text, uuidOrEmpty } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { LOG_KINDS } from '#vocabulary/activity.ts';

const dayOrEmpty = z.union([z.literal(''), z.iso.date()]);

export const activitySchemas = {
  getLogs: z.object({
    page,
    action: text(64),
    kind: z.enum(['', ...LOG_KINDS]),
    customerId: uuidOrEmpty,
    query: text(320),
    fromDay: dayOrEmpty,
    toDay: dayOrEmpty,
  }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
