import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { TIPS } from '#vocabulary/shops.ts';

export const tipSchemas = {
  dismissTip: z.object({ tipId: z.enum(TIPS), undo: z.boolean() }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
