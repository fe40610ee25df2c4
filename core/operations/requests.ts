import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { text } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';

export const operationSchemas = {
  claimOutboxEvents: z.object({
    limit: z.number().int().min(1).max(1_000),
    leaseSeconds: z.number().int().min(1).max(3_600),
  }),
  deleteExpired: z.object({ limit: z.number().int().min(1).max(10_000) }),
  acknowledgeOutboxEvents: z.object({
    eventIds: z.array(z.string().regex(/^\d{1,18}$/, 'must be the id of an event')).max(1_000),
  }),
  reencryptValues: z.object({ cursor: text(500), limit: z.number().int().min(1).max(2_000) }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
