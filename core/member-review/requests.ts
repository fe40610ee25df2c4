import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import type { RequestSchemas } from '../call/validation.ts';

export const memberReviewSchemas = {
  reviewMembers: z.object({ limit: z.number().int().min(1).max(10_000) }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
